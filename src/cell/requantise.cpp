#include "cell/requantise.hpp"

#include "base/error.hpp"
#include "cell/formats.hpp"
#include "ops/lowering.hpp"

namespace erngen {
namespace {

/// Gives `graph` the fractions and guards of `like`, a graph of the same structure.
template <class T>
void copy_formats(Graph<double>& graph, const Graph<T>& like) {
  const auto require = [](bool same) {
    if (!same) throw bad_input("weights: the formats are those of a network with other layers or blocks");
  };
  require(graph.phases.size() == like.phases.size() && graph.vectors.size() == like.vectors.size());
  for (size_t n = 0; n < graph.vectors.size(); ++n) require(graph.vectors[n].size == like.vectors[n].size);
  graph.vectors = like.vectors;
  for (size_t p = 0; p < graph.phases.size(); ++p) {
    auto& phase = graph.phases[p];
    const auto& given = like.phases[p];
    require(phase.op == given.op && phase.size == given.size && phase.parts.size() == given.parts.size());
    phase.output_fraction = given.output_fraction;
    phase.readout_fraction = given.readout_fraction;
    for (size_t n = 0; n < phase.parts.size(); ++n) {
      auto& part = phase.parts[n];
      const auto& other = given.parts[n];
      require(part.block == other.block && part.terms.size() == other.terms.size());
      part.accumulator_fraction = other.accumulator_fraction;
      for (size_t t = 0; t < part.terms.size(); ++t) part.terms[t].weight_fraction = other.terms[t].weight_fraction;
    }
  }
}

}  // namespace

void take_formats(Graph<double>& graph, const Graph<std::int32_t>& like) { copy_formats(graph, like); }
void take_formats(Graph<double>& graph, const Graph<double>& like) { copy_formats(graph, like); }

QuantNetwork requantise(const Network& network, const QuantNetwork& formats) {
  Graph<double> graph = lower(network);
  take_formats(graph, formats.graph);
  QuantNetwork result = formats;
  result.graph = quantise_weights(graph, formats.formats);
  result.metadata = network.metadata;
  return result;
}

}  // namespace erngen
