#include "network/random_network.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/random.hpp"

namespace erngen {
namespace {

/// Draws matrices and vectors in a fixed order.
class Filler {
 public:
  explicit Filler(std::uint64_t seed) : rng_(seed) {}

  BlockMatrix matrix(int rows, int cols, int block) {
    BlockMatrix m(rows, cols, block);
    const double scale = 1 / std::sqrt(cols);  // sqrt is correctly rounded: the same bits everywhere
    for (float& w : m.columns) w = draw(scale);
    return m;
  }
  std::vector<float> vector(int size, double scale, double mean = 0) {
    std::vector<float> v(static_cast<size_t>(size));
    for (float& x : v) x = static_cast<float>(mean) + draw(scale);
    return v;
  }

 private:
  float draw(double scale) { return static_cast<float>(scale * rng_.normal()); }
  Rng rng_;
};

LstmLayer random_lstm(const NetworkShape& shape, const BlockSizes& block, int input, Filler& fill) {
  LstmLayer layer;
  layer.input = input;
  layer.hidden = shape.hidden;
  layer.candidate = shape.candidate;
  const int output = shape.projection > 0 ? shape.projection : shape.hidden;
  for (BlockMatrix& m : layer.input_weights) m = fill.matrix(shape.hidden, input, block.input);
  for (BlockMatrix& m : layer.recurrent_weights) m = fill.matrix(shape.hidden, output, block.recurrent);
  if (shape.projection > 0) layer.projection = fill.matrix(shape.projection, shape.hidden, block.projection);
  if (shape.bias)
    for (int gate = 0; gate < 4; ++gate)
      layer.bias[gate] = fill.vector(shape.hidden, 0.1, gate == LstmLayer::f ? 1.0 : 0.0);
  if (shape.peephole)
    for (auto& peephole : layer.peephole) peephole = fill.vector(shape.hidden, 0.5);
  return layer;
}

GruLayer random_gru(const NetworkShape& shape, const BlockSizes& block, int input, Filler& fill) {
  GruLayer layer;
  layer.input = input;
  layer.hidden = shape.hidden;
  layer.reset = shape.reset;
  for (BlockMatrix& m : layer.input_weights) m = fill.matrix(shape.hidden, input, block.input);
  for (BlockMatrix& m : layer.recurrent_weights) m = fill.matrix(shape.hidden, shape.hidden, block.recurrent);
  if (shape.bias) {
    for (auto& bias : layer.bias) bias = fill.vector(shape.hidden, 0.1);
    if (shape.reset == Reset::after) layer.bias_hn = fill.vector(shape.hidden, 0.1);
  }
  return layer;
}

RnnLayer random_rnn(const NetworkShape& shape, const BlockSizes& block, int input, Filler& fill) {
  RnnLayer layer;
  layer.input = input;
  layer.hidden = shape.hidden;
  layer.activation = shape.activation;
  layer.input_weights[0] = fill.matrix(shape.hidden, input, block.input);
  layer.recurrent_weights[0] = fill.matrix(shape.hidden, shape.hidden, block.recurrent);
  for (float& w : layer.recurrent_weights[0].columns) w *= 0.5f;  // without a limit the states stay bounded
  if (shape.bias) layer.bias[0] = fill.vector(shape.hidden, 0.1);
  return layer;
}

void require_range(const char* name, int value, int low, int high) {
  if (value < low || value > high) throw wrong_option(fmt::format("{} {} is outside {}..{}", name, value, low, high));
}

}  // namespace

Network random_network(const NetworkShape& shape) {
  require_range("input size", shape.input, 1, 65536);
  require_range("hidden size", shape.hidden, 1, 65536);
  require_range("projection size", shape.projection, 0, 65536);
  require_range("number of layers", shape.layers, 1, 64);
  require_range("dense size", shape.dense, 0, 65536);
  if (shape.cell != CellKind::lstm && (shape.projection > 0 || shape.peephole || shape.candidate != Nonlinearity::tanh))
    throw Error(ExitCode::usage, "only an LSTM has a projection, peepholes and a choice of candidate",
                "leave these options out, or choose an LSTM");
  if (shape.cell != CellKind::gru && shape.reset == Reset::before)
    throw Error(ExitCode::usage, "only a GRU has a reset gate", "leave the option out, or choose a GRU");
  if (shape.cell != CellKind::rnn && shape.activation != Nonlinearity::tanh)
    throw Error(ExitCode::usage, "only plain recurrent layers have a choice of activation",
                "leave the option out, or choose rnn");

  for (const auto& [layer, block] : shape.block.layers)
    require_range("block sizes for layer", layer, 0, shape.layers - (shape.dense > 0 ? 0 : 1));

  Filler fill(shape.seed);
  Network network;
  int size = shape.input;
  for (int n = 0; n < shape.layers; ++n) {
    if (shape.cell == CellKind::lstm)
      network.append(random_lstm(shape, shape.block.of(n), size, fill));
    else if (shape.cell == CellKind::rnn)
      network.append(random_rnn(shape, shape.block.of(n), size, fill));
    else
      network.append(random_gru(shape, shape.block.of(n), size, fill));
    size = network.output();
  }
  if (shape.dense > 0) {
    DenseLayer layer{fill.matrix(shape.dense, size, shape.block.of(shape.layers).dense), {}, shape.dense_activation};
    if (shape.bias) layer.bias = fill.vector(shape.dense, 0.1);
    network.append(std::move(layer));
  }
  network.validate();
  return network;
}

}  // namespace erngen
