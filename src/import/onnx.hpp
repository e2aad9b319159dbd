// ONNX models: LSTM, GRU, RNN, dense layers and what lies between them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "import/imported_network.hpp"

namespace erngen {

struct OnnxOptions {
  /// Inputs of the graph that are constants, such as weights: their names and files, .npy or a TensorProto (.pb).
  std::map<std::string, std::filesystem::path> constants;
  /// Values of the graph to compute, by name, concatenated in this order. Empty: the graph's outputs.
  std::vector<std::string> outputs;
  /// GRUs that PyTorch may have written wrongly are reset after the product.
  bool gru_reset_after = false;
  /// The frames of each sequence are fed from the last one to the first one: for layers with direction reverse.
  bool reverse_input = false;

  bool any() const { return !constants.empty() || !outputs.empty() || gru_reset_after || reverse_input; }
};

/// Reads a model, and its external data.
///
/// The graph is followed from its one input of vectors: what is known in the file is computed, transposes and reshapes
/// become statements on which axis counts frames, scales and normalisations go into the weights. Initial states that
/// are inputs and final states that are outputs are the accelerator's own state. Softmax, log-softmax and argmax at the
/// very end are cut off, and named in metadata.output.cut.
///
/// Throws Error(bad_input) for damaged files, shapes that do not fit and external data outside the model's folder;
/// Error(unsupported), naming node, attribute and value, for what the network cannot express; Error(usage) for options
/// that name nothing in the file.
ImportedNetwork import_onnx(const std::filesystem::path& file, const OnnxOptions& options = {});

}  // namespace erngen
