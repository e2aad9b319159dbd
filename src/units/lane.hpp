// Descriptor of the block product's units: ern_column, ern_lane, ern_recombine.
//
// K is the number of words of a row; a row has K/2 pairs, pair 0 being two real bins.
#pragma once

#include "base/bits.hpp"

namespace erngen {

/// Bits of the operands that ern_column makes of a row of K spectrum words of `sx` bits: x0, x1, then (xs, xr, xi) a
/// pair.
constexpr int lane_operand_bits(int words, int sx) { return 2 * sx + (words / 2 - 1) * (3 * sx + 1); }

/// Bits of a block's weights of `w` bits: w0, w1, then (u, v) a pair, v having w + 1 bits.
constexpr int lane_weight_bits(int words, int w) { return words * w + words / 2 - 1; }

/// Accumulators of a lane, which are its DSP blocks too: A0, C0, then (A, B, C) a pair.
constexpr int lane_accumulators(int words) { return 3 * words / 2 - 1; }
constexpr int lane_dsp(int words) { return lane_accumulators(words); }

/// Bits that hold the sums of `terms` block products, and those of several lanes: docs/arithmetic.md.
constexpr int lane_accumulator_width(int sx, int w, int terms) { return sx + w + 2 + ceil_log2(terms); }

/// Cycles of ern_lane: the accumulators show a product after this many.
inline constexpr int lane_latency = 4;

/// Cycles of ern_column: operands, and before them the rotation where a size below K is used.
constexpr int column_latency(int words, int modes) { return modes == words ? 1 : 2; }

/// Cycles of ern_tile_queue with a queue.
inline constexpr int tile_queue_latency = 2;

/// Cycles of ern_recombine: combination, rounding, saturation.
inline constexpr int recombine_latency = 3;

}  // namespace erngen
