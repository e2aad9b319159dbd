// Descriptor of the block product's units: ern_column, ern_lane or ern_lane_bins with ern_correction, ern_recombine.
//
// K is the number of words of a row; a row has K/2 pairs, pair 0 being two real bins.
#pragma once

#include <algorithm>
#include <bit>

#include "base/bits.hpp"
#include "units/pipeline.hpp"

namespace erngen {

/// How lanes multiply the complex bins of a block: three products each (ern_lane); two, by Winograd's inner product
/// inside a bin (ern_lane_bins); or three for the blocks of two neighbouring column lanes, by the same over both
/// (ern_lane_blocks).
enum class LaneForm { plain, bins, blocks };
inline constexpr LaneForm lane_forms[] = {LaneForm::plain, LaneForm::bins, LaneForm::blocks};
/// Names of the options and of the manifest.
constexpr const char* name_of(LaneForm form) {
  constexpr const char* names[] = {"plain", "bins", "blocks"};
  return names[static_cast<int>(form)];
}

/// Most bits of a spectrum word and of a weight, where the narrow port of a multiplier has `port`: Winograd's products
/// have sums of both as their factors, over two blocks of the sums of plain lanes.
constexpr int lane_form_limit(LaneForm form, int port) { return port - static_cast<int>(form); }

/// Whether lanes of `words` can have the form: inside a bin there must be a complex one.
constexpr bool lane_form_fits(LaneForm form, int words, int sx, int w, int port) {
  return form == LaneForm::plain ||
         ((form == LaneForm::blocks || words >= 4) && std::max(sx, w) <= lane_form_limit(form, port));
}

/// Column lanes that share multipliers.
constexpr int lane_columns(LaneForm form) { return form == LaneForm::blocks ? 2 : 1; }

/// Bits of a pair's operands of words of `sx` bits: (xs, xr, xi); of Winograd's product (xr, xi), or (xa, xb, xi) where
/// sizes below K are used too.
constexpr int lane_pair_bits(LaneForm form, bool mixed, int sx) {
  return form == LaneForm::bins ? (mixed ? 3 : 2) * sx : 3 * sx + 1;
}

/// Bits of the operands that ern_column makes of a row of K spectrum words: x0, x1, then those of each pair.
constexpr int lane_operand_bits(int words, int sx, LaneForm form = LaneForm::plain, bool mixed = false) {
  return 2 * sx + (words / 2 - 1) * lane_pair_bits(form, mixed, sx);
}

/// Bits of a block's weights of `w` bits: w0, w1, then (u, v) a pair, v having w + 1 bits; of Winograd's product (wr,
/// wi) a pair and where sizes below K are used too, K/2 - 1 flags.
constexpr int lane_weight_bits(int words, int w, LaneForm form = LaneForm::plain, bool mixed = false) {
  return words * w + (form != LaneForm::bins || mixed ? words / 2 - 1 : 0);
}

/// Accumulators of lane_columns() lanes, which are their DSP blocks too: A0, C0, then (A, B, C) a pair; inside bins one
/// a word.
constexpr int lane_accumulators(int words, LaneForm form = LaneForm::plain) {
  return form == LaneForm::bins ? words : 3 * words / 2 - 1;
}
constexpr int lane_dsp(int words, LaneForm form = LaneForm::plain) { return lane_accumulators(words, form); }

/// Bits that hold the sums of `terms` block products, and those of several lanes: docs/reference/arithmetic.md.
/// Winograd's sums are right modulo a power of two, so that only the corrected ones must fit: at most 2^(sx + w - 1) a
/// term.
constexpr int lane_accumulator_width(int sx, int w, int terms, LaneForm form = LaneForm::plain) {
  return sx + w + (form == LaneForm::plain ? 2 + ceil_log2(terms) : std::bit_width(static_cast<unsigned>(terms)));
}

/// The cycles of a level where lanes have the form: what runs beside ern_correction, up to the sums that it takes,
/// keeps those of level 0.
constexpr Pipeline lane_pipeline(Pipeline pipeline, LaneForm form) {
  if (form == LaneForm::plain) return pipeline;
  constexpr Pipeline usual;
  pipeline.lane = usual.lane;
  pipeline.choice = usual.choice;
  pipeline.additions = usual.additions;
  return pipeline;
}

/// Cycles of ern_lane, ern_lane_bins and ern_lane_blocks: the accumulators show a product after this many.
constexpr int lane_latency(const Pipeline& pipeline = {}) { return pipeline.lane; }

/// Cycles of ern_column: operands, and before them the rotation where a size below K is used.
constexpr int column_latency(int words, int modes) { return modes == words ? 1 : 2; }

/// Cycles of ern_tile_queue with a queue.
inline constexpr int tile_queue_latency = 2;

/// Cycles of ern_correction, where lanes are not plain: it combines what lanes over two blocks hand out.
constexpr int correction_latency(LaneForm form) { return static_cast<int>(form); }

/// Cycles of ern_recombine: combination, rounding, saturation; what ern_correction hands out is combined.
constexpr int recombine_latency(LaneForm form = LaneForm::plain, const Pipeline& pipeline = {}) {
  return std::min(pipeline.recombination, form == LaneForm::plain ? 3 : 2);
}

/// Products of ern_correction for lane_columns() lanes: xr xi of each pair; over two blocks one for each of the lanes'.
constexpr int correction_products(int words, LaneForm form) {
  return form == LaneForm::plain ? 0 : form == LaneForm::bins ? words / 2 - 1 : lane_accumulators(words, form);
}

/// ern_correction's constants of a row: one for each pair; over two blocks one for each word.
constexpr int correction_constants(int words, LaneForm form) {
  return form == LaneForm::plain ? 0 : form == LaneForm::bins ? words / 2 - 1 : words;
}

/// Bits of a constant: a sum over `terms` blocks of wr wi, at most 2^(2 W - 2) each, or over half as many pairs of
/// blocks of u u' - p p' or u u' + v v', at most 5/4 2^(2 W). All is modulo 2^accumulator.
constexpr int correction_width(LaneForm form, int w, int terms, int accumulator) {
  return std::min(2 * w + ceil_log2(terms) + (form == LaneForm::blocks ? 2 : 0), accumulator);
}

/// Lanes by whose numbers the host writes the constants of one row: pieces of as many bits as a lane's weights.
constexpr int correction_pieces(int words, LaneForm form, int constant_bits, int weight_bits) {
  return ceil_div(correction_constants(words, form) * constant_bits, weight_bits);
}

}  // namespace erngen
