// The modules of a PyTorch state dict: tensors grouped by the name before the last dot, then made into layers.
#pragma once

#include <string>
#include <vector>

#include "network/network.hpp"
#include "network/safetensors.hpp"

namespace erngen {

/// One module of the model, as layers of our own.
struct TorchModule {
  std::string name;  ///< "encoder.lstm"; empty when the file holds a bare module
  std::vector<Layer> layers;

  bool is_linear() const { return std::holds_alternative<DenseLayer>(layers.front()); }
  int input() const { return input_size(layers.front()); }
  int output() const { return output_size(layers.back()); }
};

/// All modules in order of first appearance. Tensors whose names start with one of `ignore` are left out.
/// Throws as import_pytorch().
std::vector<TorchModule> torch_modules(const TensorFile& tensors, const std::string& file,
                                       const std::vector<std::string>& ignore);

}  // namespace erngen
