#include "network/network_file.hpp"

#include <set>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/in_file.hpp"
#include "base/json.hpp"
#include "network/safetensors.hpp"

namespace erngen {
namespace {

/// Calls f(name, vector) for every bias and peephole vector of a layer, in file order. Which of them the
/// layer has is decided by `present`: has_bias, has_peephole.
template <class LayerT, class F>
void for_each_vector(LayerT& layer, const std::string& prefix, bool has_bias, bool has_peephole, F&& f) {
  if constexpr (requires { layer.weights; }) {
    if (has_bias) f(prefix + "bias", layer.bias);
  } else if (has_bias) {
    for (size_t gate = 0; gate < layer.gate_names.size(); ++gate)
      f(prefix + "bias." + layer.gate_names[gate], layer.bias[gate]);
  }
  if constexpr (requires { layer.bias_hn; })
    if (has_bias && layer.reset == Reset::after) f(prefix + "bias.hn", layer.bias_hn);
  if constexpr (requires { layer.peephole; }) {
    constexpr std::array<const char*, 3> names{"i", "f", "o"};
    for (size_t gate = 0; has_peephole && gate < names.size(); ++gate)
      f(prefix + "peephole." + names[gate], layer.peephole[gate]);
  }
}

/// The length of a layer's bias and peephole vectors.
template <class LayerT>
int vector_size(const LayerT& layer) {
  if constexpr (requires { layer.hidden; }) return layer.hidden;
  else return layer.output();
}

Json describe(const LstmLayer& layer) {
  const int projection = layer.projection ? layer.projection->rows : 0;
  return {{"kind", "lstm"},
          {"input", layer.input},
          {"hidden", layer.hidden},
          {"projection", projection},
          {"peephole", layer.has_peephole()},
          {"bias", layer.has_bias()},
          {"candidate", layer.candidate == Candidate::tanh ? "tanh" : "sigmoid"},
          {"block",
           {{"input", layer.input_weights[0].block},
            {"recurrent", layer.recurrent_weights[0].block},
            {"projection", layer.projection ? layer.projection->block : 0}}}};
}

Json describe(const GruLayer& layer) {
  return {{"kind", "gru"},
          {"input", layer.input},
          {"hidden", layer.hidden},
          {"reset", layer.reset == Reset::before ? "before" : "after"},
          {"bias", layer.has_bias()},
          {"block", {{"input", layer.input_weights[0].block}, {"recurrent", layer.recurrent_weights[0].block}}}};
}

Json describe(const DenseLayer& layer) {
  return {{"kind", "dense"},
          {"input", layer.weights.cols},
          {"output", layer.weights.rows},
          {"bias", !layer.bias.empty()},
          {"block", {{"weight", layer.weights.block}}}};
}

/// Typed access to a layer object; every message names file and layer.
class LayerReader {
 public:
  LayerReader(const Json& json, const std::string& what) : json_(json), what_(what) {}

  int size(const char* key, int minimum = 1) const {
    const Json& value = get(json_, key);
    constexpr int limit = 65536;
    if (!value.is_number_integer() || value.get<std::int64_t>() < minimum || value.get<std::int64_t>() > limit)
      throw bad_input(fmt::format("{}: '{}' is {}, not a whole number in {}..{}", what_, key, value.dump(), minimum, limit));
    return value.get<int>();
  }
  bool flag(const char* key) const {
    const Json& value = get(json_, key);
    if (!value.is_boolean()) throw bad_input(fmt::format("{}: '{}' is {}, not true or false", what_, key, value.dump()));
    return value.get<bool>();
  }
  /// 0 for the first word, 1 for the second.
  int choice(const char* key, const char* first, const char* second) const {
    const Json& value = get(json_, key);
    if (value == first) return 0;
    if (value == second) return 1;
    throw bad_input(fmt::format("{}: '{}' is {}, not \"{}\" or \"{}\"", what_, key, value.dump(), first, second));
  }
  int block(const char* key) const {
    const Json& value = get(get(json_, "block"), key);
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0 || value.get<std::int64_t>() > 64)
      throw bad_input(fmt::format("{}: block size of '{}' is {}, not 1, 2, 4, ... 64", what_, key, value.dump()));
    return value.get<int>();
  }
  void known(std::initializer_list<std::string_view> keys, std::initializer_list<std::string_view> blocks) const {
    require_known_keys(json_, keys, what_);
    require_known_keys(get(json_, "block"), blocks, what_ + ": block");
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

/// A layer whose matrices have their shapes and whose tensors are yet to be taken.
struct EmptyLayer {
  Layer layer;
  bool bias;
  bool peephole = false;
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

EmptyLayer read_layer(const Json& json, const std::string& what) {
  if (!json.is_object() || !json.contains("kind")) throw bad_input(what + ": is not an object with a 'kind'");
  const LayerReader reader(json, what);
  const Json& kind = json["kind"];
  if (kind == "lstm") {
    reader.known({"kind", "input", "hidden", "projection", "peephole", "bias", "candidate", "block"},
                 {"input", "recurrent", "projection"});
    LstmLayer layer;
    layer.input = reader.size("input");
    layer.hidden = reader.size("hidden");
    layer.candidate = reader.choice("candidate", "tanh", "sigmoid") == 0 ? Candidate::tanh : Candidate::sigmoid;
    const int projection = reader.size("projection", 0), projection_block = reader.block("projection");
    if (projection == 0 && projection_block != 0)
      throw bad_input(fmt::format("{}: a projection block of {} without a projection", what, projection_block));
    if (projection > 0) layer.projection = shaped(projection, layer.hidden, projection_block);
    make_family(layer.input_weights, layer.hidden, layer.input, reader.block("input"));
    make_family(layer.recurrent_weights, layer.hidden, layer.output(), reader.block("recurrent"));
    return {std::move(layer), reader.flag("bias"), reader.flag("peephole")};
  }
  if (kind == "gru") {
    reader.known({"kind", "input", "hidden", "reset", "bias", "block"}, {"input", "recurrent"});
    GruLayer layer;
    layer.input = reader.size("input");
    layer.hidden = reader.size("hidden");
    layer.reset = reader.choice("reset", "before", "after") == 0 ? Reset::before : Reset::after;
    make_family(layer.input_weights, layer.hidden, layer.input, reader.block("input"));
    make_family(layer.recurrent_weights, layer.hidden, layer.hidden, reader.block("recurrent"));
    return {std::move(layer), reader.flag("bias")};
  }
  if (kind == "dense") {
    reader.known({"kind", "input", "output", "bias", "block"}, {"weight"});
    DenseLayer layer;
    const int input = reader.size("input");
    layer.weights = shaped(reader.size("output"), input, reader.block("weight"));
    return {std::move(layer), reader.flag("bias")};
  }
  throw unsupported(fmt::format("{}: kind {} is not lstm, gru or dense", what, kind.dump()));
}

/// Takes tensors out of a container by name and remembers which were taken.
class TensorTaker {
 public:
  TensorTaker(const TensorFile& tensors, const std::string& file) : tensors_(tensors), file_(file) {}

  std::vector<float> take(const std::string& name, const std::vector<int>& shape) {
    const Tensor* tensor = tensors_.find(name);
    if (!tensor) throw bad_input(fmt::format("{}: tensor {} is missing", file_, name));
    if (!tensor->is_float()) throw bad_input(fmt::format("{}: tensor {} holds integers, expected F32", file_, name));
    if (tensor->shape != shape)
      throw bad_input(fmt::format("{}: tensor {} has shape {}, expected {}", file_, name, tensor->shape_text(),
                                  Tensor{shape, {}}.shape_text()));
    taken_.insert(name);
    return std::get<0>(tensor->values);
  }

  void require_all_taken() const {
    for (const auto& [name, tensor] : tensors_.tensors)
      if (!taken_.contains(name)) throw bad_input(fmt::format("{}: tensor {} belongs to no layer", file_, name));
  }

 private:
  const TensorFile& tensors_;
  const std::string& file_;
  std::set<std::string> taken_;
};

/// Checks format, version and convention; returns the JSON of the key "network".
Json read_description(const TensorFile& tensors, const std::string& file) {
  const std::string* format = tensors.find_metadata("format");
  if (!format || *format != "erngen-network")
    throw bad_input(fmt::format("{}: is not an erngen network: metadata 'format' is {}", file, format ? *format : "missing"),
                    "make one with 'erngen import' or 'erngen new'");
  for (const auto& [key, value] : tensors.metadata)
    if (key != "format" && key != "version" && key != "convention" && key != "network")
      throw bad_input(fmt::format("{}: unknown metadata '{}'", file, key));
  const auto require = [&](const char* key, const char* expected) {
    const std::string* value = tensors.find_metadata(key);
    if (!value) throw bad_input(fmt::format("{}: metadata '{}' is missing", file, key));
    if (*value != expected) throw unsupported(fmt::format("{}: {} '{}', this erngen reads '{}'", file, key, *value, expected));
  };
  require("version", "1");
  require("convention", "first_column");
  const std::string* network = tensors.find_metadata("network");
  if (!network) throw bad_input(file + ": metadata 'network' is missing");
  Json json = parse_json(*network, file + ": metadata 'network'");
  require_known_keys(json, {"layers", "metadata"}, file + ": metadata 'network'");
  if (!json.contains("layers") || !json["layers"].is_array() || json["layers"].empty())
    throw bad_input(file + ": metadata 'network' has no list of layers");
  return json;
}

}  // namespace

Network read_network(const std::filesystem::path& path) {
  const std::string file = path.string();
  const TensorFile tensors = read_safetensors(path);
  const Json json = read_description(tensors, file);
  return in_file(file, [&] {
    Network network;
    if (json.contains("metadata")) network.metadata = json["metadata"];
    TensorTaker taker(tensors, file);
    for (size_t n = 0; n < json["layers"].size(); ++n) {
      EmptyLayer made = read_layer(json["layers"][n], fmt::format("layers.{}", n));
      std::visit(
          [&](auto& layer) {
            const auto take = [&](const std::string& name, std::vector<float>& v) { v = taker.take(name, {vector_size(layer)}); };
            for_each_vector(layer, fmt::format("layers.{}.", n), made.bias, made.peephole, take);
          },
          made.layer);
      network.layers.push_back(std::move(made.layer));
    }
    for_each_matrix(network, [&](const std::string& name, BlockMatrix& m) {
      m.columns = taker.take(name, {m.row_blocks(), m.col_blocks(), m.block});
    });
    taker.require_all_taken();
    network.validate();
    return network;
  });
}

std::string network_bytes(const Network& network) {
  network.validate();
  Json layers = Json::array();
  for (const Layer& layer : network.layers)
    layers.push_back(std::visit([](const auto& l) { return describe(l); }, layer));
  TensorFile tensors;
  tensors.metadata = {{"format", "erngen-network"},
                      {"version", "1"},
                      {"convention", "first_column"},
                      {"network", Json{{"layers", layers}, {"metadata", network.metadata}}.dump()}};
  for_each_matrix(network, [&](const std::string& name, const BlockMatrix& m) {
    tensors.add(name, {m.row_blocks(), m.col_blocks(), m.block}, m.columns);
  });
  for (size_t n = 0; n < network.layers.size(); ++n)
    std::visit(
        [&](const auto& layer) {
          bool bias, peephole = false;
          if constexpr (requires { layer.weights; }) bias = !layer.bias.empty();
          else bias = layer.has_bias();
          if constexpr (requires { layer.peephole; }) peephole = layer.has_peephole();
          for_each_vector(layer, fmt::format("layers.{}.", n), bias, peephole,
                          [&](const std::string& name, const std::vector<float>& v) {
                            tensors.add(name, {static_cast<int>(v.size())}, v);
                          });
        },
        network.layers[n]);
  return safetensors_bytes(tensors);
}

void write_network(const Network& network, const std::filesystem::path& file) {
  write_file_atomically(file, network_bytes(network));
}

}  // namespace erngen
