#include "network/safetensors.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>
#include <tuple>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/json.hpp"
#include "network/element_type.hpp"

namespace erngen {
namespace {

constexpr std::uint64_t max_header = std::uint64_t{16} << 20;
constexpr std::uint64_t max_elements = std::uint64_t{1} << 31;

/// One tensor's place: validated against its type and shape, not yet against the others.
struct Entry {
  std::string name;
  const ElementType* type;
  std::vector<int> shape;
  std::uint64_t begin, end;
};

std::uint64_t unsigned_at(const Json& list, size_t n, const std::string& what, const char* field) {
  if (!list[n].is_number_unsigned())
    throw bad_input(fmt::format("{}: {} holds {}, not a whole number", what, field, list[n].dump()));
  return list[n].get<std::uint64_t>();
}

Entry read_entry(const std::string& name, const Json& json, const std::string& what) {
  require_known_keys(json, {"dtype", "shape", "data_offsets"}, what);
  for (const char* key : {"dtype", "shape", "data_offsets"})
    if (!json.contains(key)) throw bad_input(fmt::format("{}: has no '{}'", what, key));
  if (!json["dtype"].is_string()) throw bad_input(what + ": dtype is not a string");
  const std::string type_name = json["dtype"].get<std::string>();
  const ElementType* type = find_element_type(type_name);
  if (!type)
    throw unsupported(fmt::format("{}: element type {} is not supported", what, type_name),
                      "convert it to float32 before saving");

  if (!json["shape"].is_array() || json["shape"].size() > 8)
    throw bad_input(what + ": shape is not a list of at most 8 sizes");
  std::vector<int> shape;
  std::uint64_t count = 1;
  for (size_t n = 0; n < json["shape"].size(); ++n) {
    const std::uint64_t extent = unsigned_at(json["shape"], n, what, "shape");
    if (extent >= max_elements) throw bad_input(fmt::format("{}: a size of {}", what, extent));
    shape.push_back(static_cast<int>(extent));
    count *= extent;
    if (count > max_elements) throw bad_input(fmt::format("{}: shape {} has more than 2^31 elements", what, shape));
  }

  if (!json["data_offsets"].is_array() || json["data_offsets"].size() != 2)
    throw bad_input(what + ": data_offsets is not a pair");
  const std::uint64_t begin = unsigned_at(json["data_offsets"], 0, what, "data_offsets");
  const std::uint64_t end = unsigned_at(json["data_offsets"], 1, what, "data_offsets");
  if (end < begin || end - begin != count * type->bytes)
    throw bad_input(
        fmt::format("{}: data_offsets [{}, {}] do not hold {} elements of {}", what, begin, end, count, type_name));
  return {name, type, shape, begin, end};
}

/// The data must be covered from the first byte to the last, each byte once.
void require_cover(std::vector<const Entry*> entries, std::uint64_t data_size, const std::string& file) {
  std::sort(entries.begin(), entries.end(),
            [](const Entry* a, const Entry* b) { return std::tie(a->begin, a->end) < std::tie(b->begin, b->end); });
  std::uint64_t position = 0;
  for (const Entry* entry : entries) {
    if (entry->end > data_size)
      throw bad_input(fmt::format("{}: tensor {} ends at byte {} of {}", file, entry->name, entry->end, data_size),
                      "the file is truncated: copy or save it again");
    if (entry->begin != position)
      throw bad_input(fmt::format("{}: tensor {} begins at byte {}, expected {}: the data {}", file, entry->name,
                                  entry->begin, position, entry->begin < position ? "overlaps" : "has a gap"));
    position = entry->end;
  }
  if (position != data_size)
    throw bad_input(fmt::format("{}: {} bytes of data, but the tensors use {}", file, data_size, position));
}

template <class T>
const T* find_in(const std::vector<std::pair<std::string, T>>& list, const std::string& name) {
  const auto found = std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.first == name; });
  return found == list.end() ? nullptr : &found->second;
}

}  // namespace

size_t Tensor::size() const {
  return std::visit([](const auto& v) { return v.size(); }, values);
}

std::string Tensor::shape_text() const { return fmt::format("{}", shape); }

const std::string* TensorFile::find_metadata(const std::string& key) const { return find_in(metadata, key); }
const Tensor* TensorFile::find(const std::string& name) const { return find_in(tensors, name); }

void TensorFile::add(std::string name, std::vector<int> shape, std::vector<float> values) {
  tensors.emplace_back(std::move(name), Tensor{std::move(shape), std::move(values)});
}

void TensorFile::add(std::string name, std::vector<int> shape, std::vector<std::int32_t> values) {
  tensors.emplace_back(std::move(name), Tensor{std::move(shape), std::move(values)});
}

TensorFile read_safetensors(const std::filesystem::path& path, const std::string& expected,
                            const std::string& way_out) {
  const std::string file = path.string();
  const std::string bytes = read_file(path);
  if (bytes.size() < 8) throw other_contents(file, bytes, expected, way_out);
  std::uint64_t header_size;
  std::memcpy(&header_size, bytes.data(), 8);
  if (header_size > max_header || (bytes.size() > 8 && bytes[8] != '{'))
    throw other_contents(file, bytes, expected, way_out);
  if (header_size > bytes.size() - 8)
    throw bad_input(fmt::format("{}: is truncated: {} bytes of its header of {}", file, bytes.size() - 8, header_size),
                    "copy the file or save it again");
  const Json header = parse_json(std::string_view(bytes).substr(8, header_size), file + ": header");
  if (!header.is_object()) throw bad_input(file + ": header is not a JSON object");
  const std::string_view data = std::string_view(bytes).substr(8 + header_size);

  TensorFile result;
  std::vector<Entry> entries;
  for (const auto& [name, json] : header.items()) {
    if (name != "__metadata__") {
      entries.push_back(read_entry(name, json, fmt::format("{}: tensor {}", file, name)));
      continue;
    }
    if (!json.is_object()) throw bad_input(file + ": __metadata__ is not a JSON object");
    for (const auto& [key, value] : json.items()) {
      if (!value.is_string()) throw bad_input(fmt::format("{}: __metadata__ '{}' is not a string", file, key));
      result.metadata.emplace_back(key, value.get<std::string>());
    }
  }
  std::vector<const Entry*> pointers;
  for (const Entry& entry : entries) pointers.push_back(&entry);
  require_cover(pointers, data.size(), file);
  for (const Entry& entry : entries) {
    Tensor tensor{entry.shape, {}};
    entry.type->read(tensor, data.substr(entry.begin, entry.end - entry.begin),
                     fmt::format("{}: tensor {}", file, entry.name));
    result.tensors.emplace_back(entry.name, std::move(tensor));
  }
  return result;
}

std::string safetensors_bytes(const TensorFile& contents) {
  Json header = Json::object();
  if (!contents.metadata.empty()) {
    Json& metadata = header["__metadata__"] = Json::object();
    for (const auto& [key, value] : contents.metadata) metadata[key] = value;
  }
  std::uint64_t offset = 0;
  for (const auto& [name, tensor] : contents.tensors) {
    std::uint64_t count = 1;
    for (const int extent : tensor.shape) count *= static_cast<std::uint64_t>(extent);
    if (count != tensor.size() || header.contains(name))
      throw Error(ExitCode::internal, fmt::format("tensor {}: {} values for shape {}, or a repeated name", name,
                                                  tensor.size(), tensor.shape));
    const std::uint64_t end = offset + 4 * count;  // float32 and int32 both have 4 bytes
    header[name] = {
        {"dtype", tensor.is_float() ? "F32" : "I32"}, {"shape", tensor.shape}, {"data_offsets", {offset, end}}};
    offset = end;
  }
  std::string text = header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');

  std::string bytes;
  bytes.reserve(8 + text.size() + offset);
  const std::uint64_t size = text.size();
  bytes.append(reinterpret_cast<const char*>(&size), 8);
  bytes += text;
  for (const auto& [name, tensor] : contents.tensors)
    std::visit(
        [&](const auto& values) { bytes.append(reinterpret_cast<const char*>(values.data()), 4 * values.size()); },
        tensor.values);
  return bytes;
}

void write_safetensors(const TensorFile& contents, const std::filesystem::path& file) {
  write_file_atomically(file, safetensors_bytes(contents));
}

}  // namespace erngen
