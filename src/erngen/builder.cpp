#include "erngen/builder.hpp"

#include <map>

#include <fmt/format.h>

#include "base/error.hpp"
#include "network/directions.hpp"
#include "network/output_cut.hpp"

namespace erngen {
namespace {

/// Gate `gate` of `gates` matrices below one another.
BlockMatrix gate_of(const Matrix& stacked, int gate, int gates, const char* what) {
  const size_t size = static_cast<size_t>(stacked.rows) * static_cast<size_t>(stacked.cols);
  if (stacked.rows < gates || stacked.rows % gates != 0 || stacked.cols < 1 || stacked.values.size() != size)
    throw bad_input(fmt::format("{}: [{}, {}] with {} values is no stack of {} matrices", what, stacked.rows,
                                stacked.cols, stacked.values.size(), gates));
  BlockMatrix result(stacked.rows / gates, stacked.cols, 1);
  const auto one = static_cast<std::ptrdiff_t>(result.columns.size());
  std::copy_n(stacked.values.begin() + gate * one, one, result.columns.begin());
  return result;
}

/// Part `part` of `parts` vectors of `size`, one after another; empty for none.
std::vector<float> part_of(const std::vector<float>& stacked, int part, int parts, int size, const char* what) {
  if (stacked.empty()) return {};
  if (stacked.size() != static_cast<size_t>(parts) * static_cast<size_t>(size))
    throw bad_input(fmt::format("{}: has {} values, {} are expected", what, stacked.size(), parts * size));
  return {stacked.begin() + part * size, stacked.begin() + (part + 1) * size};
}

Activation activation_of(const ActivationFunction& f) {
  for (const auto kind : {Nonlinearity::none, Nonlinearity::relu, Nonlinearity::clip, Nonlinearity::leaky_relu,
                          Nonlinearity::sigmoid, Nonlinearity::tanh, Nonlinearity::hard_sigmoid})
    if (f.kind == kind_name(kind)) return {kind, f.alpha, f.beta};
  throw bad_input(fmt::format("activation '{}': is not known", f.kind));
}

void require_inputs(const Network& network, const std::vector<int>& inputs) {
  if (inputs.empty()) throw bad_input("layer: reads nothing");
  for (const int input : inputs)
    if (input < Node::network_input || input >= static_cast<int>(network.nodes.size()))
      throw bad_input(fmt::format("layer: reads layer {}, which is not there", input));
}

}  // namespace

struct ModelBuilder::Directions {
  std::map<int, Direction> of_layer;  ///< but forward ones
};

ModelBuilder::ModelBuilder(int inputs)
    : network_(std::make_unique<Network>()), directions_(std::make_unique<Directions>()) {
  network_->input_size = inputs;
}
ModelBuilder::~ModelBuilder() = default;

int ModelBuilder::lstm(const LstmWeights& weights, const std::vector<int>& inputs, const std::string& name) {
  require_inputs(*network_, inputs);
  LstmLayer layer;
  layer.input = weights.input.cols;
  layer.hidden = weights.input.rows / 4;
  for (int gate = 0; gate < 4; ++gate) {
    layer.input_weights[static_cast<size_t>(gate)] = gate_of(weights.input, gate, 4, "input weights of an LSTM");
    layer.recurrent_weights[static_cast<size_t>(gate)] =
        gate_of(weights.recurrent, gate, 4, "recurrent weights of an LSTM");
    layer.bias[static_cast<size_t>(gate)] = part_of(weights.bias, gate, 4, layer.hidden, "bias of an LSTM");
  }
  if (weights.projection.rows > 0) layer.projection = gate_of(weights.projection, 0, 1, "projection of an LSTM");
  layer.initial_hidden = part_of(weights.initial_hidden, 0, 1, layer.output(), "initial state of an LSTM");
  layer.initial_cell = part_of(weights.initial_cell, 0, 1, layer.hidden, "initial cells of an LSTM");
  return network_->add(std::move(layer), inputs, name);
}

int ModelBuilder::gru(const GruWeights& weights, const std::vector<int>& inputs, const std::string& name) {
  require_inputs(*network_, inputs);
  GruLayer layer;
  layer.input = weights.input.cols;
  layer.hidden = weights.input.rows / 3;
  layer.reset = weights.reset_before ? Reset::before : Reset::after;
  for (int gate = 0; gate < 3; ++gate) {
    layer.input_weights[static_cast<size_t>(gate)] = gate_of(weights.input, gate, 3, "input weights of a GRU");
    layer.recurrent_weights[static_cast<size_t>(gate)] =
        gate_of(weights.recurrent, gate, 3, "recurrent weights of a GRU");
    layer.bias[static_cast<size_t>(gate)] = part_of(weights.bias, gate, 3, layer.hidden, "bias of a GRU");
  }
  layer.bias_hn = part_of(weights.bias_hn, 0, 1, layer.hidden, "bias of a GRU's candidate");
  layer.initial_hidden = part_of(weights.initial_hidden, 0, 1, layer.hidden, "initial state of a GRU");
  return network_->add(std::move(layer), inputs, name);
}

int ModelBuilder::dense(const DenseWeights& weights, const std::vector<int>& inputs, const std::string& name) {
  require_inputs(*network_, inputs);
  DenseLayer layer;
  layer.weights = gate_of(weights.weights, 0, 1, "weights of a linear layer");
  layer.bias = part_of(weights.bias, 0, 1, layer.weights.rows, "bias of a linear layer");
  layer.activation = activation_of(weights.activation);
  return network_->add(std::move(layer), inputs, name);
}

int ModelBuilder::rnn(const RnnWeights& weights, const std::vector<int>& inputs, const std::string& name) {
  require_inputs(*network_, inputs);
  RnnLayer layer;
  layer.input = weights.input.cols;
  layer.hidden = weights.input.rows;
  layer.activation = activation_of(weights.activation);
  layer.input_weights[0] = gate_of(weights.input, 0, 1, "input weights of an RNN");
  layer.recurrent_weights[0] = gate_of(weights.recurrent, 0, 1, "recurrent weights of an RNN");
  layer.bias[0] = part_of(weights.bias, 0, 1, layer.hidden, "bias of an RNN");
  layer.initial_hidden = part_of(weights.initial_hidden, 0, 1, layer.hidden, "initial state of an RNN");
  return network_->add(std::move(layer), inputs, name);
}

int ModelBuilder::add(const std::vector<int>& inputs, const ActivationFunction& activation, const std::string& name) {
  require_inputs(*network_, inputs);
  return network_->add(AddLayer{network_->size_of(inputs.front()), activation_of(activation)}, inputs, name);
}

void ModelBuilder::run_backward(int layer) {
  require_inputs(*network_, {layer});
  if (layer < 0 || !is_recurrent(network_->nodes[static_cast<size_t>(layer)].layer))
    throw bad_input(fmt::format("layer {}: is not recurrent, it has no direction", layer));
  directions_->of_layer[layer] = Direction::backward;
}

int ModelBuilder::flip(int layer, const std::string& name) {
  const int flipped = add({layer}, {}, name);
  directions_->of_layer[flipped] = Direction::flipped;
  return flipped;
}

int ModelBuilder::first_frame(int layer, const std::string& name) {
  const auto found = directions_->of_layer.find(layer);
  if (found == directions_->of_layer.end() || found->second != Direction::backward)
    throw unsupported(fmt::format("layer {}: its first frame is taken, but it does not run backward", layer),
                      "take the frame out of the results on the host");
  const int first = add({layer}, {}, name);
  directions_->of_layer[first] = Direction::final_state;
  return first;
}

Model ModelBuilder::model(const std::vector<int>& outputs, bool last_frame_only, const std::string& cut,
                          const std::vector<LayerBlocks>& blocks) const {
  require_inputs(*network_, outputs);
  auto network = std::make_shared<Network>(*network_);
  network->outputs = outputs;
  network->last_frame_only = last_frame_only;
  if (!cut.empty()) network->metadata["output"] = {{"cut", cut}};
  output_cut(network->metadata);
  network->validate();
  Model model(std::move(network));
  if (!blocks.empty()) model = model.compressed(blocks);
  if (directions_->of_layer.empty()) return model;
  std::vector<Direction> directions(model.network().nodes.size(), Direction::forward);
  for (const auto& [layer, direction] : directions_->of_layer) directions[static_cast<size_t>(layer)] = direction;
  return Model(std::make_shared<const Network>(streaming_network(model.network(), directions)));
}

}  // namespace erngen
