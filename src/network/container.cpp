#include "network/container.hpp"

namespace erngen {

Description read_description(const TensorFile& tensors, const std::string& file, const std::string& format, int newest,
                             std::initializer_list<std::string_view> keys, const std::string& way_out) {
  const std::string* found = tensors.find_metadata("format");
  if (!found || *found != format)
    throw bad_input(
        fmt::format("{}: is not an {} file: metadata 'format' is {}", file, format, found ? *found : "missing"),
        way_out);
  for (const auto& [key, value] : tensors.metadata)
    if (key != "format" && key != "version" && key != "convention" && key != "network")
      throw bad_input(fmt::format("{}: unknown metadata '{}'", file, key));
  const auto metadata = [&](const char* key) -> const std::string& {
    const std::string* value = tensors.find_metadata(key);
    if (!value) throw bad_input(fmt::format("{}: metadata '{}' is missing", file, key));
    return *value;
  };
  Description result;
  const std::string& version = metadata("version");
  while (result.version <= newest && version != std::to_string(result.version)) ++result.version;
  if (result.version > newest)
    throw unsupported(fmt::format("{}: version '{}', this erngen reads {}", file, version,
                                  newest == 1 ? "'1'" : fmt::format("'1' to '{}'", newest)));
  if (const std::string& convention = metadata("convention"); convention != "first_column")
    throw unsupported(fmt::format("{}: convention '{}', this erngen reads 'first_column'", file, convention));
  const std::string* network = tensors.find_metadata("network");
  if (!network) throw bad_input(file + ": metadata 'network' is missing");
  Json& json = result.network;
  json = parse_json(*network, file + ": metadata 'network'");
  require_known_keys(json, keys, file + ": metadata 'network'");
  if (!json.contains("layers") || !json["layers"].is_array() || json["layers"].empty())
    throw bad_input(file + ": metadata 'network' has no list of layers");
  return result;
}

std::vector<std::pair<std::string, std::string>> write_description(const std::string& format, int version,
                                                                   const Json& network) {
  return {{"format", format},
          {"version", std::to_string(version)},
          {"convention", "first_column"},
          {"network", network.dump()}};
}

void TensorTaker::require_all_taken() const {
  for (const auto& [name, tensor] : tensors_.tensors)
    if (!taken_.contains(name)) throw bad_input(fmt::format("{}: tensor {} belongs to no layer", file_, name));
}

const Tensor& TensorTaker::find(const std::string& name, const std::vector<int>& shape, bool is_float) {
  const Tensor* tensor = tensors_.find(name);
  if (!tensor) throw bad_input(fmt::format("{}: tensor {} is missing", file_, name));
  if (tensor->is_float() != is_float)
    throw bad_input(fmt::format("{}: tensor {} holds {}", file_, name,
                                is_float ? "integers, expected F32" : "real numbers, expected I32"));
  if (tensor->shape != shape)
    throw bad_input(fmt::format("{}: tensor {} has shape {}, expected {}", file_, name, tensor->shape_text(),
                                Tensor{shape, {}}.shape_text()));
  taken_.insert(name);
  return *tensor;
}

}  // namespace erngen
