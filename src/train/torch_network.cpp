#include "train/torch_network.hpp"

#include <algorithm>
#include <span>

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "train/circulant_parameter.hpp"

namespace erngen {
namespace {

torch::Tensor vector_parameter(const std::vector<float>& values) { return torch::tensor(values).set_requires_grad(true); }

void store_vector(const torch::Tensor& tensor, std::vector<float>& values) {
  const torch::Tensor flat = tensor.detach().contiguous();
  std::copy_n(flat.data_ptr<float>(), values.size(), values.begin());
}

/// The biases of all gates in one tensor [gates * hidden].
template <size_t gates>
torch::Tensor gate_biases(const std::array<std::vector<float>, gates>& bias) {
  std::vector<float> all;
  for (const auto& b : bias) all.insert(all.end(), b.begin(), b.end());
  return vector_parameter(all);
}

template <size_t gates>
void store_biases(const torch::Tensor& tensor, std::array<std::vector<float>, gates>& bias) {
  for (size_t g = 0; g < gates; ++g) {
    const auto hidden = static_cast<std::int64_t>(bias[g].size());
    store_vector(tensor.narrow(0, static_cast<std::int64_t>(g) * hidden, hidden), bias[g]);
  }
}

torch::Tensor zero_state(const torch::Tensor& x, int hidden) { return torch::zeros({1, x.size(1), hidden}); }

}  // namespace

struct TorchNetwork::Layer {
  virtual ~Layer() = default;
  virtual std::vector<torch::Tensor> parameters() = 0;
  virtual torch::Tensor forward(const torch::Tensor& x) const = 0;
  virtual void store(erngen::Layer& layer) const = 0;
  virtual bool recurrent() const { return true; }
};

namespace {

// libtorch's gate orders (i, f, g, o and r, z, n) are those of Network, and its GRU resets after the product:
// n = tanh(W_n x + b_n + r (U_n h + b_hn)).

struct TorchLstm : TorchNetwork::Layer {
  explicit TorchLstm(const LstmLayer& l)
      : hidden(l.hidden), input(l.input_weights), recurrent_weights(l.recurrent_weights), bias(gate_biases(l.bias)) {}
  std::vector<torch::Tensor> parameters() override { return {input.columns(), recurrent_weights.columns(), bias}; }
  torch::Tensor forward(const torch::Tensor& x) const override {
    const torch::Tensor state = zero_state(x, hidden);
    return std::get<0>(at::lstm(x, {state, state}, {input.dense(), recurrent_weights.dense(), bias, torch::zeros_like(bias)}, true, 1, 0.0,
                                false, false, false));
  }
  void store(erngen::Layer& layer) const override {
    auto& l = std::get<LstmLayer>(layer);
    input.store(l.input_weights);
    recurrent_weights.store(l.recurrent_weights);
    store_biases(bias, l.bias);
  }
  int hidden;
  CirculantParameter input;
  CirculantParameter recurrent_weights;
  torch::Tensor bias;
};

struct TorchGru : TorchNetwork::Layer {
  explicit TorchGru(const GruLayer& l)
      : hidden(l.hidden), input(l.input_weights), recurrent_weights(l.recurrent_weights), bias(gate_biases(l.bias)),
        bias_hn(vector_parameter(l.bias_hn)) {}
  std::vector<torch::Tensor> parameters() override { return {input.columns(), recurrent_weights.columns(), bias, bias_hn}; }
  torch::Tensor forward(const torch::Tensor& x) const override {
    const torch::Tensor recurrent_bias = torch::cat({torch::zeros({2 * hidden}), bias_hn});
    return std::get<0>(at::gru(x, zero_state(x, hidden), {input.dense(), recurrent_weights.dense(), bias, recurrent_bias}, true, 1, 0.0, false,
                               false, false));
  }
  void store(erngen::Layer& layer) const override {
    auto& l = std::get<GruLayer>(layer);
    input.store(l.input_weights);
    recurrent_weights.store(l.recurrent_weights);
    store_biases(bias, l.bias);
    store_vector(bias_hn, l.bias_hn);
  }
  int hidden;
  CirculantParameter input;
  CirculantParameter recurrent_weights;
  torch::Tensor bias;
  torch::Tensor bias_hn;
};

struct TorchDense : TorchNetwork::Layer {
  explicit TorchDense(const DenseLayer& l) : weights(std::span(&l.weights, 1)) {
    if (!l.bias.empty()) bias = vector_parameter(l.bias);
  }
  std::vector<torch::Tensor> parameters() override {
    return bias.defined() ? std::vector<torch::Tensor>{weights.columns(), bias} : std::vector<torch::Tensor>{weights.columns()};
  }
  torch::Tensor forward(const torch::Tensor& x) const override { return at::linear(x, weights.dense(), bias); }
  void store(erngen::Layer& layer) const override {
    auto& l = std::get<DenseLayer>(layer);
    weights.store(std::span(&l.weights, 1));
    if (bias.defined()) store_vector(bias, l.bias);
  }
  bool recurrent() const override { return false; }
  CirculantParameter weights;
  torch::Tensor bias;
};

void refuse(size_t n, const char* what) {
  throw unsupported(fmt::format("training: layers.{} has {}, which the trainer does not compute", n, what),
                    "train an lstm without peepholes and projection, or a gru with reset after the product");
}

std::unique_ptr<TorchNetwork::Layer> make_layer(const erngen::Layer& layer, size_t n) {
  if (const auto* lstm = std::get_if<LstmLayer>(&layer)) {
    if (lstm->has_peephole()) refuse(n, "peepholes");
    if (lstm->projection) refuse(n, "a projection");
    if (lstm->candidate != Candidate::tanh) refuse(n, "a sigmoid candidate");
    if (!lstm->has_bias()) refuse(n, "no biases");
    return std::make_unique<TorchLstm>(*lstm);
  }
  if (const auto* gru = std::get_if<GruLayer>(&layer)) {
    if (gru->reset != Reset::after) refuse(n, "its reset before the product");
    if (!gru->has_bias()) refuse(n, "no biases");
    return std::make_unique<TorchGru>(*gru);
  }
  return std::make_unique<TorchDense>(std::get<DenseLayer>(layer));
}

}  // namespace

TorchNetwork::TorchNetwork(const Network& network) : network_(network) {
  for (size_t n = 0; n < network.layers.size(); ++n) layers_.push_back(make_layer(network.layers[n], n));
}
TorchNetwork::~TorchNetwork() = default;
TorchNetwork::TorchNetwork(TorchNetwork&&) noexcept = default;

std::vector<torch::Tensor> TorchNetwork::parameters() const {
  std::vector<torch::Tensor> all;
  for (const auto& layer : layers_) {
    for (const torch::Tensor& p : layer->parameters()) all.push_back(p);
  }
  return all;
}

torch::Tensor TorchNetwork::forward(const torch::Tensor& x, double dropout) const {
  torch::Tensor y = x;
  for (const auto& layer : layers_) {
    y = layer->forward(y);
    if (dropout > 0 && layer->recurrent()) y = at::dropout(y, dropout, true);
  }
  return y;
}

Network TorchNetwork::to_network() const {
  Network result = network_;
  for (size_t n = 0; n < layers_.size(); ++n) layers_[n]->store(result.layers[n]);
  return result;
}

}  // namespace erngen
