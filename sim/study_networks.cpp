#include "study_networks.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/random.hpp"
#include "network/random_network.hpp"

namespace erngen {
namespace {

void scale_matrix(BlockMatrix& matrix, double factor) {
  for (float& w : matrix.columns) w = static_cast<float>(w * factor);
}

void scale_input(Layer& layer, double factor) {
  std::visit(
      [&](auto& l) {
        if constexpr (requires { l.input_weights; })
          for (BlockMatrix& matrix : l.input_weights) scale_matrix(matrix, factor);
        else if constexpr (requires { l.weights; })
          scale_matrix(l.weights, factor);
      },
      layer);
}

/// The biases of one gate become normal around `mean`.
template <class LayerT>
void set_bias(LayerT& layer, int gate, double mean, double deviation, Rng& rng) {
  for (float& b : layer.bias[static_cast<size_t>(gate)]) b = static_cast<float>(mean + deviation * rng.normal());
}

void change_gates(Layer& layer, int kind, double mean, Rng& rng) {
  if (auto* lstm = std::get_if<LstmLayer>(&layer))
    set_bias(*lstm, kind == 1 ? LstmLayer::f : LstmLayer::o, mean, 1, rng);
  if (auto* gru = std::get_if<GruLayer>(&layer)) set_bias(*gru, GruLayer::z, std::abs(mean) / 2, 0.5, rng);
}

void spread_biases(Layer& layer, double limit, Rng& rng) {
  const auto spread = [&](auto& l) {
    if constexpr (requires { l.bias[0].size(); })
      for (auto& bias : l.bias)
        for (float& b : bias) b = static_cast<float>(rng.uniform(-limit, limit));
  };
  if (auto* lstm = std::get_if<LstmLayer>(&layer)) spread(*lstm);
  if (auto* gru = std::get_if<GruLayer>(&layer)) spread(*gru);
}

}  // namespace

StudyCase study_case(std::uint64_t seed, int frames) {
  Rng rng(seed * 7919 + 17);
  const auto pick = [&](std::initializer_list<int> values) { return values.begin()[rng.below(values.size())]; };
  NetworkShape shape;
  shape.seed = seed;
  shape.cell = rng.below(2) ? CellKind::lstm : CellKind::gru;
  shape.input = pick({1, 3, 8, 13, 20, 39, 64});
  shape.hidden = pick({4, 8, 12, 20, 40, 64, 128});
  const int k = pick({1, 1, 2, 4, 8, 8, 16});
  shape.block.all = {k, k, k, 1};
  shape.layers = pick({1, 1, 2});
  shape.dense = pick({0, 0, 1, 5});
  std::string cell;
  if (shape.cell == CellKind::lstm) {
    shape.peephole = rng.below(4) == 0;
    if (rng.below(3) == 0) shape.projection = std::max(1, shape.hidden / 2);
    cell = fmt::format("lstm{}{}", shape.peephole ? ", peepholes" : "", shape.projection ? ", projection" : "");
  } else {
    shape.reset = rng.below(2) ? Reset::before : Reset::after;
    cell = shape.reset == Reset::before ? "gru before" : "gru after";
  }
  StudyCase result;
  result.network = random_network(shape);

  const int exponent = static_cast<int>(rng.between(-6, 8));
  const double scale = std::ldexp(1.0, exponent);
  // Weights that undo the scale: entirely, or as far as a factor of 4.
  const int undone = pick({0, 1, 1, 2});
  if (undone > 0) scale_input(result.network.nodes.front().layer, (undone == 1 ? 1.0 : 4.0) / scale);
  const int gates = pick({0, 0, 0, 1, 2, 3});
  const double mean = rng.uniform(2, 12) * (gates == 2 ? -0.5 : 1);
  for (Node& node : result.network.nodes) {
    Layer& layer = node.layer;
    if (gates == 1 || gates == 2) change_gates(layer, gates, mean, rng);
    if (gates == 3) spread_biases(layer, 20, rng);
  }
  const char* gate_names[] = {"", ", open gates", ", closed gates", ", biases to 20"};
  const char* scale_names[] = {", weights as drawn", "", ", weights x 4"};
  result.name = fmt::format("{}, {} to {}, k = {}, {} layer{}{}, input x 2^{}{}{}", cell, shape.input, shape.hidden, k,
                            shape.layers, shape.layers > 1 ? "s" : "",
                            shape.dense ? fmt::format(", {} outputs", shape.dense) : "", exponent, scale_names[undone],
                            gate_names[gates]);

  // Neighbouring frames resemble each other, by a share that differs between signals.
  const double share = rng.uniform(0, 0.98), rest = std::sqrt(1 - share * share);
  result.x = {{frames, shape.input}, std::vector<float>(static_cast<size_t>(frames) * shape.input)};
  std::vector<double> value(static_cast<size_t>(shape.input), 0.0);
  for (size_t at = 0; at < result.x.values.size(); ++at) {
    double& v = value[at % value.size()];
    v = share * v + rest * rng.normal();
    result.x.values[at] = static_cast<float>(scale * v);
  }
  return result;
}

}  // namespace erngen
