// PyTorch state dicts in safetensors: nn.LSTM, nn.GRU, their cells, and nn.Linear.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "network/network.hpp"

namespace erngen {

struct ImportOptions {
  /// Modules in the order in which they are applied, e.g. {"lstm", "fc"}; empty: found from names and shapes.
  std::vector<std::string> modules;
  /// Modules or tensors to leave out, by the beginning of their names.
  std::vector<std::string> ignore;
};

/// What an import found.
struct ImportedNetwork {
  Network network;                   ///< dense: all blocks are 1
  std::vector<std::string> sources;  ///< for each layer the module and layer it came from, e.g. "lstm, layer 0"
};

/// Reads a state dict.
///
/// LSTM: gates i, f, g, o, b_ih + b_hh summed, weight_hr becomes the projection. GRU: gates r, z, n, reset after the
/// product; b_ih + b_hh summed for r and z, kept apart for n. A state dict does not say in which order modules are
/// applied nor what lies between them. Without ImportOptions::modules the order must be clear: recurrent modules that
/// chain in one way only (or differ only by a number in their names), then at most one linear layer.
///
/// Throws Error(bad_input) for damaged files and shapes that do not fit, and Error(unsupported) for what the network
/// format cannot express or the file leaves open: bidirectional layers, plain RNNs, normalisation, convolutions,
/// unknown tensors, an ambiguous order, pickled files.
ImportedNetwork import_pytorch(const std::filesystem::path& file, const ImportOptions& options = {});

}  // namespace erngen
