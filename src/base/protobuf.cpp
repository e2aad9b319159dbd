#include "base/protobuf.hpp"

#include <cstdint>
#include <optional>

namespace erngen {
namespace {

/// Seven bits a byte, the lowest first, the eighth bit set in all but the last.
std::optional<std::uint64_t> varint(std::string_view bytes, size_t& at) {
  std::uint64_t value = 0;
  for (int shift = 0; shift < 64 && at < bytes.size(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes[at++]);
    value |= std::uint64_t{byte & 127u} << shift;
    if (byte < 128) return value;
  }
  return {};
}

}  // namespace

ProtobufFields protobuf_fields(std::string_view bytes) {
  ProtobufFields fields;
  size_t at = 0;
  while (at < bytes.size()) {
    const auto tag = varint(bytes, at);
    if (!tag) return at == bytes.size() ? fields : ProtobufFields{};
    ProtobufField field{static_cast<int>(*tag >> 3 & 0x1fffffff), static_cast<int>(*tag & 7), {}};
    if (field.number == 0 || *tag >> 32 != 0) return {};
    std::uint64_t length = 0;
    switch (field.wire) {
      case 0:
        if (!varint(bytes, at)) return at == bytes.size() ? fields : ProtobufFields{};
        break;
      case 1: length = 8; break;
      case 2: {
        const auto count = varint(bytes, at);
        if (!count) return at == bytes.size() ? fields : ProtobufFields{};
        length = *count;
        field.contents = bytes.substr(at, length);
        break;
      }
      case 5: length = 4; break;
      default: return {};
    }
    fields.list.push_back(field);
    if (length > bytes.size() - at) return fields;
    at += length;
  }
  fields.whole = true;
  return fields;
}

}  // namespace erngen
