#include "network/layer_json.hpp"

#include <optional>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

void add_unless(Json& json, const char* key, const Activation& value, const Activation& usual) {
  if (value != usual) json[key] = activation_json(value);
}

template <class LayerT>
void add_initial(Json& json, const LayerT& layer) {
  if (!layer.initial_hidden.empty()) json["initial_hidden"] = true;
  if constexpr (requires { layer.initial_cell; })
    if (!layer.initial_cell.empty()) json["initial_cell"] = true;
}

template <class LayerT>
Json block_json(const LayerT& layer) {
  return {{"input", layer.input_weights[0].block}, {"recurrent", layer.recurrent_weights[0].block}};
}

Json describe(const LstmLayer& layer) {
  const int projection = layer.projection ? layer.projection->rows : 0;
  Json json{{"kind", "lstm"},
            {"input", layer.input},
            {"hidden", layer.hidden},
            {"projection", projection},
            {"peephole", layer.has_peephole()},
            {"bias", layer.has_bias()},
            {"candidate", activation_json(layer.candidate)},
            {"block", block_json(layer)}};
  json["block"]["projection"] = layer.projection ? layer.projection->block : 0;
  add_unless(json, "gate_activation", layer.gate_activation, Nonlinearity::sigmoid);
  add_unless(json, "cell_activation", layer.cell_activation, Nonlinearity::tanh);
  add_initial(json, layer);
  return json;
}

Json describe(const GruLayer& layer) {
  Json json{{"kind", "gru"},
            {"input", layer.input},
            {"hidden", layer.hidden},
            {"reset", layer.reset == Reset::before ? "before" : "after"},
            {"bias", layer.has_bias()},
            {"block", block_json(layer)}};
  add_unless(json, "gate_activation", layer.gate_activation, Nonlinearity::sigmoid);
  add_unless(json, "candidate", layer.candidate, Nonlinearity::tanh);
  add_initial(json, layer);
  return json;
}

Json describe(const RnnLayer& layer) {
  Json json{{"kind", "rnn"},
            {"input", layer.input},
            {"hidden", layer.hidden},
            {"activation", activation_json(layer.activation)},
            {"bias", layer.has_bias()},
            {"block", block_json(layer)}};
  add_initial(json, layer);
  return json;
}

Json describe(const DenseLayer& layer) {
  Json json{{"kind", "dense"},
            {"input", layer.weights.cols},
            {"output", layer.weights.rows},
            {"bias", !layer.bias.empty()},
            {"block", {{"weight", layer.weights.block}}}};
  add_unless(json, "activation", layer.activation, Nonlinearity::none);
  return json;
}

Json describe(const AddLayer& layer) {
  Json json{{"kind", "add"}, {"size", layer.size}};
  add_unless(json, "activation", layer.activation, Nonlinearity::none);
  return json;
}

/// The file's word for a layer that is read: its number, or the name of a part of the frame.
Json link_json(int input) { return input < 0 ? Json(part_name(Node::part_number(input))) : Json(input); }

/// The part of the frame that a link names, if it is one.
std::optional<int> linked_part(const Json& link) {
  if (!link.is_string()) return {};
  for (int part = 0; part < most_parts; ++part)
    if (link == part_name(part)) return part;
  return {};
}

/// Typed access to a layer object; every message names file and layer.
class LayerReader {
 public:
  LayerReader(const Json& json, const std::string& what) : json_(json), what_(what) {}

  int size(const char* key, int minimum = 1) const {
    const Json& value = get(json_, key);
    constexpr int limit = 65536;
    if (!value.is_number_integer() || value.get<std::int64_t>() < minimum || value.get<std::int64_t>() > limit)
      throw bad_input(
          fmt::format("{}: '{}' is {}, not a whole number in {}..{}", what_, key, value.dump(), minimum, limit));
    return value.get<int>();
  }
  bool flag(const char* key) const {
    const Json& value = get(json_, key);
    if (!value.is_boolean())
      throw bad_input(fmt::format("{}: '{}' is {}, not true or false", what_, key, value.dump()));
    return value.get<bool>();
  }
  /// 0 for the first word, 1 for the second.
  int choice(const char* key, const char* first, const char* second) const {
    const Json& value = get(json_, key);
    if (value == first) return 0;
    if (value == second) return 1;
    throw bad_input(fmt::format("{}: '{}' is {}, not \"{}\" or \"{}\"", what_, key, value.dump(), first, second));
  }
  bool has(const char* key) const { return json_.contains(key); }
  Activation activation(const char* key, const Activation& usual) const {
    const auto found = json_.find(key);
    if (found == json_.end()) return usual;
    const std::string where = fmt::format("{}: '{}'", what_, key);
    const bool plain = found->is_string();
    if (!plain && !found->is_object()) throw bad_input(fmt::format("{} is {}, no function", where, found->dump()));
    if (!plain) require_known_keys(*found, {"kind", "alpha", "beta"}, where);
    const Json& kind = plain ? *found : get(*found, "kind");
    const auto number = [&](const char* name) {
      const Json value = plain ? Json(0) : found->value(name, Json(0));
      if (!value.is_number()) throw bad_input(fmt::format("{}: '{}' is {}, not a number", where, name, value.dump()));
      return value.get<float>();
    };
    for (int n = 0; n <= static_cast<int>(Nonlinearity::hard_sigmoid); ++n)
      if (kind == kind_name(static_cast<Nonlinearity>(n))) {
        const Activation result(static_cast<Nonlinearity>(n), number("alpha"), number("beta"));
        check_activation(result, where);
        return result;
      }
    throw bad_input(
        fmt::format("{} is {}, not \"none\", \"relu\", \"clip\", \"leaky_relu\", \"sigmoid\", \"tanh\" or "
                    "\"hard_sigmoid\"",
                    where, kind.dump()));
  }
  bool initial(const char* key) const { return has(key) && flag(key); }
  int block(const char* key) const {
    const Json& value = get(get(json_, "block"), key);
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() > 64)
      throw bad_input(fmt::format("{}: block size of '{}' is {}, not 1, 2, 4, ... 64", what_, key, value.dump()));
    return value.get<int>();
  }
  void known(std::initializer_list<std::string_view> keys, std::initializer_list<std::string_view> blocks = {}) const {
    require_known_keys(json_, keys, what_);
    if (blocks.size() > 0) require_known_keys(get(json_, "block"), blocks, what_ + ": block");
  }

 private:
  const Json& get(const Json& object, const char* key) const {
    const auto found = object.find(key);
    if (found == object.end()) throw bad_input(fmt::format("{}: has no '{}'", what_, key));
    return *found;
  }

  const Json& json_;
  const std::string& what_;
};

/// A matrix without values: a small file must not be able to ask for much memory.
BlockMatrix shaped(int rows, int cols, int block) {
  BlockMatrix matrix;
  BlockMatrix::parameter_count(rows, cols, block);  // throws on a bad shape
  matrix.rows = rows;
  matrix.cols = cols;
  matrix.block = block;
  return matrix;
}

template <class Matrices>
void make_family(Matrices& matrices, int rows, int cols, int block) {
  for (BlockMatrix& matrix : matrices) matrix = shaped(rows, cols, block);
}

}  // namespace

Json layer_json(const Layer& layer) {
  return std::visit([](const auto& l) { return describe(l); }, layer);
}

Json activation_json(const Activation& activation) {
  Json kind = kind_name(activation.kind);
  if (activation == Activation(activation.kind)) return kind;
  return {{"kind", kind}, {"alpha", activation.alpha}, {"beta", activation.beta}};
}

Json node_json(const Node& node) {
  Json json = layer_json(node.layer);
  json["inputs"] = Json::array();
  for (const int input : node.inputs) json["inputs"].push_back(link_json(input));
  if (!node.name.empty()) json["name"] = node.name;
  return json;
}

Node read_node_links(Json& json, int index, const std::string& what) {
  Node node;
  if (!json.is_object()) throw bad_input(what + ": is not an object with a 'kind'");
  if (!json.contains("inputs")) {
    node.inputs = {index - 1};
  } else {
    if (!json["inputs"].is_array()) throw bad_input(fmt::format("{}: 'inputs' is no list", what));
    for (const Json& input : json["inputs"]) {
      const bool earlier = input.is_number_integer() && input.get<double>() >= 0 && input.get<double>() < index;
      const auto part = linked_part(input);
      if (!part && !earlier)
        throw bad_input(fmt::format("{}: reads {}, which is neither \"x\" nor an earlier layer", what, input.dump()));
      node.inputs.push_back(earlier ? input.get<int>() : Node::part(*part));
    }
    json.erase("inputs");
  }
  if (json.contains("name")) {
    if (!json["name"].is_string()) throw bad_input(fmt::format("{}: 'name' is {}", what, json["name"].dump()));
    node.name = json["name"].get<std::string>();
    json.erase("name");
  }
  return node;
}

std::vector<int> read_outputs(const Json& network, size_t layers) {
  if (!network.contains("outputs")) return {static_cast<int>(layers) - 1};
  std::vector<int> outputs;
  if (!network["outputs"].is_array()) throw bad_input("'outputs' is no list");
  for (const Json& output : network["outputs"]) {
    if (!output.is_number_integer() || output.get<double>() < 0 || output.get<double>() >= static_cast<double>(layers))
      throw bad_input(fmt::format("the output {} is no layer", output.dump()));
    outputs.push_back(output.get<int>());
  }
  return outputs;
}

int read_input(const Json& network, int first_layer) {
  if (!network.contains("input")) return first_layer;
  const Json& input = network["input"];
  if (!input.is_number_integer() || input.get<double>() < 1 || input.get<double>() > 65536)
    throw bad_input(fmt::format("'input' is {}, not a whole number in 1..65536", input.dump()));
  return input.get<int>();
}

bool read_last_frame_only(const Json& network) {
  const Json value = network.value("last_frame_only", Json(false));
  if (!value.is_boolean()) throw bad_input(fmt::format("'last_frame_only' is {}, not true or false", value.dump()));
  return value.get<bool>();
}

std::string part_name(int part) { return part == 0 ? "x" : fmt::format("x{}", part); }

Json structure_json(const Network& network) {
  Json layers = Json::array();
  for (const Node& node : network.nodes) layers.push_back(node_json(node));
  Json json{{"input", network.input_size}, {"layers", layers}, {"outputs", network.outputs}};
  if (network.last_frame_only) json["last_frame_only"] = true;
  for (const FramePart& part : network.frame) {
    Json described{{"size", part.size}};
    if (part.output != FramePart::of_input) described["output"] = part.output;
    if (part.mirrored) described["mirrored"] = true;
    json["frame"].push_back(described);
  }
  for (const ResultPart& part : network.result) {
    Json sum = Json::array();
    for (const ResultPart::Summand& summand : part.sum) {
      sum.push_back({{"output", summand.output}});
      if (summand.mirrored) sum.back()["mirrored"] = true;
    }
    json["result"].push_back({{"size", part.size}, {"sum", sum}});
  }
  return json;
}

namespace {

/// Calls read(entry, its name) for the objects of a list that may be missing.
template <class Read>
void read_list(const Json& object, const char* key, const std::string& what, Read&& read) {
  if (!object.contains(key)) return;
  const Json& list = object[key];
  if (!list.is_array() || list.empty() || list.size() > most_parts)
    throw bad_input(fmt::format("{}'{}' is no list of 1 to {} entries", what, key, most_parts));
  for (size_t n = 0; n < list.size(); ++n) {
    const std::string entry = fmt::format("{}{}.{}", what, key, n);
    if (!list[n].is_object()) throw bad_input(entry + ": is no object");
    read(list[n], entry);
  }
}

/// The number of an output, or `missing` where it may be.
int read_output(const Json& json, const std::string& what, std::optional<int> missing) {
  if (missing && !json.contains("output")) return *missing;
  const Json value = json.value("output", Json());
  if (!value.is_number_integer() || value.get<double>() < 0 || value.get<double>() > 65536)
    throw bad_input(fmt::format("{}: 'output' is {}, not the number of an output", what, value.dump()));
  return value.get<int>();
}

bool read_mirrored(const Json& json, const std::string& what) {
  const Json value = json.value("mirrored", Json(false));
  if (!value.is_boolean()) throw bad_input(fmt::format("{}: 'mirrored' is {}, not true or false", what, value.dump()));
  return value.get<bool>();
}

}  // namespace

void read_orders(const Json& json, Network& network) {
  read_list(json, "frame", "", [&](const Json& part, const std::string& what) {
    require_known_keys(part, {"size", "output", "mirrored"}, what);
    network.frame.push_back({LayerReader(part, what).size("size"), read_mirrored(part, what),
                             read_output(part, what, FramePart::of_input)});
  });
  read_list(json, "result", "", [&](const Json& part, const std::string& what) {
    require_known_keys(part, {"size", "sum"}, what);
    ResultPart result{LayerReader(part, what).size("size"), {}};
    read_list(part, "sum", what + ".", [&](const Json& summand, const std::string& where) {
      require_known_keys(summand, {"output", "mirrored"}, where);
      result.sum.push_back({read_output(summand, where, {}), read_mirrored(summand, where)});
    });
    network.result.push_back(std::move(result));
  });
}

Layer zero_layer(EmptyLayer made) {
  std::visit(
      [&](auto& l) {
        const auto zero = [](std::vector<float>& v, int size) { v.assign(static_cast<size_t>(size), 0.0f); };
        if constexpr (requires { l.weights; }) {
          if (made.bias) zero(l.bias, l.output());
        } else if constexpr (requires { l.bias; }) {
          for (auto& bias : l.bias)
            if (made.bias) zero(bias, l.hidden);
        }
        if constexpr (requires { l.bias_hn; })
          if (made.bias && l.reset == Reset::after) zero(l.bias_hn, l.hidden);
        if constexpr (requires { l.peephole; })
          for (auto& peephole : l.peephole)
            if (made.peephole) zero(peephole, l.hidden);
        if constexpr (requires { l.initial_hidden; })
          if (made.initial_hidden) zero(l.initial_hidden, l.output());
        if constexpr (requires { l.initial_cell; })
          if (made.initial_cell) zero(l.initial_cell, l.hidden);
      },
      made.layer);
  return std::move(made.layer);
}

EmptyLayer read_layer_json(const Json& json, const std::string& what) {
  if (!json.is_object() || !json.contains("kind")) throw bad_input(what + ": is not an object with a 'kind'");
  const LayerReader reader(json, what);
  const Json& kind = json["kind"];
  if (kind == "lstm") {
    reader.known({"kind", "input", "hidden", "projection", "peephole", "bias", "candidate", "block", "gate_activation",
                  "cell_activation", "initial_hidden", "initial_cell"},
                 {"input", "recurrent", "projection"});
    LstmLayer layer;
    layer.input = reader.size("input");
    layer.hidden = reader.size("hidden");
    layer.candidate = reader.activation("candidate", Nonlinearity::tanh);
    layer.gate_activation = reader.activation("gate_activation", Nonlinearity::sigmoid);
    layer.cell_activation = reader.activation("cell_activation", Nonlinearity::tanh);
    const int projection = reader.size("projection", 0), projection_block = reader.block("projection");
    if (projection == 0 && projection_block != 0)
      throw bad_input(fmt::format("{}: a projection block of {} without a projection", what, projection_block));
    if (projection > 0) layer.projection = shaped(projection, layer.hidden, projection_block);
    make_family(layer.input_weights, layer.hidden, layer.input, reader.block("input"));
    make_family(layer.recurrent_weights, layer.hidden, layer.output(), reader.block("recurrent"));
    return {std::move(layer), reader.flag("bias"), reader.flag("peephole"), reader.initial("initial_hidden"),
            reader.initial("initial_cell")};
  }
  if (kind == "gru") {
    reader.known(
        {"kind", "input", "hidden", "reset", "bias", "block", "gate_activation", "candidate", "initial_hidden"},
        {"input", "recurrent"});
    GruLayer layer;
    layer.input = reader.size("input");
    layer.hidden = reader.size("hidden");
    layer.reset = reader.choice("reset", "before", "after") == 0 ? Reset::before : Reset::after;
    layer.gate_activation = reader.activation("gate_activation", Nonlinearity::sigmoid);
    layer.candidate = reader.activation("candidate", Nonlinearity::tanh);
    make_family(layer.input_weights, layer.hidden, layer.input, reader.block("input"));
    make_family(layer.recurrent_weights, layer.hidden, layer.hidden, reader.block("recurrent"));
    return {std::move(layer), reader.flag("bias"), false, reader.initial("initial_hidden")};
  }
  if (kind == "rnn") {
    reader.known({"kind", "input", "hidden", "activation", "bias", "block", "initial_hidden"}, {"input", "recurrent"});
    RnnLayer layer;
    layer.input = reader.size("input");
    layer.hidden = reader.size("hidden");
    layer.activation = reader.activation("activation", Nonlinearity::tanh);
    make_family(layer.input_weights, layer.hidden, layer.input, reader.block("input"));
    make_family(layer.recurrent_weights, layer.hidden, layer.hidden, reader.block("recurrent"));
    return {std::move(layer), reader.flag("bias"), false, reader.initial("initial_hidden")};
  }
  if (kind == "add") {
    reader.known({"kind", "size", "activation"});
    return {AddLayer{reader.size("size"), reader.activation("activation", Nonlinearity::none)}, false};
  }
  if (kind == "dense") {
    reader.known({"kind", "input", "output", "bias", "block", "activation"}, {"weight"});
    DenseLayer layer;
    const int input = reader.size("input");
    layer.weights = shaped(reader.size("output"), input, reader.block("weight"));
    layer.activation = reader.activation("activation", Nonlinearity::none);
    return {std::move(layer), reader.flag("bias")};
  }
  throw unsupported(fmt::format("{}: kind {} is not lstm, gru, rnn, dense or add", what, kind.dump()));
}

}  // namespace erngen
