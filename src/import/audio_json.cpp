#include "import/audio_json.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/in_file.hpp"
#include "import/json_tensor.hpp"
#include "import/keras/config.hpp"
#include "import/keras/recurrent.hpp"
#include "import/network_builder.hpp"
#include "import/torch_module.hpp"

namespace erngen {
namespace {

using keras::Config;

/// The number of features behind [null, null, N].
int last_size(const Config& config, const char* key) {
  const Json& shape = config.at(key);
  if (!shape.is_array() || shape.empty() || !shape.back().is_number_integer() || shape.back() < 1 ||
      shape.back() > 65536)
    throw config.wrong(key, "a shape that ends with a size of 1..65536");
  return shape.back().get<int>();
}

Activation rtneural_activation(const Config& layer) {
  const std::string name = layer.text("activation", "");
  if (name.empty() || name == "linear") return {};
  if (name == "tanh") return Nonlinearity::tanh;
  if (name == "relu") return Nonlinearity::relu;
  if (name == "sigmoid") return Nonlinearity::sigmoid;
  throw unsupported(fmt::format("{}: the activation {} is not one that erngen has", layer.what(), name),
                    "train the model with tanh, relu or sigmoid");
}

/// The weights of a layer, `count` of them, or one fewer where the last one is a bias.
std::vector<Tensor> rtneural_weights(const Config& layer, size_t count) {
  const Json& list = layer.at("weights");
  if (!list.is_array() || (list.size() != count && list.size() + 1 != count))
    throw layer.wrong("weights", fmt::format("a list of {} weights", count));
  std::vector<Tensor> weights;
  for (size_t n = 0; n < list.size(); ++n)
    weights.push_back(json_tensor(list[n], fmt::format("{}: weights {}", layer.what(), n)));
  return weights;
}

keras::Kernels kernels(const Config& layer) {
  auto weights = rtneural_weights(layer, 3);
  keras::Kernels result{std::move(weights[0]), std::move(weights[1]), {}};
  if (weights.size() == 3) result.bias = std::move(weights[2]);
  return result;
}

Signal rtneural_layer(NetworkBuilder& builder, const Signal& x, const Config& layer, const std::string& type,
                      const std::string& name) {
  const int units = last_size(layer, "shape");
  if (type == "lstm") return builder.recurrent(keras::lstm_layer(kernels(layer), units, layer.what()), x, name);
  if (type == "gru")
    return builder.recurrent(keras::gru_layer(kernels(layer), units, Reset::after, layer.what()), x, name);
  if (type == "dense" || type == "time-distributed-dense") {
    const auto weights = rtneural_weights(layer, 2);
    std::vector<float> bias;
    if (weights.size() == 2) bias = keras::values_of(weights[1], {units}, layer.what() + ": bias");
    const Signal sum = builder.dense(keras::dense_matrix(weights[0], units, layer.what()), bias, x, name);
    return builder.activate(sum, rtneural_activation(layer), name);
  }
  if (type == "activation") return builder.activate(x, rtneural_activation(layer), name);
  throw unsupported(fmt::format("{}: layers of the type {} are not supported", layer.what(), type),
                    "train the model with lstm, gru and dense layers");
}

/// x times a gain in decibels.
Signal amplified(NetworkBuilder& builder, const Signal& x, double decibels, int elements) {
  if (decibels == 0) return x;
  std::vector<double> scale(x.size(), 1);
  for (int n = 0; n < elements; ++n) scale[n] = std::pow(10, decibels / 20);
  return builder.affine(x, scale, {});
}

/// y plus the first elements of x.
Signal with_skip(NetworkBuilder& builder, const Signal& y, const Signal& x) {
  return builder.add(y, y.size() == x.size() ? x : builder.slice(x, 0, y.size(), "skip"), "skip");
}

ImportedNetwork finished(NetworkBuilder& builder, const Signal& output) {
  ImportedNetwork result;
  result.network = builder.finish({&output, 1});
  result.whole_function = true;
  result.notes = builder.notes;
  for (const Node& node : result.network.nodes) result.sources.push_back(node.name);
  return result;
}

TorchModule take_module(std::vector<TorchModule>& modules, const std::string& name) {
  const auto found = std::ranges::find(modules, name, &TorchModule::name);
  if (found == modules.end()) throw bad_input(fmt::format("state_dict has no module '{}'", name));
  TorchModule module = std::move(*found);
  modules.erase(found);
  return module;
}

/// One list of all numbers, taken from its beginning.
class FlatWeights {
 public:
  explicit FlatWeights(const Json& json) : values_(std::get<0>(json_tensor(json, "weights").values)) {}

  std::vector<float> take(size_t count) {
    if (count > values_.size() - at_)
      throw bad_input(fmt::format("weights: has {} numbers, fewer than the layers need", values_.size()));
    at_ += count;
    const auto end = values_.begin() + static_cast<std::ptrdiff_t>(at_);
    return {end - static_cast<std::ptrdiff_t>(count), end};
  }

  /// [rows of gate 0; rows of gate 1; ...], each [rows x cols].
  template <size_t gates>
  std::array<BlockMatrix, gates> matrices(int rows, int cols) {
    std::array<BlockMatrix, gates> result;
    for (BlockMatrix& matrix : result) {
      matrix = BlockMatrix(rows, cols, 1);
      matrix.columns = take(matrix.columns.size());
    }
    return result;
  }

  void require_end() const {
    if (at_ != values_.size())
      throw bad_input(fmt::format("weights: has {} numbers, but the layers need {}", values_.size(), at_));
  }

 private:
  std::vector<float> values_;
  size_t at_ = 0;
};

/// [W U] of all gates in PyTorch's order, their bias, and the states at the beginning.
LstmLayer nam_layer(FlatWeights& weights, int input, int hidden) {
  LstmLayer layer;
  layer.input = input;
  layer.hidden = hidden;
  const auto both = weights.matrices<4>(hidden, input + hidden);
  for (size_t gate = 0; gate < both.size(); ++gate) {
    layer.input_weights[gate] = BlockMatrix(hidden, input, 1);
    layer.recurrent_weights[gate] = BlockMatrix(hidden, hidden, 1);
    for (int row = 0; row < hidden; ++row) {
      const float* from = both[gate].at(row, 0);
      std::copy_n(from, input, layer.input_weights[gate].at(row, 0));
      std::copy_n(from + input, hidden, layer.recurrent_weights[gate].at(row, 0));
    }
  }
  for (auto& bias : layer.bias) bias = weights.take(hidden);
  layer.initial_hidden = weights.take(hidden);
  layer.initial_cell = weights.take(hidden);
  return layer;
}

}  // namespace

JsonModel json_model(const Json& json) {
  if (!json.is_object()) return JsonModel::none;
  const auto is = [&](const char* key, Json::value_t type) { return json.contains(key) && json[key].type() == type; };
  if (is("layers", Json::value_t::array) && json.contains("in_shape")) return JsonModel::rtneural;
  if (is("model_data", Json::value_t::object) && is("state_dict", Json::value_t::object)) return JsonModel::guitarml;
  if (json.contains("architecture") && json.contains("config") && json.contains("weights")) return JsonModel::nam;
  for (const auto& [name, value] : json.items())
    if (!value.is_array() || value.empty() || !(value[0].is_number() || value[0].is_array())) return JsonModel::none;
  return json.empty() ? JsonModel::none : JsonModel::state_dict;
}

ImportedNetwork import_rtneural(const Json& json) {
  const Config model(json, "the model");
  NetworkBuilder builder(last_size(model, "in_shape"));
  const Signal input = amplified(builder, builder.input(), model.real("in_gain", 0), 1);
  Signal x = input;
  for (size_t n = 0; n < json["layers"].size(); ++n) {
    const Config unnamed(json["layers"][n], fmt::format("layer {}", n));
    const std::string type = unnamed.text("type");
    x = rtneural_layer(builder, x, Config(unnamed.json(), fmt::format("layer {} ({})", n, type)), type,
                       fmt::format("{} {}", type, n));
  }
  const double skip = model.real("in_skip", 0);
  if (skip != 0 && (skip != 1 || x.size() != 1))
    throw unsupported(fmt::format("in_skip is {} for {} outputs", skip, x.size()));
  if (skip == 1) x = with_skip(builder, x, input);
  return finished(builder, amplified(builder, x, model.real("out_gain", 0), x.size()));
}

ImportedNetwork import_guitarml(const Json& json) {
  const Config data(json["model_data"], "model_data");
  if (const std::string model = data.text("model", "SimpleRNN"); model != "SimpleRNN")
    throw unsupported(fmt::format("model_data: the model {} is not supported, only SimpleRNN", model));
  const TensorFile tensors = json_state_dict(json["state_dict"]);
  std::vector<TorchModule> modules = torch_modules(tensors.tensors, "state_dict");
  TorchModule recurrent = take_module(modules, "rec"), linear = take_module(modules, "lin");
  if (!modules.empty())
    throw unsupported(fmt::format("state_dict has a module '{}' beside rec and lin", modules[0].name));
  if (recurrent.is_linear() || !linear.is_linear())
    throw bad_input("state_dict: rec is not recurrent or lin not linear");
  const auto require = [&](const char* key, int found) {
    if (const int said = data.size(key); said != found)
      throw bad_input(fmt::format("model_data: {} is {}, but the weights have {}", key, said, found));
  };
  require("input_size", recurrent.input());
  require("hidden_size", recurrent.output());
  require("output_size", linear.output());
  if (data.find("num_layers")) require("num_layers", static_cast<int>(recurrent.layers.size()));
  const bool is_lstm = std::holds_alternative<LstmLayer>(recurrent.layers[0]);
  if (const std::string unit = data.text("unit_type"); unit != (is_lstm ? "LSTM" : "GRU"))
    throw bad_input(fmt::format("model_data: unit_type is {}, but the weights are those of another", unit));

  const int inputs = recurrent.input();
  NetworkBuilder builder(inputs);
  Signal x = apply_module(builder, builder.input(), std::move(recurrent));
  x = apply_module(builder, x, std::move(linear));
  const double skip = data.real("skip", 0);
  if (skip != 0) {
    if (skip != x.size() || skip > inputs)
      throw unsupported(fmt::format("model_data: skip is {} for {} inputs and {} outputs", skip, inputs, x.size()));
    x = with_skip(builder, x, builder.input());
  }
  return finished(builder, x);
}

ImportedNetwork import_nam(const Json& json) {
  const Config model(json, "the model"), config = model.object("config");
  if (const std::string architecture = model.text("architecture"); architecture != "LSTM")
    throw unsupported(fmt::format("the architecture {} is not supported, only LSTM", architecture));
  const int input = config.size("input_size"), hidden = config.size("hidden_size"), count = config.size("num_layers");
  FlatWeights weights(model.at("weights"));
  NetworkBuilder builder(input);
  Signal x = builder.input();
  for (int n = 0; n < count; ++n)
    x = builder.recurrent(nam_layer(weights, x.size(), hidden), x, fmt::format("lstm {}", n));
  const BlockMatrix head = weights.matrices<1>(1, hidden)[0];
  x = builder.dense(head, weights.take(1), x, "head");
  weights.require_end();
  return finished(builder, x);
}

std::optional<ImportedNetwork> import_audio_model(const std::filesystem::path& file) {
  const Json json = read_json(file.string());
  return in_file(file.string(), [&]() -> std::optional<ImportedNetwork> {
    switch (json_model(json)) {
      case JsonModel::rtneural: return import_rtneural(json);
      case JsonModel::guitarml: return import_guitarml(json);
      case JsonModel::nam: return import_nam(json);
      default: return {};
    }
  });
}

TensorFile json_state_dict(const Json& json) {
  TensorFile file;
  for (const auto& [name, value] : json.items()) file.tensors.emplace_back(name, json_tensor(value, "tensor " + name));
  return file;
}

}  // namespace erngen
