#include "import/onnx/tensor_proto.hpp"

#include <bit>
#include <cstring>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/half.hpp"

namespace erngen::onnx {
namespace {

using Proto = ::onnx::TensorProto;

constexpr std::int64_t most_file_elements = std::int64_t{1} << 31;

std::vector<std::int64_t> shape_of(const Proto& tensor, const std::string& what, std::int64_t& count) {
  std::vector<std::int64_t> shape(tensor.dims().begin(), tensor.dims().end());
  count = 1;
  for (const std::int64_t size : shape) {
    if (size < 0 || size > most_file_elements) throw bad_input(fmt::format("{}: an axis of {} elements", what, size));
    count *= size;
    if (count > most_file_elements) throw bad_input(fmt::format("{}: more than {} elements", what, most_file_elements));
  }
  return shape;
}

/// All elements of `bytes`, little-endian, each as `f` of its stored type.
template <class Stored, class F>
auto decode(const std::string& bytes, std::int64_t count, F&& f) {
  static_assert(std::endian::native == std::endian::little);
  std::vector<decltype(f(Stored{}))> values;
  values.reserve(static_cast<size_t>(count));
  for (std::int64_t e = 0; e < count; ++e) {
    Stored stored;
    std::memcpy(&stored, bytes.data() + static_cast<size_t>(e) * sizeof(Stored), sizeof(Stored));
    values.push_back(f(stored));
  }
  return values;
}

float bfloat(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }
float half(std::uint16_t bits) { return static_cast<float>(half_to_double(bits)); }
template <class T>
Size whole(T value) {
  return Size(static_cast<std::int64_t>(value));
}

std::uint64_t element_bytes(int type) {
  switch (type) {
    case Proto::UINT8:
    case Proto::INT8:
    case Proto::BOOL: return 1;
    case Proto::UINT16:
    case Proto::INT16:
    case Proto::FLOAT16:
    case Proto::BFLOAT16: return 2;
    case Proto::FLOAT:
    case Proto::INT32:
    case Proto::UINT32: return 4;
    default: return 8;
  }
}

Constant from_bytes(int type, const std::vector<std::int64_t>& shape, const std::string& bytes, std::int64_t count) {
  switch (type) {
    case Proto::FLOAT: return {shape, decode<float>(bytes, count, [](float v) { return v; })};
    case Proto::DOUBLE: return {shape, decode<double>(bytes, count, [](double v) { return static_cast<float>(v); })};
    case Proto::FLOAT16: return {shape, decode<std::uint16_t>(bytes, count, half)};
    case Proto::BFLOAT16: return {shape, decode<std::uint16_t>(bytes, count, bfloat)};
    case Proto::UINT8:
    case Proto::BOOL: return {shape, decode<std::uint8_t>(bytes, count, whole<std::uint8_t>)};
    case Proto::INT8: return {shape, decode<std::int8_t>(bytes, count, whole<std::int8_t>)};
    case Proto::UINT16: return {shape, decode<std::uint16_t>(bytes, count, whole<std::uint16_t>)};
    case Proto::INT16: return {shape, decode<std::int16_t>(bytes, count, whole<std::int16_t>)};
    case Proto::INT32: return {shape, decode<std::int32_t>(bytes, count, whole<std::int32_t>)};
    case Proto::UINT32: return {shape, decode<std::uint32_t>(bytes, count, whole<std::uint32_t>)};
    default: return {shape, decode<std::int64_t>(bytes, count, whole<std::int64_t>)};
  }
}

/// The values of the typed lists that hold what is not raw_data.
Constant from_lists(const Proto& tensor, const std::vector<std::int64_t>& shape, const std::string& what,
                    std::int64_t count) {
  const auto read = [&](const auto& list, auto&& f) {
    if (list.size() != count) throw bad_input(fmt::format("{}: has {} values, its shape {}", what, list.size(), count));
    std::vector<decltype(f(list.Get(0)))> values;
    for (const auto& value : list) values.push_back(f(value));
    return Constant(shape, std::move(values));
  };
  const auto bits = [](std::int32_t value) { return static_cast<std::uint16_t>(value); };
  switch (tensor.data_type()) {
    case Proto::FLOAT: return read(tensor.float_data(), [](float v) { return v; });
    case Proto::DOUBLE: return read(tensor.double_data(), [](double v) { return static_cast<float>(v); });
    case Proto::FLOAT16: return read(tensor.int32_data(), [&](std::int32_t v) { return half(bits(v)); });
    case Proto::BFLOAT16: return read(tensor.int32_data(), [&](std::int32_t v) { return bfloat(bits(v)); });
    case Proto::INT64: return read(tensor.int64_data(), whole<std::int64_t>);
    case Proto::UINT32:
    case Proto::UINT64: return read(tensor.uint64_data(), whole<std::uint64_t>);
    default: return read(tensor.int32_data(), whole<std::int32_t>);
  }
}

std::string external_bytes(const Proto& tensor, ExternalData& external, std::uint64_t wanted, const std::string& what) {
  std::string location;
  std::uint64_t offset = 0, length = wanted;
  for (const auto& entry : tensor.external_data()) {
    const auto number = [&] {
      std::uint64_t value = 0;
      const std::string& text = entry.value();
      if (text.empty() || text.size() > 18 || text.find_first_not_of("0123456789") != std::string::npos)
        throw bad_input(fmt::format("{}: {} of its external data is '{}'", what, entry.key(), text));
      value = std::stoull(text);
      return value;
    };
    if (entry.key() == "location") location = entry.value();
    if (entry.key() == "offset") offset = number();
    if (entry.key() == "length") length = number();
  }
  if (length != wanted)
    throw bad_input(fmt::format("{}: has {} bytes of external data, its shape needs {}", what, length, wanted));
  return external.read(tensor.name(), location, offset, length);
}

}  // namespace

std::string data_type_name(int type) {
  const std::string& name = ::onnx::TensorProto_DataType_Name(static_cast<::onnx::TensorProto_DataType>(type));
  return name.empty() ? fmt::format("type {}", type) : name;
}

bool is_real(int type) {
  return type == Proto::FLOAT || type == Proto::DOUBLE || type == Proto::FLOAT16 || type == Proto::BFLOAT16;
}

bool is_number(int type) {
  switch (type) {
    case Proto::FLOAT:
    case Proto::DOUBLE:
    case Proto::FLOAT16:
    case Proto::BFLOAT16:
    case Proto::UINT8:
    case Proto::INT8:
    case Proto::BOOL:
    case Proto::UINT16:
    case Proto::INT16:
    case Proto::INT32:
    case Proto::UINT32:
    case Proto::INT64:
    case Proto::UINT64: return true;
    default: return false;
  }
}

Constant constant(const Proto& tensor, ExternalData& external) {
  const std::string what = fmt::format("tensor '{}'", tensor.name());
  std::int64_t count = 0;
  const auto shape = shape_of(tensor, what, count);
  if (tensor.has_segment()) throw unsupported(what + ": is stored in segments");
  const std::uint64_t wanted = static_cast<std::uint64_t>(count) * element_bytes(tensor.data_type());
  if (tensor.data_location() == Proto::EXTERNAL)
    return from_bytes(tensor.data_type(), shape, external_bytes(tensor, external, wanted, what), count);
  if (!tensor.has_raw_data()) return from_lists(tensor, shape, what, count);
  if (tensor.raw_data().size() != wanted)
    throw bad_input(
        fmt::format("{}: has {} bytes of data, its shape needs {}", what, tensor.raw_data().size(), wanted));
  return from_bytes(tensor.data_type(), shape, tensor.raw_data(), count);
}

}  // namespace erngen::onnx
