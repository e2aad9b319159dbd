#include "ops/gru_state.hpp"

#include <algorithm>

namespace erngen {

void add_state_candidates(const CellSite& site, CellParameters& all) {
  const auto& ends = site.list(OutputShifts::state).ends;
  const bool usual =
      std::all_of(ends.begin(), ends.end(), [](const OutputEnd& end) { return end.candidate == Nonlinearity::tanh; });
  const bool there = std::any_of(all.begin(), all.end(), [](const auto& p) { return p.first == "STATE_CANDIDATES"; });
  if (!usual && !there) add_functions(site, OutputShifts::state, &OutputEnd::candidate, "STATE_CANDIDATE", all);
}

}  // namespace erngen
