// The activation functions of LSTM, GRU and RNN nodes.
#pragma once

#include <string>
#include <vector>

#include "import/onnx/model.hpp"
#include "network/activation.hpp"

namespace erngen::onnx {

/// activation(scale z + offset).
struct GateFunction {
  Activation activation;
  float scale = 1;
  float offset = 0;

  bool plain() const { return scale == 1 && offset == 0; }
};

/// The functions of a node: attributes activations, activation_alpha and activation_beta, in the order (f, g, h) for
/// each direction, or `defaults`. Throws Error(unsupported) for functions that the network does not have and for
/// parameters that can be read in several ways; Error(bad_input) for unknown names and another number of functions.
std::vector<GateFunction> gate_functions(const GraphNode& node, const std::vector<std::string>& defaults,
                                         int directions);

/// Whether limiting z to -limit..limit changes nothing in float: f(z) = f(limit) for all greater z, and the same below.
bool saturates_within(const GateFunction& function, float limit);

}  // namespace erngen::onnx
