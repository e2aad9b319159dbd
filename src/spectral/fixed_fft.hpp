// The bit-exact integer transforms of docs/reference/arithmetic.md: what ern_fft and ern_ifft compute.
#pragma once

#include <cstdint>

#include "base/instruction_set.hpp"
#include "fixed/lanes.hpp"

namespace erngen {

/// Forward: out[k] = packed spectrum of x[k]. Raw integers; the caller applies the guard before and the drop
/// after. fft_fixed(x: w bits) -> w + log2 k bits; cannot overflow.
/// required: k a power of two, 1..64 (else Error(bad_input)); the result fits the integer type. out may be x.
void fft_fixed(const std::int32_t* x, std::int32_t* out, int k);
void fft_fixed(const std::int64_t* x, std::int64_t* out, int k);

/// Inverse: out[k] = k times the inverse transform of the packed spectrum x[k], samples in natural order.
/// ifft_fixed(x: w bits) -> w + log2 k + 1 bits; cannot overflow. required: as fft_fixed.
void ifft_fixed(const std::int32_t* x, std::int32_t* out, int k);
void ifft_fixed(const std::int64_t* x, std::int64_t* out, int k);

/// Widest words of the inverse transform on exact doubles: with 6 bits of growth and 18 of the products, 50 bits.
inline constexpr int max_lane_transform_width = 26;
/// The transforms of lane_count blocks at a time; the same integers. required: w <= max_lane_transform_width; `set` is
/// one of instruction_sets().
void fft_fixed(const Lanes* x, Lanes* out, int k, InstructionSet set = best_instruction_set());
void ifft_fixed(const Lanes* x, Lanes* out, int k, InstructionSet set = best_instruction_set());

}  // namespace erngen
