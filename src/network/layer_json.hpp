// Layers as JSON objects: the shapes in a network file (docs/network-format.md), without the numbers.
#pragma once

#include <string>

#include "base/json.hpp"
#include "network/network.hpp"

namespace erngen {

/// A layer whose matrices have their shapes and no values.
struct EmptyLayer {
  Layer layer;
  bool bias;              ///< biases are to be read
  bool peephole = false;  ///< peepholes are to be read
};

/// {"kind": "lstm", "input": 39, ...}; of matrices only shape and block size are read.
Json layer_json(const Layer& layer);

/// The layer that `json` describes. Throws Error(bad_input) beginning with `what` for a missing, unknown or illegal
/// key, Error(unsupported) for an unknown kind. A small description cannot ask for much memory.
EmptyLayer read_layer_json(const Json& json, const std::string& what);

}  // namespace erngen
