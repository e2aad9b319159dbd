#include "erngen/builder.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "network/network.hpp"

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

}  // namespace

ModelBuilder::ModelBuilder() : network_(std::make_unique<Network>()) {}
ModelBuilder::~ModelBuilder() = default;

void ModelBuilder::lstm(const LstmWeights& weights) {
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
  network_->append(std::move(layer));
}

void ModelBuilder::gru(const GruWeights& weights) {
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
  network_->append(std::move(layer));
}

void ModelBuilder::dense(const DenseWeights& weights) {
  DenseLayer layer;
  layer.weights = gate_of(weights.weights, 0, 1, "weights of a linear layer");
  layer.bias = part_of(weights.bias, 0, 1, layer.weights.rows, "bias of a linear layer");
  network_->append(std::move(layer));
}

Model ModelBuilder::model() const {
  if (network_->nodes.empty()) throw bad_input("model: has no layers");
  network_->validate();
  return Model(std::make_shared<const Network>(*network_));
}

}  // namespace erngen
