// How deeply the templates are pipelined: cycles of their steps, each a parameter of a template.
//
// Latencies are functions of these numbers, in the descriptors beside this one; nothing else says how long a unit
// takes. Words do not depend on them.
#pragma once

#include <compare>
#include <iterator>

namespace erngen {

struct Pipeline {
  int activation = 3;     ///< ern_activation: from the argument to the value
  int rotation = 1;       ///< ern_rotate: to what the stage's register takes
  int fetch = 3;          ///< ern_source: from the step to the spectra that ern_column takes
  int lane = 4;           ///< ern_lane
  int choice = 4;         ///< ern_readout_mux: words among which its first level chooses
  int additions = 1;      ///< ern_adder_tree: levels between two registers
  int recombination = 3;  ///< ern_recombine
  int small_stages = 2;   ///< ern_fft, ern_ifft: stages 2 and 4 together
  int addend = 2;         ///< ern_sum: a read of what it adds to the samples
  int sums = 1;           ///< cells: the register behind each of their sums

  friend constexpr auto operator<=>(const Pipeline&, const Pipeline&) = default;
};

/// What a level registers.
struct PipelineLevel {
  const char* meaning;
  Pipeline cycles;
};

inline constexpr int lowest_pipeline = -1;
/// Levels of the option --pipeline from the lowest one on, each with all registers of those before it.
inline constexpr PipelineLevel pipeline_levels[] = {
    {"one register where others have two or three, in every step of the recurrence",
     {.activation = 2,
      .fetch = 1,
      .lane = 2,
      .choice = 8,
      .additions = 3,
      .recombination = 1,
      .small_stages = 1,
      .addend = 1,
      .sums = 0}},
    {"a LUT stage or a block between registers, as far as it takes no cycle of the recurrence", {}},
    {"products of activations and of rotations before their sums", {.activation = 4, .rotation = 2}},
};
inline constexpr int highest_pipeline = lowest_pipeline + static_cast<int>(std::size(pipeline_levels)) - 1;

/// required: lowest_pipeline <= level <= highest_pipeline.
constexpr const PipelineLevel& pipeline_level(int level) { return pipeline_levels[level - lowest_pipeline]; }
constexpr const Pipeline& pipeline_of(int level) { return pipeline_level(level).cycles; }

}  // namespace erngen
