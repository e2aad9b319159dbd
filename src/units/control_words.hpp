// The words that control an engine, field by field: segments of the program, descriptors of passes, tags of tiles.
//
// Templates, memory images, the host's flags and the area model take positions and widths from these tables. A template
// holds the fields that it uses as localparams in marked lines, see control_word_text.hpp.
#pragma once

#include <array>
#include <bit>
#include <span>
#include <type_traits>

#include "base/bits.hpp"

namespace erngen {

/// One field; the first one of a word lies in its lowest bits.
struct WordField {
  const char* name;
  int width;
  const char* meaning;
  bool of_formats = false;  ///< depends on the formats of numbers and on the pass's part, and on nothing else of a pass
};

constexpr int word_bits(std::span<const WordField> fields) {
  int bits = 0;
  for (const WordField& field : fields) bits += field.width;
  return bits;
}

/// A run of steps over neighbouring rows of one vector's spectra: a word of the program memory (ern_sequencer).
enum class SegmentField {
  gap,
  steps,
  weight_row,
  row,
  source,
  dynamic,
  previous,
  mode,
  first,
  last,
  begin,
  end,
  release,
  context,
  pass,
  stages,
  seam,
  seam_row,
  count
};
inline constexpr WordField segment_word[] = {
    {"GAP", 16, "idle cycles since the previous step"},
    {"STEPS", 16, "steps"},
    {"WEIGHT_ROW", 20, "weight row of the first step"},
    {"ROW", 16, "spectrum memory row of the first step"},
    {"SOURCE", 2, "0 input, 1 state, 2 second state"},
    {"DYNAMIC", 1, "the row depends on the frame's parity"},
    {"PREVIOUS", 1, "the vector's value at t - 1"},
    {"MODE", 3, "log2 of the block size"},
    {"FIRST", 1, "clears the accumulators"},
    {"LAST", 1, "the accumulators are read out after it"},
    {"BEGIN", 1, "first of the run"},
    {"END", 1, "last of the run"},
    {"RELEASE", 1, "after it the context's input bank is free"},
    {"CONTEXT", 8, "whose frame it works on"},
    {"PASS", 12, "number of its pass's descriptor"},
    {"STAGES", 8, "stages to read out"},
    {"SEAM", 8, "column lanes of the first row that read the input instead"},
    {"SEAM_ROW", 16, "the row of the input that they read"},
};

/// What the sequencer prepares of a segment when it is fetched, above the word; above these the last rotation of a row.
enum class FetchField { immediate, one_step, two_steps, count };
inline constexpr WordField fetch_word[] = {
    {"IMMEDIATE", 1, "no gap"},
    {"ONE_STEP", 1, "one step"},
    {"TWO_STEPS", 1, "two steps"},
};
/// Bits of an entry of the sequencer's FIFO, which holds `fetch_depth` of them.
constexpr int fetch_bits(int words) { return word_bits(segment_word) + word_bits(fetch_word) + log2_exact(words); }
inline constexpr int fetch_depth = 8;

/// What happens to the rows of one pass: a word of the passes memory (ern_readout, ern_sum, ern_shortcut).
enum class PassField {
  operation,
  mode,
  readout_shift,
  final,
  partial,
  tail,
  output,
  store,
  state,
  second,
  at_parity,
  shift,
  guard,
  second_guard,
  block,
  second_block,
  gates,
  elements,
  tiles,
  bias_row,
  partial_row,
  constant_row,
  state_tile,
  row,
  lane,
  context,
  shortcut,
  shortcut_shift,
  count
};
inline constexpr WordField pass_word[] = {
    {"OPERATION", 3, "0 LSTM, 1, 2 GRU before, 3 after, 5, 6 its z_x, z_h, 4 linear, 7 nonlinear"},
    {"MODE", 3, "log2 of the block size"},
    {"READOUT_SHIFT", 3, "number of the rounding shift of the sums", true},
    {"FINAL", 1, "the sum is complete: the cells follow"},
    {"PARTIAL", 1, "adds the stored partial sum, else the bias"},
    {"TAIL", 1, "ends with the phase's last tile"},
    {"OUTPUT", 1, "of the output stream"},
    {"STORE", 1, "the vector is kept in the time domain"},
    {"STATE", 1, "its spectrum is written"},
    {"SECOND", 1, "and that for the second spectrum memory"},
    {"AT_PARITY", 1, "at the frame's parity"},
    {"SHIFT", 3, "number of the shift of its results", true},
    {"GUARD", 3, "guard bits of the spectrum", true},
    {"SECOND_GUARD", 3, "of the second one", true},
    {"BLOCK", 3, "log2 of the block size of the spectrum"},
    {"SECOND_BLOCK", 3, "of the second one"},
    {"GATES", 3, "gate rows of a tile"},
    {"ELEMENTS", 7, "elements of the phase's last tile"},
    {"TILES", 16, "tiles of the pass"},
    {"BIAS_ROW", 16, "first row of the bias memories"},
    {"PARTIAL_ROW", 16, "first row of the memory of partial sums"},
    {"CONSTANT_ROW", 16, "first row of the peepholes and initial states"},
    {"STATE_TILE", 16, "first row of the state memories"},
    {"ROW", 16, "first row of the spectrum memory"},
    {"LANE", 8, "column lane of the first spectrum"},
    {"CONTEXT", 8, "whose frame it is"},
    {"SHORTCUT", 1, "the spectrum is that of the sums (ern_shortcut)"},
    {"SHORTCUT_SHIFT", 3, "number of its rounding shift", true},
};

/// What a frame brings: above a pass's word, and at the top of a tile's tag.
enum class FrameField { valid, parity, fresh, end, count };
inline constexpr WordField frame_word[] = {
    {"VALID", 1, "there is a frame"},
    {"PARITY", 1, "of the copy of recurrent vectors that it writes"},
    {"FRESH", 1, "it sees a zero state"},
    {"END", 1, "it ends its sequence"},
};
/// Bits of the tag that goes with the rows of a pass.
inline constexpr int pass_tag_bits = word_bits(pass_word) + word_bits(frame_word);

/// The tag that goes with a tile through ern_cells and with its result (ern_feedback). Below what a frame brings.
enum class TileField {
  operation,
  output,
  store,
  state,
  second,
  at_parity,
  shift,
  guard,
  second_guard,
  block,
  second_block,
  elements,
  last,
  state_tile,
  row,
  lane,
  context,
  count
};
inline constexpr WordField tile_word[] = {
    {"OPERATION", 3, "as in a pass"},
    {"OUTPUT", 1, "of the output stream"},
    {"STORE", 1, "the vector is kept in the time domain"},
    {"STATE", 1, "its spectrum is written"},
    {"SECOND", 1, "and that for the second spectrum memory"},
    {"AT_PARITY", 1, "at the frame's parity"},
    {"SHIFT", 3, "number of the shift of its results"},
    {"GUARD", 3, "guard bits of the spectrum"},
    {"SECOND_GUARD", 3, "of the second one"},
    {"BLOCK", 3, "log2 of the block size of the spectrum"},
    {"SECOND_BLOCK", 3, "of the second one"},
    {"ELEMENTS", 7, "elements of the phase's last tile"},
    {"LAST", 1, "it is the phase's last tile"},
    {"STATE_TILE", 16, "row of the state memories"},
    {"ROW", 16, "row of the spectrum memory"},
    {"LANE", 8, "column lane of the spectrum"},
    {"CONTEXT", 8, "whose frame it is"},
};
inline constexpr int tile_tag_bits = word_bits(tile_word) + word_bits(frame_word);
/// The host writes these fields of a tag at once, with the register STATE_FLAGS: from the first to the last one.
inline constexpr TileField first_host_flag = TileField::state, last_host_flag = TileField::second_block;

/// The table of a word.
template <class Field>
constexpr std::span<const WordField> fields_of() {
  if constexpr (std::is_same_v<Field, SegmentField>)
    return segment_word;
  else if constexpr (std::is_same_v<Field, PassField>)
    return pass_word;
  else if constexpr (std::is_same_v<Field, FetchField>)
    return fetch_word;
  else if constexpr (std::is_same_v<Field, FrameField>)
    return frame_word;
  else
    return tile_word;
}

/// Lowest bit of a field in its word.
template <class Field>
constexpr int field_offset(Field field) {
  return word_bits(fields_of<Field>().first(static_cast<size_t>(field)));
}

template <class Field>
constexpr int field_width(Field field) {
  return fields_of<Field>()[static_cast<size_t>(field)].width;
}

static_assert(std::size(segment_word) == static_cast<size_t>(SegmentField::count));
static_assert(std::size(fetch_word) == static_cast<size_t>(FetchField::count));
static_assert(std::size(pass_word) == static_cast<size_t>(PassField::count));
static_assert(std::size(frame_word) == static_cast<size_t>(FrameField::count));
static_assert(std::size(tile_word) == static_cast<size_t>(TileField::count));

/// The values of a word's fields.
template <class Field>
class ControlWord {
 public:
  static constexpr size_t count = static_cast<size_t>(Field::count);

  int& operator[](Field field) { return values_[static_cast<size_t>(field)]; }
  int operator[](Field field) const { return values_[static_cast<size_t>(field)]; }
  const std::array<int, count>& values() const { return values_; }

 private:
  std::array<int, count> values_{};
};

/// Finds the bits that differ among words: synthesis keeps no memory for the others.
template <class Field>
class DifferingBits {
 public:
  DifferingBits() { all_.fill(~0U); }
  void add(const ControlWord<Field>& word) {
    for (size_t n = 0; n < any_.size(); ++n) {
      any_[n] |= static_cast<unsigned>(word.values()[n]);
      all_[n] &= static_cast<unsigned>(word.values()[n]);
    }
  }
  /// Of the fields that depend on formats, or of all others.
  int count(bool of_formats) const {
    int bits = 0;
    for (size_t n = 0; n < any_.size(); ++n)
      if (fields_of<Field>()[n].of_formats == of_formats) bits += std::popcount(any_[n] & ~all_[n]);
    return bits;
  }

 private:
  std::array<unsigned, ControlWord<Field>::count> any_{}, all_{};
};

}  // namespace erngen
