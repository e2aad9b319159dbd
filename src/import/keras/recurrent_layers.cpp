// LSTM, GRU and SimpleRNN.
#include <fmt/format.h>

#include "import/keras/activation.hpp"
#include "import/keras/context.hpp"
#include "import/keras/recurrent.hpp"

namespace erngen::keras {
namespace {

void refuse_variants(const Applied& applied) {
  const Config& config = applied.config();
  if (config.flag("go_backwards", false))
    throw unsupported(config.what() + ": go_backwards reads each sequence from its end: it cannot run frame by frame",
                      "train the model without it, or turn the sequences on the host");
  if (config.flag("zero_output_for_mask", false))
    throw unsupported(config.what() + ": zero_output_for_mask, a mask is not supported", "train the model without it");
  if (!applied.call.named.empty() || applied.inputs.size() > 1)
    throw unsupported(fmt::format("{}: reads {} from another layer", config.what(),
                                  applied.call.named.empty() ? "initial states" : applied.call.named.front()),
                      "erngen starts a sequence with states that are zero or constant");
  if (applied.input().last) throw unsupported(config.what() + ": reads single vectors as a sequence");
}

Kernels kernels(const Applied& applied) {
  const bool bias = applied.config().flag("use_bias", true);
  std::vector<std::string> names{"kernel", "recurrent_kernel"};
  if (bias) names.push_back("bias");
  auto variables = applied.context.weights.read(applied.layer, "cell", names);
  Kernels result{std::move(variables[0]), std::move(variables[1]), {}};
  if (bias) result.bias = std::move(variables[2]);
  return result;
}

template <class LayerT>
Traced add(const Applied& applied, LayerT layer) {
  const Traced& x = applied.input();
  const bool last = !applied.config().flag("return_sequences", false);
  return {applied.context.builder.recurrent(std::move(layer), x.signal, applied.layer.name), last, ""};
}

Traced lstm(const Applied& applied) {
  refuse_variants(applied);
  const Config& config = applied.config();
  LstmLayer layer = lstm_layer(kernels(applied), config.size("units"), config.what());
  layer.gate_activation = gate_function(config, "recurrent_activation", applied.context.version);
  layer.candidate = layer.cell_activation = gate_function(config, "activation", applied.context.version);
  return add(applied, std::move(layer));
}

Traced gru(const Applied& applied) {
  refuse_variants(applied);
  const Config& config = applied.config();
  const Kernels variables = kernels(applied);
  // Before it was an option, the reset was before the product; the bias of the other kind has two rows.
  const bool two_biases = variables.bias && variables.bias->shape.size() == 2;
  const Reset reset = config.flag("reset_after", two_biases) ? Reset::after : Reset::before;
  GruLayer layer = gru_layer(variables, config.size("units"), reset, config.what());
  layer.gate_activation = gate_function(config, "recurrent_activation", applied.context.version);
  layer.candidate = gate_function(config, "activation", applied.context.version);
  return add(applied, std::move(layer));
}

Traced simple_rnn(const Applied& applied) {
  refuse_variants(applied);
  const Config& config = applied.config();
  RnnLayer layer = rnn_layer(kernels(applied), config.size("units"), config.what());
  layer.activation = gate_function(config, "activation", applied.context.version);
  return add(applied, std::move(layer));
}

}  // namespace

const std::map<std::string, LayerReader>& recurrent_layers() {
  static const std::map<std::string, LayerReader> readers{{"LSTM", lstm}, {"GRU", gru}, {"SimpleRNN", simple_rnn}};
  return readers;
}

}  // namespace erngen::keras
