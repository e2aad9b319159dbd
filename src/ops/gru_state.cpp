#include "ops/gru_state.hpp"

#include <algorithm>

namespace erngen {

Phase<double>& add_gru_gates(GraphBuilder& b, const GruLayer& layer, Op op, int h, int output) {
  using G = GruLayer;
  const auto recurrent = pointers(layer.recurrent_weights, {G::r, G::z});
  auto& phase = b.add_phase(op, layer.hidden,
                            joined(b.input_terms(b.index(), "input", pointers(layer.input_weights, {G::r, G::z})),
                                   {b.term(h, true, b.family("recurrent"), recurrent)}),
                            output);
  phase.state = h;
  phase.initial = widen(layer.initial_hidden);
  if (layer.has_bias()) phase.bias = {widen(layer.bias[G::r]), widen(layer.bias[G::z])};
  begin_products(phase, recurrent, layer.initial_hidden);
  rescale(phase, b.gate_argument(layer.gate_activation), {0, 1});
  return phase;
}

void add_state_candidates(const CellSite& site, CellParameters& all) {
  const auto& ends = site.list(OutputShifts::state).ends;
  const bool usual =
      std::all_of(ends.begin(), ends.end(), [](const OutputEnd& end) { return end.candidate == Nonlinearity::tanh; });
  const bool there = std::any_of(all.begin(), all.end(), [](const auto& p) { return p.first == "STATE_CANDIDATES"; });
  if (!usual && !there) add_functions(site, OutputShifts::state, &OutputEnd::candidate, "STATE_CANDIDATE", all);
}

}  // namespace erngen
