// Where vectors, states, sums and weights lie in the engine's memories.
#pragma once

#include <vector>

#include "plan/engine.hpp"

namespace erngen {

/// All addresses are rows. Vectors are cut into tiles of `words` elements.
struct MemoryMap {
  int input_rows = 0;                        ///< rows of one input frame
  int input_depth = 0;                       ///< rows of the input spectrum memory: 2 banks x power of two
  int state_half = 0;                        ///< rows of one parity half, a power of two
  int state_depth = 0;                       ///< of each state spectrum memory (both halves)
  std::vector<std::vector<int>> vector_row;  ///< [context][vector]: first row; -1 when it has no spectra
  std::vector<bool> alternates;              ///< [vector]: has two copies, one a parity, see Overlap
  std::vector<int> vector_lane;  ///< [vector]: column lane of its first block in its first row, see seam_lane()
  std::vector<int> part_row;     ///< [part of the input]: its first row in the frame
  std::vector<std::vector<int>> state_tile;   ///< [context][layer]: first tile in the h, c and q memories
  std::vector<std::vector<int>> partial_row;  ///< [context][phase]: first row in the partial memory; -1 without
  std::vector<int> bias_row;      ///< [phase]: first row in the bias memories; a row for each output of the tile queue
  std::vector<int> constant_row;  ///< [phase]: first row in the memories of peepholes and initial states
  int state_tiles = 0;            ///< depth of the h, c and q memories
  int bias_rows = 0;
  int first_bias_row = 0;  ///< where the biases of first frames begin, a power of two; 0: there are none
  int constant_rows = 0;
  int partial_rows = 0;

  int input_row(int context) const { return context * input_rows; }
  int bias_depth() const { return first_bias_row + bias_rows; }
};

/// Tiles of a vector of `size` elements.
constexpr int tile_count(int size, int words) { return ceil_div(size, words); }
/// Rows of a vector in the spectrum memories whose first block lies in column lane `lane`.
constexpr int spectrum_rows(int size, const EngineShape& shape, int lane = 0) {
  return ceil_div(lane + tile_count(size, shape.words), shape.columns);
}
/// Tiles that a vector has elements in: a part of the input may begin within one.
inline int vector_tiles(const Vector& vector, int words) {
  return tile_count(vector.first % words + vector.size, words);
}
/// Rows of a vector whose first tile lies in column lane `lane`.
inline int vector_rows(const Vector& vector, const EngineShape& shape, int lane) {
  return ceil_div(lane + vector_tiles(vector, shape.words), shape.columns);
}
/// Blocks of the input in its last row when that is not full: the lane behind them. A vector that begins there shares
/// the row with the input, so that one step serves the end of one and the beginning of the other.
constexpr int seam_lane(int input_size, const EngineShape& shape) {
  return tile_count(input_size, shape.words) % shape.columns;
}
/// Outputs of the tile queue for `tiles` tiles: gates / readout beats a tile, or the tiles that leave together.
inline int queue_outputs(int tiles, int gates, const EngineShape& shape) {
  return ceil_div(tiles * shape.beats_per_tile(gates), shape.tiles_together(gates));
}

/// The term of a part whose first row is shared with the end of the input, -1 if there is none.
int seam_term(const Part<std::int32_t>& part, const MemoryMap& map);

MemoryMap map_memory(const Workload& work, const EngineShape& shape);

/// Whether sizes below K are used, so that a pair of words may be two real bins.
inline bool mixed_bins(const Workload& work, const EngineShape& shape) { return work.part_modes != shape.words; }
/// Bits of a lane's weights for a step.
inline int weight_bits(const Workload& work, const EngineShape& shape) {
  return lane_weight_bits(shape.words, work.formats.weight_width, shape.form, mixed_bins(work, shape));
}
/// Bits of an accumulator, and of a sum behind ern_correction.
inline int accumulator_bits(const Workload& work, const EngineShape& shape) {
  const NumberFormats& f = work.formats;
  return lane_accumulator_width(f.spectrum_width(), f.weight_width, f.max_terms, shape.form);
}
/// Bits of one of ern_correction's constants.
inline int correction_bits(const Workload& work, const EngineShape& shape) {
  const NumberFormats& f = work.formats;
  return correction_width(shape.form, f.weight_width, f.max_terms, accumulator_bits(work, shape));
}
/// Words of ern_correction's constants: one for each stage of the row groups of each part. A part's groups follow each
/// other.
int correction_rows(const Workload& work, const EngineShape& shape);
/// The first word of a pass.
int correction_row(const Workload& work, const EngineShape& shape, int phase, int part, int group);

}  // namespace erngen
