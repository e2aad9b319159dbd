// The passes of one context before they are timed, in the order in which they are taken.
#pragma once

#include <vector>

#include "ops/graph.hpp"
#include "plan/engine.hpp"
#include "plan/ids.hpp"

namespace erngen {

/// One pass before it is timed: up to `rows` neighbouring gate rows of one part of a phase.
struct Job {
  PhaseId phase;
  int part = 0, group = 0;
  int rows = 0;  ///< gate rows
  int first_row = 0;
  bool final = false;        ///< its part is the last one of its rows
  bool use_partial = false;  ///< a part before it has left a sum of its rows
  bool splits_tile = false;  ///< its last tile goes on in the next pass, which must follow at once
};

/// The passes of a run of one context. Phases come as in the graph, but of those that leave sums to the same one what
/// is ready first comes first (or last, with `late_sums_first`); of the parts of a phase too, so that the sum that
/// closes a tile is the late one.
std::vector<Job> list_jobs(const Graph<std::int32_t>& graph, const EngineShape& shape, bool late_sums_first);

}  // namespace erngen
