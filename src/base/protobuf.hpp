// The fields of a protobuf message, without its schema: enough to tell one format from another.
#pragma once

#include <string_view>
#include <vector>

namespace erngen {

struct ProtobufField {
  int number = 0;
  int wire = 0;               ///< 0 varint, 1 eight bytes, 2 length and contents, 5 four bytes
  std::string_view contents;  ///< of wire type 2; what there is of it if the bytes end before
};

struct ProtobufFields {
  std::vector<ProtobufField> list;
  bool whole = false;  ///< the bytes end with the last field
};

/// The fields as far as `bytes` go; none if they cannot be a message.
/// (https://protobuf.dev/programming-guides/encoding)
ProtobufFields protobuf_fields(std::string_view bytes);

}  // namespace erngen
