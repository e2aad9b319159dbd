// Layers that compute each frame by itself.
#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "import/keras/activation.hpp"
#include "import/keras/context.hpp"
#include "import/keras/recurrent.hpp"

namespace erngen::keras {
namespace {

Traced activated(const Applied& applied, Traced x, const Function& function) {
  x.signal = applied.context.builder.activate(x.signal, function.activation, applied.layer.name);
  x.cut = function.cut;
  return x;
}

/// A Dense layer of that configuration, whose variables `part` of the applied layer has.
Traced dense_of(const Applied& applied, const Config& config, const std::string& part) {
  if (config.find("lora_rank")) throw unsupported(config.what() + ": has LoRA weights", "merge them before saving");
  const bool use_bias = config.flag("use_bias", true);
  std::vector<std::string> names{"kernel"};
  if (use_bias) names.push_back("bias");
  const auto variables = applied.context.weights.read(applied.layer, part, names);
  const int units = config.size("units");
  const BlockMatrix weights = dense_matrix(variables[0], units, config.what());
  std::vector<float> bias;
  if (use_bias) bias = values_of(variables[1], {units}, config.what() + ": bias");
  Traced x = applied.input();
  x.signal = applied.context.builder.dense(weights, bias, x.signal, applied.layer.name);
  return activated(applied, std::move(x), function(config, "activation", applied.context.version));
}

Traced dense(const Applied& applied) { return dense_of(applied, applied.config(), ""); }

/// A layer for each frame: what reads frames by themselves does so anyway.
Traced time_distributed(const Applied& applied) {
  const Config wrapped = applied.config().object("layer");
  const std::string class_name = wrapped.text("class_name");
  const Config inner(wrapped.at("config"), fmt::format("{}: {}", applied.config().what(), class_name));
  if (applied.input().last) throw unsupported(inner.what() + ": reads the last frame of another layer as a sequence");
  if (class_name == "Dense") return dense_of(applied, inner, "layer");
  static const std::vector<std::string> plain{"Activation", "ReLU", "LeakyReLU", "Softmax", "Dropout", "GaussianNoise"};
  if (std::ranges::find(plain, class_name) == plain.end())
    throw unsupported(inner.what() + " in TimeDistributed is not supported");
  const Layer layer{class_name, applied.layer.name, false, inner, applied.layer.calls};
  return apply({applied.context, layer, applied.call, applied.inputs});
}

Traced activation(const Applied& applied) {
  return activated(applied, applied.input(), function(applied.config(), "activation", applied.context.version));
}

Traced activation_layer(const Applied& applied) {
  return activated(applied, applied.input(), function_of_layer(applied.layer.class_name, applied.config()));
}

/// Nothing at inference.
Traced identity(const Applied& applied) { return applied.input(); }

void require_feature_axis(const Applied& applied) {
  const Json* axis = applied.config().find("axis");
  if (axis && !applied.is_feature_axis(*axis))
    throw unsupported(
        fmt::format("{}: normalises along axis {}, not along the features", applied.config().what(), json_text(*axis)));
}

std::vector<double> doubles(const Tensor& tensor, int size, const std::string& what) {
  const auto& values = values_of(tensor, {size}, what);
  return {values.begin(), values.end()};
}

/// gamma (x - mean) / sqrt(variance + epsilon) + beta.
Traced batch_normalization(const Applied& applied) {
  const Config& config = applied.config();
  require_feature_axis(applied);
  if (config.flag("renorm", false)) throw unsupported(config.what() + ": renorm is not supported");
  Traced x = applied.input();
  const int size = x.signal.size();
  std::vector<std::string> names;
  if (config.flag("scale", true)) names.push_back("gamma");
  if (config.flag("center", true)) names.push_back("beta");
  names.insert(names.end(), {"moving_mean", "moving_variance"});
  const auto variables = applied.context.weights.read(applied.layer, "", names);
  std::vector<double> value[4];  // gamma, beta, mean, variance
  static const std::vector<std::string> roles{"gamma", "beta", "moving_mean", "moving_variance"};
  for (size_t role = 0; role < roles.size(); ++role) {
    const auto at = static_cast<size_t>(std::ranges::find(names, roles[role]) - names.begin());
    value[role] = at == names.size() ? std::vector<double>(size, role == 0 ? 1 : 0)
                                     : doubles(variables[at], size, fmt::format("{}: {}", config.what(), roles[role]));
  }
  const double epsilon = config.real("epsilon", 1e-3);
  std::vector<double> scale(size), offset(size);
  for (int n = 0; n < size; ++n) {
    if (!(value[3][n] + epsilon > 0))
      throw bad_input(fmt::format("{}: the variance {} is {}", config.what(), n, value[3][n]));
    scale[n] = value[0][n] / std::sqrt(value[3][n] + epsilon);
    offset[n] = value[1][n] - scale[n] * value[2][n];
  }
  x.signal = applied.context.builder.affine(x.signal, scale, offset);
  return x;
}

/// One number for all, or one for each feature.
std::vector<double> statistics(const Json& json, int size, const Config& config, const char* key) {
  const Json* value = &json;
  while (value->is_array() && value->size() == 1 && (*value)[0].is_array()) value = &(*value)[0];
  std::vector<double> result;
  for (const Json& item : value->is_array() ? *value : Json::array({*value})) {
    if (!item.is_number()) throw config.wrong(key, "numbers");
    result.push_back(item.get<double>());
  }
  if (result.size() == 1) result.resize(size, result.front());
  if (result.size() != static_cast<size_t>(size)) throw config.wrong(key, fmt::format("{} numbers", size));
  return result;
}

std::vector<double> statistics(const Tensor& tensor, int size, const std::string& what) {
  if (tensor.size() == 1 && tensor.is_float()) return std::vector<double>(size, std::get<0>(tensor.values).front());
  return doubles(Tensor{{static_cast<int>(tensor.size())}, tensor.values}, size, what);
}

/// (x - mean) / max(sqrt(variance), 1e-7), or its inverse; the statistics are in the configuration or were measured.
Traced normalization(const Applied& applied) {
  const Config& config = applied.config();
  const bool one_for_all = config.json().contains("axis") && !config.find("axis");
  if (!one_for_all) require_feature_axis(applied);
  Traced x = applied.input();
  const int size = x.signal.size();
  std::vector<double> mean, variance;
  if (config.find("mean")) {
    mean = statistics(config.at("mean"), size, config, "mean");
    variance = statistics(config.at("variance"), size, config, "variance");
  } else {
    const auto variables = applied.context.weights.read(applied.layer, "", {"mean", "variance", "count"});
    mean = statistics(variables[0], size, config.what() + ": mean");
    variance = statistics(variables[1], size, config.what() + ": variance");
  }
  constexpr double least = 1e-7;
  std::vector<double> scale(size), offset(size);
  for (int n = 0; n < size; ++n) {
    if (!(variance[n] >= 0)) throw bad_input(fmt::format("{}: the variance {} is {}", config.what(), n, variance[n]));
    const double deviation = std::max(std::sqrt(variance[n]), least);
    const bool invert = config.flag("invert", false);
    scale[n] = invert ? deviation : 1 / deviation;
    offset[n] = invert ? mean[n] : -mean[n] / deviation;
  }
  x.signal = applied.context.builder.affine(x.signal, scale, offset);
  return x;
}

Traced rescaling(const Applied& applied) {
  const Config& config = applied.config();
  Traced x = applied.input();
  const int size = x.signal.size();
  x.signal = applied.context.builder.affine(
      x.signal, statistics(config.at("scale"), size, config, "scale"),
      statistics(config.find("offset") ? config.at("offset") : Json(0), size, config, "offset"));
  return x;
}

}  // namespace

const std::map<std::string, LayerReader>& frame_layers() {
  static const std::map<std::string, LayerReader> readers{
      {"Dense", dense},
      {"TimeDistributed", time_distributed},
      {"Activation", activation},
      {"ReLU", activation_layer},
      {"LeakyReLU", activation_layer},
      {"Softmax", activation_layer},
      {"Dropout", identity},
      {"SpatialDropout1D", identity},
      {"AlphaDropout", identity},
      {"GaussianDropout", identity},
      {"GaussianNoise", identity},
      {"ActivityRegularization", identity},
      {"Identity", identity},
      {"BatchNormalization", batch_normalization},
      {"Normalization", normalization},
      {"Rescaling", rescaling},
  };
  return readers;
}

}  // namespace erngen::keras
