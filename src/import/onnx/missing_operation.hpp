// Operations that a network does not have.
#pragma once

#include "base/error.hpp"
#include "import/onnx/model.hpp"

namespace erngen::onnx {

/// Error(unsupported) that says what the operation is, and what can be done that computes the same.
Error missing_operation(const GraphNode& node);

}  // namespace erngen::onnx
