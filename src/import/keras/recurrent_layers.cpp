// LSTM, GRU and SimpleRNN, in one direction or both.
#include <fmt/format.h>

#include "import/keras/activation.hpp"
#include "import/keras/context.hpp"
#include "import/keras/recurrent.hpp"

namespace erngen::keras {
namespace {

/// A recurrent layer, by itself or within Bidirectional.
struct Part {
  const Applied& applied;
  const std::string& class_name;
  const Config& config;
  std::string place;  ///< of its variables among those of the applied layer
  bool backward;
};

void refuse_variants(const Part& part) {
  const Config& config = part.config;
  const Applied& applied = part.applied;
  const bool alone = part.place == "cell";  // Bidirectional sets the flag itself; where there is a mask, it is refused
  if (alone && config.flag("zero_output_for_mask", false))
    throw unsupported(config.what() + ": zero_output_for_mask, a mask is not supported", "train the model without it");
  if (!applied.call.named.empty() || applied.inputs.size() > 1)
    throw unsupported(fmt::format("{}: reads {} from another layer", config.what(),
                                  applied.call.named.empty() ? "initial states" : applied.call.named.front()),
                      "erngen starts a sequence with states that are zero or constant");
  if (applied.input().last) throw unsupported(config.what() + ": reads single vectors as a sequence");
}

Kernels kernels(const Part& part) {
  const bool bias = part.config.flag("use_bias", true);
  std::vector<std::string> names{"kernel", "recurrent_kernel"};
  if (bias) names.push_back("bias");
  auto variables = part.applied.context.weights.read(part.applied.layer, part.place, names);
  Kernels result{std::move(variables[0]), std::move(variables[1]), {}};
  if (bias) result.bias = std::move(variables[2]);
  return result;
}

/// The output for all frames, in their order.
template <class LayerT>
Signal add(const Part& part, LayerT layer) {
  const Applied& applied = part.applied;
  return applied.context.builder.recurrent(std::move(layer), applied.input().signal, applied.layer.name, part.backward);
}

Signal lstm(const Part& part) {
  const Config& config = part.config;
  const int version = part.applied.context.version;
  LstmLayer layer = lstm_layer(kernels(part), config.size("units"), config.what());
  layer.gate_activation = gate_function(config, "recurrent_activation", version);
  layer.candidate = layer.cell_activation = gate_function(config, "activation", version);
  return add(part, std::move(layer));
}

Signal gru(const Part& part) {
  const Config& config = part.config;
  const int version = part.applied.context.version;
  const Kernels variables = kernels(part);
  // Before it was an option, the reset was before the product; the bias of the other kind has two rows.
  const bool two_biases = variables.bias && variables.bias->shape.size() == 2;
  const Reset reset = config.flag("reset_after", two_biases) ? Reset::after : Reset::before;
  GruLayer layer = gru_layer(variables, config.size("units"), reset, config.what());
  layer.gate_activation = gate_function(config, "recurrent_activation", version);
  layer.candidate = gate_function(config, "activation", version);
  return add(part, std::move(layer));
}

Signal simple_rnn(const Part& part) {
  RnnLayer layer = rnn_layer(kernels(part), part.config.size("units"), part.config.what());
  layer.activation = gate_function(part.config, "activation", part.applied.context.version);
  return add(part, std::move(layer));
}

using Reader = Signal (*)(const Part&);
const std::map<std::string, Reader>& readers() {
  static const std::map<std::string, Reader> all{{"LSTM", lstm}, {"GRU", gru}, {"SimpleRNN", simple_rnn}};
  return all;
}

/// The output for all frames or, of a layer that does not return sequences, the last one that it gives.
Signal output(const Part& part) {
  refuse_variants(part);
  const Signal all = readers().at(part.class_name)(part);
  if (!part.backward || part.config.flag("return_sequences", false)) return all;
  return part.applied.context.builder.first_frame(all, part.applied.layer.name);
}

/// go_backwards gives its outputs in the order in which they are computed.
Traced one_direction(const Applied& applied) {
  const Config& config = applied.config();
  const bool backward = config.flag("go_backwards", false), last = !config.flag("return_sequences", false);
  const Signal y = output({applied, applied.layer.class_name, config, "cell", backward});
  return {backward && !last ? applied.context.builder.flip(y, applied.layer.name) : y, last, ""};
}

Config wrapped(const Applied& applied, const char* key, std::string& class_name) {
  const Config layer = applied.config().object(key);
  class_name = layer.text("class_name");
  if (!readers().contains(class_name))
    throw unsupported(fmt::format("{}: wraps the layer {}", applied.config().what(), class_name),
                      "train the model with LSTM, GRU or SimpleRNN");
  return {layer.at("config"), fmt::format("{}: {}", applied.config().what(), class_name)};
}

/// The layer's outputs for a frame and those of a copy that runs from the last frame to the first one, joined.
Traced bidirectional(const Applied& applied) {
  NetworkBuilder& builder = applied.context.builder;
  std::string forward_class, backward_class;
  const Config forward = wrapped(applied, "layer", forward_class);
  const char* other = applied.config().find("backward_layer") ? "backward_layer" : "layer";
  const Config backward = wrapped(applied, other, backward_class);
  // A wrapped layer with go_backwards is the backward one.
  if (forward.flag("go_backwards", false))
    throw unsupported(forward.what() + ": go_backwards in the forward layer", "let the forward layer run forward");
  const bool last = !forward.flag("return_sequences", false);
  if (backward.flag("return_sequences", false) == last)
    throw bad_input(applied.config().what() + ": its two layers differ in return_sequences");
  const Signal there = output({applied, forward_class, forward, "forward_layer/cell", false});
  const Signal back = output({applied, backward_class, backward, "backward_layer/cell", true});
  const std::string mode = applied.config().text("merge_mode", "");
  const auto sum = [&] { return builder.add(there, back, applied.layer.name); };
  if (mode == "concat") return {builder.concatenate(std::vector{there, back}), last, ""};
  if (mode == "sum") return {sum(), last, ""};
  if (mode == "ave") {
    const std::vector<double> half(static_cast<size_t>(there.size()), 0.5);
    return {builder.affine(sum(), half, {}), last, ""};
  }
  if (mode.empty())
    throw unsupported(applied.config().what() + ": has merge_mode None and gives two values",
                      "build it with merge_mode='concat'");
  throw unsupported(fmt::format("{}: has merge_mode '{}': erngen joins two directions by 'concat', 'sum' and 'ave'",
                                applied.config().what(), mode),
                    "build it with merge_mode='concat', and let the host do the rest");
}

}  // namespace

const std::map<std::string, LayerReader>& recurrent_layers() {
  static const std::map<std::string, LayerReader> all{
      {"LSTM", one_direction}, {"GRU", one_direction}, {"SimpleRNN", one_direction}, {"Bidirectional", bidirectional}};
  return all;
}

}  // namespace erngen::keras
