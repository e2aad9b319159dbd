// LSTM, GRU and RNN nodes as layers. Equations and orders of gates: https://onnx.ai/onnx/operators
#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "import/onnx/context.hpp"
#include "import/onnx/recurrent_node.hpp"

namespace erngen::onnx {
namespace {

using Inputs = const std::vector<Value>&;

std::vector<float> sum(std::vector<float> a, const std::vector<float>& b) {
  for (size_t e = 0; e < a.size(); ++e) a[e] += b[e];
  return a;
}

void negate(std::vector<float>& values) {
  for (float& value : values) value = -value;
}

/// Moves the scale and offset of f(scale z + offset) into what z is computed from: matrices, factors of states
/// (peepholes, the bias behind a reset), and the bias, which alone takes the offset.
void fold(const GateFunction& function, std::initializer_list<BlockMatrix*> weights, std::vector<float>& factors,
          std::vector<float>& bias, int hidden) {
  if (function.plain()) return;
  for (BlockMatrix* matrix : weights)
    for (float& w : matrix->columns) w *= function.scale;
  for (float& value : factors) value *= function.scale;
  for (float& value : bias) value *= function.scale;
  if (function.offset == 0) return;
  bias.resize(hidden);
  for (float& value : bias) value += function.offset;
}

/// Biases stand in a layer either all or not at all.
template <class LayerT>
void complete_biases(LayerT& layer) {
  if (std::ranges::all_of(layer.bias, [](const auto& bias) { return bias.empty(); })) return;
  for (auto& bias : layer.bias) bias.resize(layer.hidden);
}

// i = f(..), o = f(..), f = f(..), c~ = g(..); input_forget: f = 1 - i. Stored in the order i, o, f, c; peepholes i, o,
// f.
LstmLayer lstm_layer(const RecurrentNode& recurrent, const GraphNode& node) {
  const auto functions = recurrent.functions();
  LstmLayer layer;
  layer.input = recurrent.input(), layer.hidden = recurrent.hidden();
  layer.gate_activation = functions[0].activation, layer.candidate = functions[1].activation;
  layer.cell_activation = functions[2].activation;
  if (!functions[2].plain()) throw unsupported("the activation of the cell state is scaled");
  const Constant w = *recurrent.weights(1, "W"), r = *recurrent.weights(2, "R");
  const auto p = recurrent.weights(7, "P");
  if (p && (p->rank() != 1 || !p->shape().front().is(3 * layer.hidden)))
    throw bad_input(fmt::format("P has shape [1, {}], not [1, {}]", shape_text(p->shape()), 3 * layer.hidden));
  constexpr int place[4] = {0, 2, 3, 1};  // of i, f, g, o
  for (int gate = 0; gate < 4; ++gate) {
    const int at = place[gate];
    layer.input_weights[gate] = recurrent.gate(w, at);
    layer.recurrent_weights[gate] = recurrent.gate(r, at);
    layer.bias[gate] = sum(recurrent.bias(at), recurrent.bias(4 + at));
  }
  const auto peephole = [&](int at) { return p->along(0, at * layer.hidden, layer.hidden, 1).reals("P"); };
  if (p) layer.peephole = {peephole(0), peephole(2), peephole(1)};
  const int coupled = static_cast<int>(node.integer("input_forget", 0));
  for (const auto gate : {LstmLayer::i, LstmLayer::f, LstmLayer::g, LstmLayer::o}) {
    std::vector<float> none, *own = gate == LstmLayer::g ? &none : &layer.peephole[gate == LstmLayer::o ? 2 : gate];
    fold(functions[gate == LstmLayer::g ? 1 : 0], {&layer.input_weights[gate], &layer.recurrent_weights[gate]}, *own,
         layer.bias[gate], layer.hidden);
  }
  complete_biases(layer);
  if (coupled != 0) {
    // 1 - f(z) = f(-z) for the sigmoid, and for the hard sigmoid about 1/2.
    const Activation& f = layer.gate_activation;
    if (f.kind != Nonlinearity::sigmoid && !(f.kind == Nonlinearity::hard_sigmoid && f.beta == 0.5f))
      throw unsupported(
          fmt::format("input_forget is 1 with {} gates: the forget gate 1 - i is no such gate", activation_name(f)));
    layer.input_weights[LstmLayer::f] = layer.input_weights[LstmLayer::i];
    layer.recurrent_weights[LstmLayer::f] = layer.recurrent_weights[LstmLayer::i];
    negate(layer.input_weights[LstmLayer::f].columns);
    negate(layer.recurrent_weights[LstmLayer::f].columns);
    negate(layer.bias[LstmLayer::f] = layer.bias[LstmLayer::i]);
    negate(layer.peephole[1] = layer.peephole[0]);
  }
  layer.initial_hidden = recurrent.initial(5, "initial_h");
  layer.initial_cell = recurrent.initial(6, "initial_c");
  return layer;
}

std::vector<Value> lstm(Context& context, const GraphNode& node, Inputs inputs) {
  RecurrentNode recurrent(context, node, inputs, {4, {"Sigmoid", "Tanh", "Tanh"}});
  recurrent.require_no_clip();
  auto results = recurrent.apply([&] { return lstm_layer(recurrent, node); });
  results.push_back(State{"the final cell state of " + node.label(), false, shape_of(results[1])});
  return results;
}

/// nn.GRU is always reset after the product, but onnxscript before 0.7.1 wrote linear_before_reset = 0 for it
/// (https://github.com/microsoft/onnxscript/pull/2852); nothing else in the file tells.
Reset reset_of(Context& context, const GraphNode& node) {
  if (node.integer("linear_before_reset", 0) != 0) return Reset::after;
  if (context.model.producer != "pytorch") return Reset::before;
  if (context.reset_after) return context.doubtful_reset = true, Reset::after;
  throw unsupported(
      "linear_before_reset is 0 in a file of PyTorch: nn.GRU is reset after the product, and onnxscript before 0.7.1 "
      "wrote 0 wrongly (onnxscript#2852)",
      "import with --gru-reset after if the model is an nn.GRU, or export again with onnxscript 0.7.1 or later");
}

// z = f(..), r = f(..), h~ = g(..). Stored in the order z, r, h.
GruLayer gru_layer(const RecurrentNode& recurrent, Context& context, const GraphNode& node) {
  const auto functions = recurrent.functions();
  GruLayer layer;
  layer.input = recurrent.input(), layer.hidden = recurrent.hidden();
  layer.reset = reset_of(context, node);
  layer.gate_activation = functions[0].activation, layer.candidate = functions[1].activation;
  const Constant w = *recurrent.weights(1, "W"), r = *recurrent.weights(2, "R");
  constexpr int place[3] = {1, 0, 2};  // of r, z, n
  for (int gate = 0; gate < 3; ++gate) {
    const int at = place[gate];
    layer.input_weights[gate] = recurrent.gate(w, at);
    layer.recurrent_weights[gate] = recurrent.gate(r, at);
    const bool apart = gate == GruLayer::n && layer.reset == Reset::after;
    layer.bias[gate] = apart ? recurrent.bias(at) : sum(recurrent.bias(at), recurrent.bias(3 + at));
    if (apart) layer.bias_hn = recurrent.bias(3 + at);
    std::vector<float> none;
    fold(functions[gate == GruLayer::n ? 1 : 0], {&layer.input_weights[gate], &layer.recurrent_weights[gate]},
         apart ? layer.bias_hn : none, layer.bias[gate], layer.hidden);
  }
  complete_biases(layer);
  if (layer.has_bias() && layer.reset == Reset::after) layer.bias_hn.resize(layer.hidden);
  layer.initial_hidden = recurrent.initial(5, "initial_h");
  return layer;
}

std::vector<Value> gru(Context& context, const GraphNode& node, Inputs inputs) {
  RecurrentNode recurrent(context, node, inputs, {3, {"Sigmoid", "Tanh"}});
  recurrent.require_no_clip();
  return recurrent.apply([&] { return gru_layer(recurrent, context, node); });
}

// h = f(W x + R h + Wb + Rb).
RnnLayer rnn_layer(const RecurrentNode& recurrent) {
  const GateFunction& function = recurrent.functions()[0];
  RnnLayer layer;
  layer.input = recurrent.input(), layer.hidden = recurrent.hidden();
  layer.activation = function.activation;
  layer.input_weights[0] = recurrent.gate(*recurrent.weights(1, "W"), 0);
  layer.recurrent_weights[0] = recurrent.gate(*recurrent.weights(2, "R"), 0);
  layer.bias[0] = sum(recurrent.bias(0), recurrent.bias(1));
  std::vector<float> none;
  fold(function, {&layer.input_weights[0], &layer.recurrent_weights[0]}, none, layer.bias[0], layer.hidden);
  layer.initial_hidden = recurrent.initial(5, "initial_h");
  return layer;
}

std::vector<Value> rnn(Context& context, const GraphNode& node, Inputs inputs) {
  RecurrentNode recurrent(context, node, inputs, {1, {"Tanh"}});
  recurrent.require_no_clip();
  return recurrent.apply([&] { return rnn_layer(recurrent); });
}

}  // namespace

const Operations& recurrent_operations() {
  static const Operations all = {{"LSTM", lstm}, {"GRU", gru}, {"RNN", rnn}};
  return all;
}

}  // namespace erngen::onnx
