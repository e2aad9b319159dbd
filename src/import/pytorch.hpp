// PyTorch state dicts, in safetensors or as torch.save() writes them: nn.LSTM, nn.GRU, nn.RNN, their cells, and
// nn.Linear.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "import/imported_network.hpp"

namespace erngen {

/// Who answers for what a state dict does not show.
enum class Claim {
  none,      ///< nobody: only what is one plain module
  compared,  ///< the caller compares the network's outputs with the model's
  vouched,   ///< the user says so
};

struct ImportOptions {
  /// Modules in the order in which they are applied and the operations between them, e.g. {"lstm", "fc"}. Empty: there
  /// is one module.
  std::vector<std::string> modules;
  /// Modules or tensors to leave out, by the beginning of their names.
  std::vector<std::string> ignore;
  Claim claim = Claim::none;
  /// Which of a checkpoint's state dicts to read, by its key; empty: the only one, or that under a usual key.
  std::string state_dict = {};
};

/// Reads a state dict.
///
/// LSTM: gates i, f, g, o, b_ih + b_hh summed, weight_hr becomes the projection. GRU: gates r, z, n, reset after the
/// product; b_ih + b_hh summed for r and z, kept apart for n. A state dict does not say in which order modules are
/// applied nor what lies between them: several modules need ImportOptions::modules. These, tensors that are left out,
/// learned initial states, plain RNNs (taken for such with tanh) and weights that are computed from others also need a
/// claim that the network is the model.
///
/// Throws Error(bad_input) for damaged files and shapes that do not fit, and Error(unsupported) for what the network
/// format cannot express or the file leaves open: bidirectional layers, normalisation, convolutions,
/// unknown tensors, several modules without an order or a claim, files of other formats.
ImportedNetwork import_pytorch(const std::filesystem::path& file, const ImportOptions& options = {});

}  // namespace erngen
