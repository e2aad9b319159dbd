// From the graph of an ONNX file to a network.
#pragma once

#include "import/onnx.hpp"
#include "import/onnx/model.hpp"

namespace erngen::onnx {

/// Follows the graph node by node. Throws as import_onnx().
ImportedNetwork read_graph(const Model& whole, const OnnxOptions& options);

}  // namespace erngen::onnx
