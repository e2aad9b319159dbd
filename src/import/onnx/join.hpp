// Concat: vectors one behind the other, states of several layers on a stack, constants.
#pragma once

#include <vector>

#include "import/onnx/context.hpp"

namespace erngen::onnx {

/// The concatenation along an axis. Throws Error(unsupported) where the result is no vector of a frame,
/// Error(bad_input) for shapes that do not fit.
Value join(Context& context, const std::vector<Value>& parts, int axis);

}  // namespace erngen::onnx
