// Activation functions by the names that Keras gives them.
#pragma once

#include <string>

#include "import/keras/config.hpp"
#include "network/activation.hpp"

namespace erngen::keras {

/// What follows a layer's sum: a function of each element, or one that is cut off at the end of the model.
struct Function {
  Activation activation;
  std::string cut;  ///< "softmax" or "log_softmax"; empty for a function of each element
};

/// The function under a key, "linear" if there is none: a name, or a layer such as LeakyReLU. `version` is that of
/// Keras: its hard sigmoid was clip(z / 5 + 1 / 2) and is clip(z / 6 + 1 / 2) since 3. Throws Error(unsupported) by
/// name for others and for functions of the user's.
Function function(const Config& config, const char* key, int version);

/// As function(), for a gate or a candidate: softmax is refused.
Activation gate_function(const Config& config, const char* key, int version);

/// The function of a layer ReLU, LeakyReLU or Softmax.
Function function_of_layer(const std::string& class_name, const Config& config);

}  // namespace erngen::keras
