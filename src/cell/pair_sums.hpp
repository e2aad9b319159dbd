// Sums of products of neighbours, the inner loop of the fast kernel (block_kernel.hpp), for what a processor has.
//
// With 16 words of two rows' weights w and the words of four factors, a vector adds w[2n] f[2n] + w[2n+1] f[2n+1],
// n = 0..7, to eight 32-bit sums for each row and factor. The loads of the factors serve both rows. The factors are the
// high and the low part of two operands, so that two sums make one: high 2^9 + low.
#pragma once

#include <cstdint>

#include "base/instruction_set.hpp"

namespace erngen {

inline constexpr int pair_sum_words = 16;     ///< 16-bit words of a vector
inline constexpr int pair_sum_factors = 4;    ///< high and low of the first operand, then of the second
inline constexpr int pair_sum_half_bits = 9;  ///< of a low part
inline constexpr int pair_sum_pairs = pair_sum_words / 2;

/// Sums of one row: [operand][pair], integers.
using PairSumsOfRow = double[2][pair_sum_pairs];

/// `count` vectors, `step` words apart: weights w[row] + i step, factors + i 4 step as [4][16].
/// required: sums of products stay within 32 bits.
using PairSums = void (*)(const std::int16_t* const (&w)[2], const std::int16_t* factors, int count, int step,
                          PairSumsOfRow (&out)[2]);

/// required: `set` is one of instruction_sets(). All give the same sums.
PairSums pair_sums(InstructionSet set);

}  // namespace erngen
