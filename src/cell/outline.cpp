#include "cell/outline.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

BlockMatrix one_block(int rows, int cols, int block) {
  BlockMatrix matrix;
  matrix.rows = rows;
  matrix.cols = cols;
  matrix.block = block;
  matrix.columns.assign(block, 0.0f);
  return matrix;
}

/// The shape of a term's matrices.
BlockMatrix one_block(const Term<std::int32_t>& term) {
  const auto& first = term.matrices.front();
  return one_block(first.rows, first.cols, first.block);
}

/// All terms of a phase in their order, whatever part they are in.
std::vector<const Term<std::int32_t>*> terms_of(const Phase<std::int32_t>& phase) {
  std::vector<const Term<std::int32_t>*> terms;
  for (const auto& part : phase.parts)
    for (const auto& term : part.terms) terms.push_back(&term);
  return terms;
}

/// Input and recurrent matrices of a gated phase.
template <class LayerT>
LayerT gated(const Phase<std::int32_t>& phase) {
  const auto terms = terms_of(phase);
  if (terms.size() != 2) throw Error(ExitCode::internal, fmt::format("a gated phase with {} terms", terms.size()));
  LayerT layer;
  layer.input = terms[0]->matrices.front().cols;
  layer.hidden = phase.size;
  layer.input_weights.fill(one_block(*terms[0]));
  layer.recurrent_weights.fill(one_block(*terms[1]));
  return layer;
}

/// The layer that begins with phase `at`, which moves behind it.
Layer layer_at(const Graph<std::int32_t>& graph, size_t& at) {
  const auto& phase = graph.phases[at++];
  const auto next_is = [&](Op op) {
    return at < graph.phases.size() && graph.phases[at].op == op && graph.phases[at].layer == phase.layer;
  };
  Layer result;
  switch (phase.op) {
    case Op::lstm: {
      auto layer = gated<LstmLayer>(phase);
      layer.candidate = phase.candidate;
      if (next_is(Op::linear)) layer.projection = one_block(*terms_of(graph.phases[at++]).front());
      result = std::move(layer);
      break;
    }
    case Op::gru_before_gates: {
      auto layer = gated<GruLayer>(phase);
      layer.reset = Reset::before;
      if (!next_is(Op::gru_before_output)) throw Error(ExitCode::internal, "a GRU without its second phase");
      ++at;
      result = std::move(layer);
      break;
    }
    case Op::gru_after_input:
      if (!next_is(Op::gru_after_state))
        throw Error(ExitCode::internal, "a GRU without its state's part of the candidate");
      ++at;
      if (!next_is(Op::gru_after)) throw Error(ExitCode::internal, "a GRU without its gates");
      result = gated<GruLayer>(graph.phases[at++]);
      break;
    case Op::linear: result = DenseLayer{one_block(*terms_of(phase).front()), {}}; break;
    case Op::gru_before_output:
    case Op::gru_after_state:
    case Op::gru_after: throw Error(ExitCode::internal, "a GRU without its first phase");
  }
  fill_outline(result, !phase.bias.empty(), !phase.peephole.empty());
  return result;
}

}  // namespace

void fill_outline(Layer& layer, bool bias, bool peephole) {
  const auto fill = [](BlockMatrix& matrix) { matrix.columns.assign(matrix.block, 0.0f); };
  std::visit(
      [&](auto& l) {
        if constexpr (requires { l.weights; }) {
          fill(l.weights);
          if (bias) l.bias = {0.0f};
        } else {
          std::for_each(l.input_weights.begin(), l.input_weights.end(), fill);
          std::for_each(l.recurrent_weights.begin(), l.recurrent_weights.end(), fill);
          if (bias) l.bias.fill({0.0f});
        }
        if constexpr (requires { l.bias_hn; })
          if (bias && l.reset == Reset::after) l.bias_hn = {0.0f};
        if constexpr (requires { l.projection; }) {
          if (l.projection) fill(*l.projection);
          if (peephole) l.peephole.fill({0.0f});
        }
      },
      layer);
}

Network outline_network(const Graph<std::int32_t>& graph) {
  Network network;
  for (size_t at = 0; at < graph.phases.size();) network.layers.push_back(layer_at(graph, at));
  return network;
}

Graph<std::int32_t> outline_graph(const Network& outline) {
  const Graph<double> real = lower(outline);
  Graph<std::int32_t> graph;
  graph.vectors = real.vectors;
  graph.layers = real.layers;
  for (const auto& from : real.phases) {
    Phase<std::int32_t> phase{from.op, from.layer, from.size, {}, {}, {}, from.candidate, from.output, from.state, 0};
    phase.bias.resize(from.bias.size());
    phase.peephole.resize(from.peephole.size());
    for (const auto& part : from.parts) {
      phase.parts.push_back({part.block, 0, {}});
      for (const auto& term : part.terms) {
        phase.parts.back().terms.push_back({term.vector, term.spectrum, term.previous, term.family, 0, {}});
        for (const auto& matrix : term.matrices)
          phase.parts.back().terms.back().matrices.push_back(
              {matrix.rows, matrix.cols, matrix.block, std::vector<std::int32_t>(matrix.words.size())});
      }
    }
    graph.phases.push_back(std::move(phase));
  }
  return graph;
}

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
    phases.push_back({{"op", op_name(phase.op)},
                      {"layer", phase.layer},
                      {"size", phase.size},
                      {"output", graph.vectors[phase.output].name},
                      {"drain_fraction", phase.readout_fraction},
                      {"parts", parts}});
  }
  return {{"vectors", vectors}, {"phases", phases}};
}

}  // namespace erngen
