#include "cell/graph_json.hpp"

#include "network/layer_json.hpp"

namespace erngen {

Json graph_json(const Graph<std::int32_t>& graph) {
  Json vectors = Json::array(), phases = Json::array();
  for (const Vector& vector : graph.vectors) {
    Json spectra = Json::array();
    for (const Spectrum& s : vector.spectra) spectra.push_back({{"block", s.block}, {"guard", s.guard}});
    vectors.push_back(
        {{"name", vector.name}, {"size", vector.size}, {"fraction", vector.fraction}, {"spectra", spectra}});
  }
  for (const auto& phase : graph.phases) {
    Json parts = Json::array();
    for (const auto& part : phase.parts) {
      Json terms = Json::array();
      for (const auto& term : part.terms)
        terms.push_back({{"family", term.family},
                         {"vector", graph.vectors[term.vector].name},
                         {"previous", term.previous},
                         {"weight_fraction", term.weight_fraction}});
      parts.push_back({{"block", part.block}, {"terms", terms}});
    }
    Json json{{"op", phase.operation().name},
              {"layer", phase.layer},
              {"size", phase.size},
              {"output", graph.vectors[phase.output].name},
              {"drain_fraction", phase.readout_fraction},
              {"parts", parts}};
    if (phase.operation().ends_sum && phase.activation != Activation())
      json["activation"] = activation_json(phase.activation);
    phases.push_back(std::move(json));
  }
  return {{"vectors", vectors}, {"phases", phases}};
}

}  // namespace erngen
