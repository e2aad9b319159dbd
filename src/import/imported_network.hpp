// What the readers of model files find.
#pragma once

#include <string>
#include <vector>

#include "import/left_out.hpp"
#include "network/network.hpp"

namespace erngen {

/// What an import found.
struct ImportedNetwork {
  Network network;                   ///< dense: all blocks are 1
  std::vector<std::string> sources;  ///< for each layer the module and layer it came from, e.g. "lstm, layer 0"
  std::vector<LeftOut> left_out;     ///< by ImportOptions::ignore
  std::vector<std::string> notes;    ///< which state dict was read, how weights were computed from several tensors
  /// The file holds the whole function of the model, not only its weights.
  bool whole_function = false;
};

}  // namespace erngen
