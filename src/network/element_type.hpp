// The types of stored tensor elements, by the names that safetensors gives them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "network/safetensors.hpp"

namespace erngen {

/// F16, BF16, F32 and F64 are read as float32; BOOL, U8, I8, U16, I16, U32, I32 and I64 as int32.
struct ElementType {
  const char* name;
  std::uint64_t bytes;  ///< of one element
  /// Sets the values of a tensor from its elements, little-endian. Throws Error(bad_input) starting with `what` for
  /// NaN, infinity and values outside the range of float32 or int32.
  void (*read)(Tensor& tensor, std::string_view data, const std::string& what);
};

/// The type called `name`, or nullptr.
const ElementType* find_element_type(std::string_view name);

}  // namespace erngen
