#include "train/torch_network.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "base/error.hpp"
#include "train/circulant_parameter.hpp"

namespace erngen {
namespace {

torch::Tensor vector_parameter(const std::vector<float>& values) {
  return torch::tensor(values).set_requires_grad(true);
}

void store_vector(const torch::Tensor& tensor, std::vector<float>& values) {
  const torch::Tensor flat = tensor.detach().contiguous();
  std::copy_n(flat.data_ptr<float>(), values.size(), values.begin());
}

/// The vectors of all gates in one tensor [gates * hidden].
template <size_t gates>
torch::Tensor gate_vectors(const std::array<std::vector<float>, gates>& bias) {
  std::vector<float> all;
  for (const auto& b : bias) all.insert(all.end(), b.begin(), b.end());
  return vector_parameter(all);
}

template <size_t gates>
void store_vectors(const torch::Tensor& tensor, std::array<std::vector<float>, gates>& bias) {
  for (size_t g = 0; g < gates; ++g) {
    const auto hidden = static_cast<std::int64_t>(bias[g].size());
    store_vector(tensor.narrow(0, static_cast<std::int64_t>(g) * hidden, hidden), bias[g]);
  }
}

}  // namespace

struct TorchNetwork::Layer {
  virtual ~Layer() = default;
  virtual std::vector<torch::Tensor> parameters() const = 0;
  virtual torch::Tensor forward(const torch::Tensor& x, const PackingPointer& packing,
                                const GivenSignals* given) const = 0;
  virtual void store(erngen::Layer& layer) const = 0;
  virtual bool recurrent() const { return true; }
};

namespace {

/// The defined ones.
std::vector<torch::Tensor> present(std::initializer_list<torch::Tensor> tensors) {
  std::vector<torch::Tensor> result;
  for (const torch::Tensor& t : tensors) {
    if (t.defined()) result.push_back(t);
  }
  return result;
}

struct TorchLstm : TorchNetwork::Layer {
  explicit TorchLstm(const LstmLayer& l)
      : candidate(l.candidate), input(l.input_weights), recurrent_weights(l.recurrent_weights) {
    if (l.projection) projection.emplace(std::span(&*l.projection, 1));
    if (l.has_bias()) bias = gate_vectors(l.bias);
    if (l.has_peephole()) peephole = gate_vectors(l.peephole);
  }
  std::vector<torch::Tensor> parameters() const override {
    return present({input.columns(), recurrent_weights.columns(), projection ? projection->columns() : torch::Tensor(),
                    bias, peephole});
  }
  torch::Tensor forward(const torch::Tensor& x, const PackingPointer& packing,
                        const GivenSignals* given) const override {
    const LstmTensors w{input.dense(),
                        recurrent_weights.dense(),
                        bias,
                        peephole.defined() ? peephole.reshape({3, -1}) : peephole,
                        projection ? projection->dense() : torch::Tensor(),
                        candidate};
    return lstm(w, x, packing, given ? &given->lstm : nullptr);
  }
  void store(erngen::Layer& layer) const override {
    auto& l = std::get<LstmLayer>(layer);
    input.store(l.input_weights);
    recurrent_weights.store(l.recurrent_weights);
    if (projection) projection->store(std::span(&*l.projection, 1));
    if (bias.defined()) store_vectors(bias, l.bias);
    if (peephole.defined()) store_vectors(peephole, l.peephole);
  }
  Activation candidate;
  CirculantParameter input, recurrent_weights;
  std::optional<CirculantParameter> projection;
  torch::Tensor bias, peephole;
};

struct TorchGru : TorchNetwork::Layer {
  explicit TorchGru(const GruLayer& l)
      : reset(l.reset), input(l.input_weights), recurrent_weights(l.recurrent_weights) {
    if (l.has_bias()) bias = gate_vectors(l.bias);
    if (!l.bias_hn.empty()) bias_hn = vector_parameter(l.bias_hn);
  }
  std::vector<torch::Tensor> parameters() const override {
    return present({input.columns(), recurrent_weights.columns(), bias, bias_hn});
  }
  torch::Tensor forward(const torch::Tensor& x, const PackingPointer& packing,
                        const GivenSignals* given) const override {
    return gru({input.dense(), recurrent_weights.dense(), bias, bias_hn, reset}, x, packing,
               given ? &given->gru : nullptr);
  }
  void store(erngen::Layer& layer) const override {
    auto& l = std::get<GruLayer>(layer);
    input.store(l.input_weights);
    recurrent_weights.store(l.recurrent_weights);
    if (bias.defined()) store_vectors(bias, l.bias);
    if (bias_hn.defined()) store_vector(bias_hn, l.bias_hn);
  }
  Reset reset;
  CirculantParameter input, recurrent_weights;
  torch::Tensor bias, bias_hn;
};

struct TorchDense : TorchNetwork::Layer {
  explicit TorchDense(const DenseLayer& l) : weights(std::span(&l.weights, 1)) {
    if (!l.bias.empty()) bias = vector_parameter(l.bias);
  }
  std::vector<torch::Tensor> parameters() const override { return present({weights.columns(), bias}); }
  torch::Tensor forward(const torch::Tensor& x, const PackingPointer&, const GivenSignals* given) const override {
    const torch::Tensor y = at::linear(x, weights.dense(), bias);
    return given ? given->linear + (y - y.detach()) : y;  // the given values, the gradient of the product
  }
  void store(erngen::Layer& layer) const override {
    auto& l = std::get<DenseLayer>(layer);
    weights.store(std::span(&l.weights, 1));
    if (bias.defined()) store_vector(bias, l.bias);
  }
  bool recurrent() const override { return false; }
  CirculantParameter weights;
  torch::Tensor bias;
};

/// The trainer's recurrent layers have the usual functions and begin at zero.
template <class LayerT>
bool is_usual(const LayerT& layer) {
  bool usual = layer.gate_activation == Nonlinearity::sigmoid && layer.initial_hidden.empty();
  if constexpr (requires { layer.cell_activation; })
    usual = usual && layer.cell_activation == Nonlinearity::tanh && layer.initial_cell.empty() &&
            (layer.candidate == Nonlinearity::tanh || layer.candidate == Nonlinearity::sigmoid);
  else
    usual = usual && layer.candidate == Nonlinearity::tanh;
  return usual;
}

std::unique_ptr<TorchNetwork::Layer> make_layer(const erngen::Layer& layer) {
  const auto* any_lstm = std::get_if<LstmLayer>(&layer);
  const auto* any_gru = std::get_if<GruLayer>(&layer);
  if ((any_lstm && !is_usual(*any_lstm)) || (any_gru && !is_usual(*any_gru)))
    throw unsupported("training: a recurrent layer with other functions or another initial state than the usual",
                      "train such networks in Python with erngen.torch");
  if (const auto* lstm = std::get_if<LstmLayer>(&layer)) return std::make_unique<TorchLstm>(*lstm);
  if (const auto* gru = std::get_if<GruLayer>(&layer)) return std::make_unique<TorchGru>(*gru);
  if (!std::holds_alternative<DenseLayer>(layer) || std::get<DenseLayer>(layer).activation != Activation())
    throw unsupported(fmt::format("training: a layer of the kind {}", kind_name(layer)),
                      "train such networks in Python with erngen.torch");
  return std::make_unique<TorchDense>(std::get<DenseLayer>(layer));
}

}  // namespace

TorchNetwork::TorchNetwork(const Network& network) : network_(network) {
  if (!network.is_chain())
    throw unsupported("training: a network whose layers do not read one another in a row",
                      "train such networks in Python with erngen.torch");
  for (const Node& node : network.nodes) layers_.push_back(make_layer(node.layer));
}
TorchNetwork::~TorchNetwork() = default;
TorchNetwork::TorchNetwork(TorchNetwork&&) noexcept = default;
TorchNetwork& TorchNetwork::operator=(TorchNetwork&&) noexcept = default;

std::vector<torch::Tensor> TorchNetwork::parameters() const {
  std::vector<torch::Tensor> all;
  for (const auto& layer : layers_) {
    for (const torch::Tensor& p : layer->parameters()) all.push_back(p);
  }
  return all;
}

torch::Tensor TorchNetwork::forward(const torch::Tensor& x, const PackingPointer& packing, double dropout,
                                    const std::vector<GivenSignals>* given) const {
  torch::Tensor y = x;
  for (size_t n = 0; n < layers_.size(); ++n) {
    y = layers_[n]->forward(y, packing, given ? &(*given)[n] : nullptr);
    if (dropout > 0 && layers_[n]->recurrent()) y = at::dropout(y, dropout, true);
  }
  return y;
}

Network TorchNetwork::to_network() const {
  Network result = network_;
  for (size_t n = 0; n < layers_.size(); ++n) layers_[n]->store(result.nodes[n].layer);
  return result;
}

std::vector<torch::Tensor> parameter_values(const Network& network) {
  std::vector<torch::Tensor> values;
  for (const torch::Tensor& p : TorchNetwork(network).parameters()) values.push_back(p.detach());
  return values;
}

}  // namespace erngen
