// The pass program: what the sequencer and the readout pipeline execute, decided and timed.
#pragma once

#include <cstdint>
#include <vector>

#include "plan/engine.hpp"
#include "units/control_words.hpp"

namespace erngen {

/// Where a step's spectra come from.
enum class Source { input, state, second };

/// A run of steps over neighbouring rows of one vector's spectra (template ern_sequencer.v).
struct Segment {
  int gap = 0;  ///< idle cycles since the previous step
  int steps = 0;
  int weight_row = 0;  ///< of the first step
  Source source = Source::input;
  int row = 0;   ///< spectrum memory row of the first step
  int seam = 0;  ///< column lanes of the first row that read `seam_row` of the input instead
  int seam_row = 0;
  bool dynamic = false;   ///< the row depends on the frame's parity
  bool previous = false;  ///< the vector's value at t - 1
  int mode = 0;           ///< log2 of the block size
  bool first = false;     ///< clears the accumulators
  bool last = false;      ///< the accumulators are read out after it
  bool begin = false;     ///< first of the run
  bool end = false;       ///< last of the run
  bool release = false;   ///< after it the context's input bank is free
  int context = 0;
  int pass = 0;    ///< index into Program::passes
  int stages = 0;  ///< row groups to read out
  int start = 0;   ///< cycle of the first step within the run (for reports)
};

/// The fields of a segment's word in the program memory.
ControlWord<SegmentField> segment_fields(const Segment& segment);

/// What happens to the rows of one pass.
struct Pass {
  int phase = 0;  ///< index into the graph
  int part = 0;
  int group = 0;  ///< which rows: from row group * rows of the shape
  int context = 0;
  int stages = 0;
  int tiles = 0;             ///< tiles, or beats when a tile takes several beats
  bool final = false;        ///< the sum is complete: the element-wise operation follows
  bool use_partial = false;  ///< adds the stored partial sum, else the bias
  int bias_row = 0;          ///< first row in the bias memories
  int partial_row = 0;       ///< first row in the partial sum memories
  int first_tile = 0;        ///< tile index within the phase
  bool tail = false;         ///< ends with the phase's last tile
};

/// Rows of weight memory that one term of one pass occupies: steps in order.
struct WeightRun {
  int phase = 0, part = 0, group = 0, term = 0;
  int lane = 0;         ///< column lane of the term's first block
  int seam_term = -1;   ///< the term that has the lanes before it in the first row; -1: none
  int seam_column = 0;  ///< its first block there
  int row = 0;
  int steps = 0;
};

struct Program {
  std::vector<Segment> segments;
  std::vector<Pass> passes;
  std::vector<WeightRun> weights;
  int weight_rows = 0;
  int run_cycles = 0;   ///< distance of runs in steady state
  int busy_cycles = 0;  ///< steps issued in a run
  int tail_cycles = 0;  ///< from a run's first step until nothing of it is in flight
  int queue_depth = 1;  ///< most beats that wait in the tile queue
  bool queue = false;   ///< some pass has fewer gates than the readout has rows
  int pass_bits = 0;    ///< differing_pass_bits() of its passes
  /// Of each context: cycles, from the run's first step, of its output blocks.
  std::vector<std::vector<int>> output_blocks;
};

/// What the resources of an engine depend on, of its program.
struct ProgramSize {
  ProgramSize() = default;
  ProgramSize(const Program& program);  // a program has a size wherever one is asked for

  std::int64_t segments = 0, passes = 0;
  int segment_bits =
      0;              ///< bits of a segment's word that differ between segments: Yosys keeps no memory for the others
  int pass_bits = 0;  ///< likewise of a pass's word, without those that depend on formats (plan/pass_fields.hpp)
  int weight_rows = 0;
  int run_cycles = 0;
  int last_output = 0;  ///< cycle of the last output block of context 0, 0 without
  int queue_depth = 1;
  bool queue = false;
  bool seams = false;  ///< some segment reads a row that it shares with the input
};

}  // namespace erngen
