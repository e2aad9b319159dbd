// Files of torch.save: .pt, .pth, .ckpt.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "network/safetensors.hpp"

namespace erngen {

/// A state dict, as if it had been saved in safetensors.
struct TorchFile {
  TensorFile tensors;
  std::vector<std::string> notes;  ///< which of a checkpoint's state dicts it is
};

/// Reads the state dict of `bytes`, a whole file: a zip archive (PyTorch since 1.6) or the older sequence of pickles. A
/// checkpoint may hold it under a key, `state_dict` or one of the usual names (find_state_dict()). The pickle is data:
/// no code is run, and all that it may refer to are PyTorch's tensors, containers and a few kinds of records that
/// checkpoints hold beside the weights.
///
/// Throws Error(bad_input) starting with `file` for damaged files, and Error(unsupported) for pickled modules and all
/// other objects, for TorchScript archives, and for element types that are not read.
TorchFile read_torch_file(std::string_view bytes, const std::string& file, const std::string& state_dict);

}  // namespace erngen
