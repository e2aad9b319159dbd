// Tensors that are written as nested lists of numbers.
#pragma once

#include <string>

#include "base/json.hpp"
#include "network/safetensors.hpp"

namespace erngen {

/// A tensor of float32 of nested lists, at most four levels deep. Throws Error(bad_input) beginning with `what` for
/// lists of different lengths, and for elements that are not finite float32 numbers.
Tensor json_tensor(const Json& json, const std::string& what);

}  // namespace erngen
