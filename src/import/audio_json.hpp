// Audio models in JSON: recurrent networks of guitar amplifiers and effects, as RTNeural, AIDA-X and GuitarML write
// them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/json.hpp"
#include "import/imported_network.hpp"
#include "network/safetensors.hpp"

namespace erngen {

/// What a JSON file holds.
enum class JsonModel {
  none,
  rtneural,    ///< {"in_shape", "layers": [{"type", "activation", "shape", "weights"}, ...]}, also of AIDA-X
  guitarml,    ///< {"model_data", "state_dict"}
  nam,         ///< {"architecture", "config", "weights"}
  state_dict,  ///< a PyTorch state dict: {NAME: nested lists, ...}
};

JsonModel json_model(const Json& json);

/// RTNeural: layers lstm, gru (reset after the product), dense, time-distributed-dense and activation, with the weights
/// in Keras's order. AIDA-X adds in_skip (the input is added to the output) and the gains in_gain and out_gain in
/// decibels, which belong to the network. Throws Error(bad_input) and Error(unsupported), naming the layer.
ImportedNetwork import_rtneural(const Json& json);

/// GuitarML (Proteus, NeuralPi): a SimpleRNN, which is an LSTM or GRU, a linear layer, and with `skip` the first
/// elements of the input added to the output.
ImportedNetwork import_guitarml(const Json& json);

/// Neural Amp Modeler, the architecture LSTM: layers with their initial states, and a linear layer.
ImportedNetwork import_nam(const Json& json);

/// Reads a file of JSON as that of the above which it is; nothing for others. Throws as they do, naming the file.
std::optional<ImportedNetwork> import_audio_model(const std::filesystem::path& file);

/// The tensors of a state dict in JSON.
TensorFile json_state_dict(const Json& json);

}  // namespace erngen
