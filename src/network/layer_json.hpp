// Layers as JSON objects: the shapes in a network file (docs/reference/network-format.md), without the numbers.
#pragma once

#include <string>

#include "base/json.hpp"
#include "network/network.hpp"

namespace erngen {

/// A layer whose matrices have their shapes and no values.
struct EmptyLayer {
  Layer layer;
  bool bias;                                          ///< biases are to be read
  bool peephole = false;                              ///< peepholes are to be read
  bool initial_hidden = false, initial_cell = false;  ///< initial states are to be read
};

/// "tanh", or {"kind": "clip", "alpha": 0, "beta": 6} where the function has parameters.
Json activation_json(const Activation& activation);

/// {"kind": "lstm", "input": 39, ...}; of matrices only shape and block size are read. Activations that the cell has by
/// definition and initial states of zero are not mentioned.
Json layer_json(const Layer& layer);

/// layer_json() with "inputs" ("x", or numbers of earlier layers) and "name".
Json node_json(const Node& node);

/// The layer that `json` describes. Throws Error(bad_input) beginning with `what` for a missing, unknown or illegal
/// key, Error(unsupported) for an unknown kind. A small description cannot ask for much memory.
EmptyLayer read_layer_json(const Json& json, const std::string& what);

/// What the layer objects of a file have beside the layer; without "inputs" (version 1) the node reads the one before.
/// Checks only that inputs are earlier nodes. `json` loses these keys.
Node read_node_links(Json& json, int index, const std::string& what);

/// The list of outputs of a file; without it (version 1) the last layer.
std::vector<int> read_outputs(const Json& network, size_t layers);
/// Elements of a frame; without "input" (version 1) those that the first layer takes.
int read_input(const Json& network, int first_layer);
bool read_last_frame_only(const Json& network);

/// "frame" and "result" of a file; nothing if it has none.
void read_orders(const Json& json, Network& network);

constexpr int most_parts = 1024;  ///< of a frame and of a result
/// What files and reports call a part of the frame: "x", "x1", ...
std::string part_name(int part);

/// {"input": ..., "layers": [...], "outputs": [...]}, and "last_frame_only", "frame" and "result" if there are.
Json structure_json(const Network& network);

/// The layer with the vectors that it has, all zero; its matrices have no values.
Layer zero_layer(EmptyLayer made);

}  // namespace erngen
