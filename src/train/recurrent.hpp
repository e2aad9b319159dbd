// The recurrent layers of training: forward over packed sequences and the exact gradient, by hand. (libtorch)
//
// libtorch's own cells know neither peepholes nor a GRU with reset before the product, and spend most of their time on
// small tensors of automatic differentiation. Here a layer is one node of the graph: one product for the inputs of all
// frames, one product and one pass of element-wise work a frame, and in the backward direction one product a frame and
// one for each matrix's gradient.
#pragma once

#include <functional>

#include "network/network.hpp"
#include "train/packed.hpp"

namespace erngen {

/// The weights of an LSTM layer as dense tensors, gates in the order i, f, g, o. Undefined tensors: the layer has none.
struct LstmTensors {
  torch::Tensor input;       ///< [4 hidden, input]
  torch::Tensor recurrent;   ///< [4 hidden, output]
  torch::Tensor bias;        ///< [4 hidden]
  torch::Tensor peephole;    ///< [3, hidden], i, f, o
  torch::Tensor projection;  ///< [output, hidden]
  Activation candidate = Nonlinearity::tanh;
};

/// What a run of an LSTM layer leaves behind: enough for the gradient. All packed.
struct LstmSignals {
  torch::Tensor gates;     ///< [rows, 4 hidden], after the activations
  torch::Tensor cell;      ///< [rows, hidden]
  torch::Tensor squashed;  ///< [rows, hidden], tanh(cell)
  torch::Tensor hidden;    ///< [rows, hidden], m
  torch::Tensor output;    ///< [rows, output], the recurrent vector: the projection of m, or m
};

/// The weights of a GRU layer, gates in the order r, z, n.
struct GruTensors {
  torch::Tensor input;      ///< [3 hidden, input]
  torch::Tensor recurrent;  ///< [3 hidden, hidden]
  torch::Tensor bias;       ///< [3 hidden] or undefined
  torch::Tensor bias_hn;    ///< [hidden] or undefined
  Reset reset = Reset::after;
};

struct GruSignals {
  torch::Tensor gates;   ///< [rows, 3 hidden], r, z and n after the activations
  torch::Tensor inner;   ///< [rows, hidden]: reset after: U_n h(t-1) + b_hn; reset before: r h(t-1)
  torch::Tensor output;  ///< [rows, hidden]
};

/// Runs the layer on x [rows, input] from a cleared state.
LstmSignals run_lstm(const LstmTensors& weights, const torch::Tensor& x, const Packing& packing);
GruSignals run_gru(const GruTensors& weights, const torch::Tensor& x, const Packing& packing);

/// The same, differentiable with respect to x and all weights; returns the output. With `given`, the signals are not
/// computed but taken from there (quantisation-aware training: the fixed-point model computed them) and the gradient is
/// that of the real layer at these values.
torch::Tensor lstm(const LstmTensors& weights, const torch::Tensor& x, const PackingPointer& packing,
                   const LstmSignals* given = nullptr);
torch::Tensor gru(const GruTensors& weights, const torch::Tensor& x, const PackingPointer& packing,
                  const GruSignals* given = nullptr);

}  // namespace erngen
