#include "network/layer_json.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

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

EmptyLayer read_layer_json(const Json& json, const std::string& what) {
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

}  // namespace erngen
