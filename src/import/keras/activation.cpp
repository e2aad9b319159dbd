#include "import/keras/activation.hpp"

#include <fmt/format.h>

namespace erngen::keras {
namespace {

/// By name, without parameters; alpha and beta of the hard sigmoid depend on the version.
const Function* named(const std::string& name, int version) {
  static const std::pair<const char*, Function> list[] = {
      {"linear", {}},
      {"relu", {Nonlinearity::relu, ""}},
      {"relu6", {{Nonlinearity::clip, 0, 6}, ""}},
      {"hard_tanh", {{Nonlinearity::clip, -1, 1}, ""}},
      {"leaky_relu", {{Nonlinearity::leaky_relu, 0.2f}, ""}},
      {"sigmoid", {Nonlinearity::sigmoid, ""}},
      {"tanh", {Nonlinearity::tanh, ""}},
      {"softmax", {{}, "softmax"}},
      {"log_softmax", {{}, "log_softmax"}},
  };
  static const Function old_hard{{Nonlinearity::hard_sigmoid, 0.2f, 0.5f}, ""};
  static const Function new_hard{{Nonlinearity::hard_sigmoid, 1.0f / 6, 0.5f}, ""};
  if (name == "hard_sigmoid") return version < 3 ? &old_hard : &new_hard;
  for (const auto& [known, function] : list)
    if (name == known) return &function;
  return nullptr;
}

Error missing(const Config& config, const std::string& name) {
  return unsupported(fmt::format("{}: the activation {} is not one that erngen has", config.what(), name),
                     "train the model with linear, relu, relu6, leaky_relu, sigmoid, hard_sigmoid, tanh or hard_tanh");
}

Function relu(const Config& config) {
  const double slope = config.real("negative_slope", 0), threshold = config.real("threshold", 0);
  if (threshold != 0) throw missing(config, fmt::format("ReLU with a threshold of {}", threshold));
  if (!config.find("max_value")) {
    if (slope == 0) return {Nonlinearity::relu, ""};
    return {{Nonlinearity::leaky_relu, static_cast<float>(slope)}, ""};
  }
  const double most = config.real("max_value", 0);
  if (slope != 0 || most < 0) throw missing(config, fmt::format("ReLU with max_value {} and slope {}", most, slope));
  return {{Nonlinearity::clip, 0, static_cast<float>(most)}, ""};
}

}  // namespace

Function function_of_layer(const std::string& class_name, const Config& config) {
  if (class_name == "ReLU") return relu(config);
  if (class_name == "LeakyReLU")
    return {{Nonlinearity::leaky_relu, static_cast<float>(config.real("negative_slope", config.real("alpha", 0.3)))},
            ""};
  if (class_name == "Softmax") {
    const Json* axis = config.find("axis");
    if (axis && *axis != -1)
      throw unsupported(fmt::format("{}: softmax over axis {}", config.what(), json_text(*axis)));
    return {{}, "softmax"};
  }
  throw missing(config, class_name);
}

Function function(const Config& config, const char* key, int version) {
  const Json* value = config.find(key);
  if (!value) return {};
  if (value->is_object()) {
    const Config object(*value, config.what());
    const Json& inner = object.at("config");
    if (inner.is_string()) throw missing(config, inner.get<std::string>() + ", a function in Python");
    return function_of_layer(object.text("class_name"), Config(inner, config.what()));
  }
  const std::string name = config.text(key);
  if (const Function* found = named(name, version)) return *found;
  throw missing(config, name);
}

Activation gate_function(const Config& config, const char* key, int version) {
  const Function found = function(config, key, version);
  if (!found.cut.empty()) throw missing(config, found.cut);
  return found.activation;
}

}  // namespace erngen::keras
