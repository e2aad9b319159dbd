// The safetensors container: named, typed tensors and a string-to-string table.
//
// Layout (https://huggingface.co/docs/safetensors): 8 bytes little-endian header length, a JSON header
// {"__metadata__": {...}, NAME: {"dtype", "shape", "data_offsets": [begin, end]}, ...}, then the data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace erngen {

/// A C-ordered tensor of float32 or int32.
struct Tensor {
  std::vector<int> shape;  ///< empty for a scalar
  std::variant<std::vector<float>, std::vector<std::int32_t>> values;

  bool is_float() const { return values.index() == 0; }
  size_t size() const;             ///< number of elements stored
  std::string shape_text() const;  ///< "[512, 39]"
};

/// Everything a container holds, in file order.
class TensorFile {
 public:
  std::vector<std::pair<std::string, std::string>> metadata;
  std::vector<std::pair<std::string, Tensor>> tensors;

  /// The metadata value of `key`, or nullptr.
  const std::string* find_metadata(const std::string& key) const;
  /// The tensor called `name`, or nullptr.
  const Tensor* find(const std::string& name) const;

  void add(std::string name, std::vector<int> shape, std::vector<float> values);
  void add(std::string name, std::vector<int> shape, std::vector<std::int32_t> values);
};

/// Reads F16, BF16, F32 and F64 as float32, and I8, U8, BOOL, I16, U16, I32, U32 and I64 as int32.
///
/// Throws Error(bad_input) naming file and tensor for a truncated file, a damaged header, a repeated name,
/// offsets that overlap, leave gaps or leave the file, NaN, infinity, and values outside the range of
/// float32 or int32; Error(unsupported) for other types. Header limit: 16 MiB. A file of another kind is refused by its
/// name, as not what is `expected`, with that `way_out`.
TensorFile read_safetensors(const std::filesystem::path& file, const std::string& expected = "a safetensors file",
                            const std::string& way_out = "");

/// The bytes of the container: tensors and metadata in the order given, the header padded with spaces to 8 bytes.
/// required: shapes agree with the values, names are unique.
std::string safetensors_bytes(const TensorFile& contents);

/// Writes safetensors_bytes() atomically. Throws Error(output).
void write_safetensors(const TensorFile& contents, const std::filesystem::path& file);

}  // namespace erngen
