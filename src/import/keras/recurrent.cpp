#include "import/keras/recurrent.hpp"

#include <array>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen::keras {
namespace {

int inputs_of(const Tensor& kernel, const std::string& what) {
  if (kernel.shape.size() != 2 || kernel.size() == 0)
    throw bad_input(fmt::format("{}: a kernel of shape {}, expected a matrix", what, kernel.shape_text()));
  return kernel.shape[0];
}

/// Columns gate * units .. of a kernel, transposed.
BlockMatrix gate_matrix(const std::vector<float>& kernel, int inputs, int gates, int gate, int units) {
  BlockMatrix matrix(units, inputs, 1);
  for (int row = 0; row < units; ++row)
    for (int col = 0; col < inputs; ++col)
      *matrix.at(row, col) = kernel[(static_cast<size_t>(col) * gates + gate) * units + row];
  return matrix;
}

std::vector<float> gate_part(const std::vector<float>& bias, int gate, int units) {
  const auto begin = bias.begin() + static_cast<std::ptrdiff_t>(gate) * units;
  return {begin, begin + units};
}

/// `order`: the place of each of the layer's gates among Keras's.
template <class LayerT, size_t gates>
void set_matrices(LayerT& layer, const Kernels& kernels, int units, const std::array<int, gates>& order,
                  const std::string& what) {
  const int count = static_cast<int>(gates);
  layer.input = inputs_of(kernels.input, what + ": kernel");
  layer.hidden = units;
  const auto& input = values_of(kernels.input, {layer.input, count * units}, what + ": kernel");
  const auto& recurrent = values_of(kernels.recurrent, {units, count * units}, what + ": recurrent_kernel");
  for (size_t gate = 0; gate < gates; ++gate) {
    layer.input_weights[gate] = gate_matrix(input, layer.input, count, order[gate], units);
    layer.recurrent_weights[gate] = gate_matrix(recurrent, units, count, order[gate], units);
  }
}

}  // namespace

const std::vector<float>& values_of(const Tensor& tensor, const std::vector<int>& shape, const std::string& what) {
  if (!tensor.is_float() || tensor.shape != shape)
    throw bad_input(fmt::format("{} is {} of {}, expected real numbers of {}", what,
                                tensor.is_float() ? "real numbers" : "whole numbers", tensor.shape_text(),
                                Tensor{shape, {}}.shape_text()));
  return std::get<0>(tensor.values);
}

LstmLayer lstm_layer(const Kernels& kernels, int units, const std::string& what) {
  LstmLayer layer;
  constexpr std::array order{0, 1, 2, 3};
  set_matrices(layer, kernels, units, order, what);
  if (kernels.bias) {
    const auto& bias = values_of(*kernels.bias, {4 * units}, what + ": bias");
    for (int gate = 0; gate < 4; ++gate) layer.bias[gate] = gate_part(bias, gate, units);
  }
  return layer;
}

GruLayer gru_layer(const Kernels& kernels, int units, Reset reset, const std::string& what) {
  GruLayer layer;
  layer.reset = reset;
  constexpr std::array order{1, 0, 2};  // r, z, n among z, r, h
  set_matrices(layer, kernels, units, order, what);
  if (!kernels.bias) return layer;
  if (reset == Reset::before) {
    const auto& bias = values_of(*kernels.bias, {3 * units}, what + ": bias");
    for (int gate = 0; gate < 3; ++gate) layer.bias[gate] = gate_part(bias, order[gate], units);
    return layer;
  }
  // For the candidate the two biases cannot be summed: n = tanh(W x + b + r (U h + b_h)).
  const auto& bias = values_of(*kernels.bias, {2, 3 * units}, what + ": bias");
  const std::vector<float> of_state(bias.begin() + 3 * units, bias.end());
  for (int gate = 0; gate < 3; ++gate) layer.bias[gate] = gate_part(bias, order[gate], units);
  for (int gate = 0; gate < 2; ++gate)
    for (int n = 0; n < units; ++n) layer.bias[gate][n] += of_state[order[gate] * units + n];
  layer.bias_hn = gate_part(of_state, order[GruLayer::n], units);
  return layer;
}

RnnLayer rnn_layer(const Kernels& kernels, int units, const std::string& what) {
  RnnLayer layer;
  constexpr std::array order{0};
  set_matrices(layer, kernels, units, order, what);
  if (kernels.bias) layer.bias[0] = values_of(*kernels.bias, {units}, what + ": bias");
  return layer;
}

BlockMatrix dense_matrix(const Tensor& kernel, int units, const std::string& what) {
  const int inputs = inputs_of(kernel, what + ": kernel");
  return gate_matrix(values_of(kernel, {inputs, units}, what + ": kernel"), inputs, 1, 0, units);
}

}  // namespace erngen::keras
