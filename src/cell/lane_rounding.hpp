// Rounding and saturation of many words at a time, for the fixed-point model.
#pragma once

#include <cstdint>

#include "base/instruction_set.hpp"
#include "fixed/lanes.hpp"

namespace erngen {

/// x[n] = saturate(round_shift(x[n], shift), width), n < count, each lane; how many were beyond the format.
/// required: |x| < 2^50, and |x| 2^-shift < 2^50 when shift < 0; width <= 50; `set` is one of instruction_sets().
std::int64_t round_and_saturate(Lanes* x, int count, int shift, int width, InstructionSet set);

}  // namespace erngen
