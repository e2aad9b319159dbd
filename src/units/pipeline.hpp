// How deeply the templates are pipelined: cycles of their steps, each a parameter of a template.
//
// Latencies are functions of these numbers, in the descriptors beside this one; nothing else says how long a unit
// takes. Words do not depend on them.
#pragma once

#include <compare>
#include <iterator>

namespace erngen {

struct Pipeline {
  int activation = 3;  ///< ern_activation: from the argument to the value
  int rotation = 1;    ///< ern_rotate: to what the stage's register takes

  friend constexpr auto operator<=>(const Pipeline&, const Pipeline&) = default;
};

/// What a level registers.
struct PipelineLevel {
  const char* meaning;
  Pipeline cycles;
};

/// Levels of the option --pipeline, each with all of those before it.
inline constexpr PipelineLevel pipeline_levels[] = {
    {"a LUT stage or a block between registers, as far as it takes no cycle of the recurrence", {}},
    {"products of activations and of rotations before their sums", {.activation = 4, .rotation = 2}},
};
inline constexpr int highest_pipeline = static_cast<int>(std::size(pipeline_levels)) - 1;

/// required: 0 <= level <= highest_pipeline.
constexpr const Pipeline& pipeline_of(int level) { return pipeline_levels[level].cycles; }

}  // namespace erngen
