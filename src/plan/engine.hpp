// The shape of an engine and the latencies of its pipeline.
#pragma once

#include <algorithm>
#include <compare>

#include "base/bits.hpp"
#include "plan/workload.hpp"
#include "units/axis.hpp"
#include "units/lane.hpp"
#include "units/pipeline.hpp"

namespace erngen {

/// What a host can load at run time; each includes what stands before it.
enum class Loadable {
  weights,
  constants,  ///< biases, peepholes, initial states
  tables      ///< those of the activations
};
/// Names of the option and of the manifest.
const char* name_of(Loadable loadable);

/// Bits of a row of constants that the host loads: CB of ern_engine.
int constant_row_bits(const Workload& work, int words);

/// How much hardware: one lane multiplies one K-word block a cycle.
struct EngineShape {
  int words = 8;           ///< K, words of a block row; a power of two, at least 2 and the largest block of the network
  int rows = 1;            ///< R row lanes, a multiple of `readout`
  int columns = 1;         ///< C column lanes
  int readout = 1;         ///< D rows that leave the array together: 1, 2, 4 or 8
  int contexts = 1;        ///< S streams
  int ports = 1;           ///< U tiles of one gate that leave together: 1, 2 or 4, at most `readout` and `columns`
  int input_ports = 1;     ///< blocks of the input that enter together: 1, 2 or 4, at most `columns`
  int folding = 1;         ///< cycles in which K / folding elements take the cells of a tile: a power of two, at most
                           ///< `words`; tiles leave as far apart
  bool adders = false;     ///< rotations of the transforms by shifted additions in LUTs, not by products in DSP blocks
  bool cell_luts = false;  ///< products of the cells in LUTs, not in DSP blocks
  bool early = false;      ///< a frame is admitted with its last block, whose transform the program waits for
  bool dsp_activations = false;  ///< piecewise activation units multiply in DSP blocks instead of LUTs
  int frames = 1;                ///< neighbouring frames of a stream in one run, see Overlap; with one stream
  LaneForm form = LaneForm::plain;
  Loadable loadable = Loadable::weights;
  int pipeline = 0;  ///< level, see pipeline_levels

  Pipeline cycles() const { return lane_pipeline(pipeline_of(pipeline), form); }
  int stages() const { return rows / readout; }
  int lanes() const { return rows * columns; }
  /// Beats in which the gate rows of a tile leave the array.
  int beats_per_tile(int gates) const { return gates > readout ? gates / readout : 1; }
  /// Whether a tile of the phase keeps folded elements busy for several cycles.
  bool is_folded(Op op) const { return folding > 1 && operation(op).folds(); }
  /// Cycles from one beat of such tiles to the next when they leave a queue (ern_tile_queue).
  int beat_distance(Op op) const { return is_folded(op) ? std::max(1, folding / beats_per_tile(gate_count(op))) : 1; }
  /// Tiles of a phase that leave the tile queue together.
  int tiles_together(int gates) const { return gates == 1 ? ports : 1; }
  /// Whether a beat of readout rows holds more tiles of the phase than leave together.
  bool queues(int gates) const { return gates * tiles_together(gates) < readout; }
  /// Whether a pass has tiles that must leave further apart than they are read out.
  bool spreads(Op op) const { return beat_distance(op) > 1 && rows > gate_count(op) * tiles_together(gate_count(op)); }
  friend auto operator<=>(const EngineShape&, const EngineShape&) = default;  ///< a total order, for sets
};

/// Widest beat of the streams, in bits.
inline constexpr int max_beat_bits = 512;

/// Elements of a stream beat: the blocks that move together inside, or what fits 512 bits.
constexpr int default_beat(int elements, int element_bits) {
  const int limit = max_beat_bits / element_bits;
  return elements < limit ? elements : limit;
}

/// Cycles through the units of the pipeline; each number comes from the unit's descriptor.
struct EngineLatencies {
  int fetch = 0;            ///< ern_source, up to the columns
  int column = 0;           ///< ern_column
  int lane = 0;             ///< ern_lane
  int readout_mux = 0;      ///< ern_readout_mux
  int adder_tree = 0;       ///< ern_adder_tree
  int correction = 0;       ///< ern_correction
  int recombine = 0;        ///< ern_recombine
  int inverse = 0;          ///< ern_ifft
  int forward = 0;          ///< ern_fft of the feedback
  int forward_second = 0;   ///< of the second feedback memory, 0 if there is none
  int forward_input = 0;    ///< of the input
  int cell[op_count] = {};  ///< by Op: from z to the output vector

  /// From a step to the first row at the input of the tile queue: memory read and source register, column, stage
  /// register 1, lane, readout multiplexer, adder tree, correction, recombination.
  int step_to_queue() const { return fetch + column + 1 + lane + select() + recombine; }
  /// From the accumulators to the rows that are recombined.
  int select() const { return readout_mux + adder_tree + correction; }
  int queue = 0;  ///< ern_tile_queue
  /// From a frame's last input block to its run's first step, with an idle engine: the transform unless frames are
  /// admitted early, one cycle until the frame is pending, one of admission for each context, one to issue.
  int admission(const EngineShape& shape) const { return (shape.early ? 0 : forward_input) + 1 + shape.contexts + 1; }
  /// First cycle of the run in which a context's input can be read: a frame may become pending in the cycle in which
  /// its context is admitted.
  int input_ready(const EngineShape& shape, int context) const {
    return shape.early ? std::max(0, forward_input - 1 - shape.contexts + context) : 0;
  }
  int emission_to_sum() const { return inverse + 1; }  ///< to z
  int emission_to_block(Op op) const {
    return emission_to_sum() + cell[static_cast<int>(op)] + 1;
  }  ///< to the feedback register
};

/// What the element-wise templates depend on; without a family and memories.
CellSite cell_site(const Workload& work, const EngineShape& shape);

EngineLatencies engine_latencies(const Workload& work, const EngineShape& shape);

/// Rows of sums that leave together at most: those of a tile, or of as many tiles of one gate as leave together.
int sum_rows(const Workload& work, const EngineShape& shape);

/// Whether the tile queue has anything to keep.
bool has_queue(const Workload& work, const EngineShape& shape);
/// Tiles that leave together and are read by a matrix: forward transforms of the feedback.
int feedback_ports(const Workload& work, const EngineShape& shape);
/// Tiles of the output vector that leave together.
int output_ports(const Workload& work, const EngineShape& shape);

}  // namespace erngen
