#include "import/keras/model.hpp"

#include <map>

#include <fmt/format.h>

namespace erngen::keras {
namespace {

constexpr size_t max_layers = 4096;

Layer parse_layer(const Json& json, const std::string& what) {
  const Config outer(json, what + ": a layer");
  const std::string class_name = outer.text("class_name");
  const Config named = outer.object("config");
  const std::string name = outer.text("name", named.text("name", ""));
  const std::string module = outer.text("module", "");
  return {class_name,
          name,
          module.find("ops.") != std::string::npos,
          Config(named.json(), layer_text(class_name, name)),
          {}};
}

/// The index of each name.
std::map<std::string, int> names_of(const std::vector<Layer>& layers, const std::string& what) {
  std::map<std::string, int> index;
  for (size_t n = 0; n < layers.size(); ++n)
    if (!index.emplace(layers[n].name, static_cast<int>(n)).second)
      throw bad_input(fmt::format("{}: two layers are called '{}'", what, layers[n].name));
  return index;
}

class GraphParser {
 public:
  GraphParser(std::vector<Layer>& layers, const std::string& what) : names_(names_of(layers, what)), what_(what) {}

  /// [name, call, output], also with more behind.
  bool is_ref(const Json& json) const {
    return json.is_array() && json.size() >= 3 && json[0].is_string() && json[1].is_number_integer() &&
           json[2].is_number_integer();
  }

  ValueRef ref(const Json& json) const {
    if (!is_ref(json)) throw bad_input(fmt::format("{}: {} is no value of a layer", what_, json_text(json)));
    const auto found = names_.find(json[0].get<std::string>());
    if (found == names_.end())
      throw bad_input(fmt::format("{}: refers to a layer '{}', which is not there", what_, json[0].get<std::string>()));
    for (const Json& number : {json[1], json[2]})
      if (number < 0 || number > 65536)
        throw bad_input(fmt::format("{}: {} is no value of a layer", what_, json_text(json)));
    return {found->second, json[1].get<int>(), json[2].get<int>()};
  }

  /// One value, or a list or table of them.
  std::vector<ValueRef> refs(const Json& json) const {
    if (is_ref(json)) return {ref(json)};
    if (!json.is_structured()) throw bad_input(fmt::format("{}: {} is no list of values", what_, json_text(json)));
    std::vector<ValueRef> list;
    for (const Json& item : json)
      for (const ValueRef& value : refs(item)) list.push_back(value);
    return list;
  }

  /// Keras 3: {"args": [...], "kwargs": {...}} with values as objects. Keras 2: a list of [name, call, output, {...}].
  Call call(const Json& json) const {
    Call result;
    if (json.is_array()) {
      for (const Json& item : is_ref(json) ? Json::array({json}) : json) {
        result.inputs.push_back(ref(item));
        result.arguments.push_back(nullptr);
        if (item.size() > 3 && item[3].is_object())
          for (const auto& [key, value] : item[3].items())
            if (holds_old_value(value)) result.named.push_back(key);
      }
      return result;
    }
    const Config node(json, what_ + ": a call of a layer");
    for (const Json& item : node.at("args")) result.arguments.push_back(taken(item, result.inputs));
    if (const Json* keywords = node.find("kwargs"))
      for (const auto& [key, value] : keywords->items()) {
        std::vector<ValueRef> values;
        const Json rest = taken(value, values);
        if (key == "inputs" || key == "sequences" || key == "x" || key == "x1" || key == "x2") {
          result.inputs.insert(result.inputs.end(), values.begin(), values.end());
          result.arguments.push_back(rest);
        } else if (!values.empty()) {
          result.named.push_back(key);
        }
      }
    return result;
  }

 private:
  /// Whether a keyword of Keras 2 names values of layers: [name, call, output], or a list of such.
  bool holds_old_value(const Json& json) const {
    if (is_ref(json)) return names_.contains(json[0].get<std::string>());
    if (!json.is_array()) return false;
    for (const Json& item : json)
      if (holds_old_value(item)) return true;
    return false;
  }

  /// `json` with null for each value in it, which go to `values`.
  Json taken(const Json& json, std::vector<ValueRef>& values) const {
    if (json.is_object() && json.contains("class_name") && json["class_name"] == "__keras_tensor__") {
      values.push_back(ref(Config(json, what_).object("config").at("keras_history")));
      return nullptr;
    }
    if (!json.is_structured()) return json;
    Json result = json;
    for (Json& item : result) item = taken(item, values);
    return result;
  }

  std::map<std::string, int> names_;
  const std::string& what_;
};

/// The last sizes of the input of a Sequential that has no InputLayer.
Json sequential_shape(const Config& config, const std::vector<Layer>& layers) {
  if (const Json* shape = config.find("build_input_shape")) return *shape;
  if (layers.empty()) return nullptr;
  for (const char* key : {"batch_input_shape", "batch_shape"})
    if (const Json* shape = layers.front().config.find(key)) return *shape;
  return nullptr;
}

void chain(Model& model, const Config& config) {
  if (model.layers.empty() || model.layers.front().class_name != "InputLayer") {
    const Json shape = sequential_shape(config, model.layers);
    model.layers.insert(model.layers.begin(),
                        {"InputLayer", "", false, Config({{"batch_shape", shape}}, "the input"), {}});
  }
  for (size_t n = 0; n < model.layers.size(); ++n) {
    model.layers[n].calls = {Call{}};
    if (n > 0) model.layers[n].calls[0].inputs = {{static_cast<int>(n) - 1, 0, 0}};
  }
  model.inputs = {0};
  model.outputs = {{static_cast<int>(model.layers.size()) - 1, 0, 0}};
}

void connect(Model& model, const Config& config, const Json& layers, const std::string& what) {
  const GraphParser parser(model.layers, what);
  for (size_t n = 0; n < layers.size(); ++n) {
    const Config layer(layers[n], model.layers[n].text());
    if (const Json* nodes = layer.find("inbound_nodes"))
      for (const Json& node : *nodes) model.layers[n].calls.push_back(parser.call(node));
    if (model.layers[n].class_name == "InputLayer") model.layers[n].calls = {Call{}};
  }
  for (const ValueRef& input : parser.refs(config.at("input_layers"))) model.inputs.push_back(input.layer);
  model.outputs = parser.refs(config.at("output_layers"));
}

}  // namespace

Model parse_model(const Json& json, int version, const std::string& what) {
  const Config outer(json, what + ": the model");
  const std::string class_name = outer.text("class_name");
  if (class_name != "Sequential" && class_name != "Functional" && class_name != "Model")
    throw unsupported(
        fmt::format("{}: is a model of the class {}, whose layers are connected by Python code", what, class_name),
        "build it with keras.Model(inputs, outputs) and copy the weights, or export ONNX");
  // Before Keras 2.3 the configuration of a Sequential was its list of layers.
  const Json& raw = outer.at("config");
  const Config config(raw.is_array() ? Json{{"layers", raw}} : raw, what + ": the model");
  const Json& layers = config.at("layers");
  if (!layers.is_array() || layers.empty() || layers.size() > max_layers)
    throw config.wrong("layers", fmt::format("a list of at most {} layers", max_layers));
  Model model{version, {}, {}, {}};
  for (const Json& layer : layers) model.layers.push_back(parse_layer(layer, what));
  if (class_name == "Sequential")
    chain(model, config);
  else
    connect(model, config, layers, what);
  return model;
}

}  // namespace erngen::keras
