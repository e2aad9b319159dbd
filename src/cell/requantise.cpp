#include "cell/requantise.hpp"

#include "base/error.hpp"
#include "cell/formats.hpp"
#include "ops/lowering.hpp"

namespace erngen {

QuantNetwork requantise(const Network& network, const QuantNetwork& formats) {
  Graph<double> graph = lower(network);
  const auto differs = [] {
    return bad_input("weights: the formats are those of a network with other layers or blocks");
  };
  if (graph.phases.size() != formats.graph.phases.size() || graph.vectors.size() != formats.graph.vectors.size())
    throw differs();
  for (size_t n = 0; n < graph.vectors.size(); ++n)
    if (graph.vectors[n].size != formats.graph.vectors[n].size) throw differs();
  graph.vectors = formats.graph.vectors;
  for (size_t p = 0; p < graph.phases.size(); ++p) {
    auto& phase = graph.phases[p];
    const auto& format = formats.graph.phases[p];
    if (phase.op != format.op || phase.size != format.size || phase.parts.size() != format.parts.size())
      throw differs();
    phase.output_fraction = format.output_fraction;
    phase.readout_fraction = format.readout_fraction;
    for (size_t n = 0; n < phase.parts.size(); ++n) {
      auto& part = phase.parts[n];
      const auto& like = format.parts[n];
      if (part.block != like.block || part.terms.size() != like.terms.size()) throw differs();
      part.accumulator_fraction = like.accumulator_fraction;
      for (size_t t = 0; t < part.terms.size(); ++t) part.terms[t].weight_fraction = like.terms[t].weight_fraction;
    }
  }
  QuantNetwork result = formats;
  result.graph = quantise_weights(graph, formats.formats);
  result.metadata = network.metadata;
  return result;
}

}  // namespace erngen
