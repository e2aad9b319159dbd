// Vectors of integers for models that must be fast (exact_double.hpp).
#pragma once

namespace erngen {

/// Independent integers, held in double precision.
inline constexpr int lane_count = 4;
using Lanes = double __attribute__((vector_size(8 * lane_count)));
/// The same as integers.
using LaneIntegers = long long __attribute__((vector_size(8 * lane_count)));

}  // namespace erngen
