// The modules of a PyTorch state dict: tensors grouped by the name before the last dot, then made into layers.
#pragma once

#include <string>
#include <vector>

#include "import/left_out.hpp"
#include "import/network_builder.hpp"
#include "import/tensor_name.hpp"
#include "network/network.hpp"

namespace erngen {

/// One module of the model, as layers of our own.
struct TorchModule {
  std::string name;           ///< "encoder.lstm"; empty when the file holds a bare module
  std::vector<Layer> layers;  ///< of a bidirectional module forward and backward in turn
  bool bidirectional = false;
  std::vector<Activation> after;    ///< what --layers names behind it
  std::string cut;                  ///< what is cut off behind it: "softmax"
  std::vector<std::string> claims;  ///< what the file does not show, clauses: "begins rnn with h0"

  std::string shown() const { return name.empty() ? "the module" : name; }

  bool is_linear() const { return std::holds_alternative<DenseLayer>(layers.front()); }
  int input() const { return input_size(layers.front()); }
  int output() const { return (bidirectional ? 2 : 1) * output_size(layers.back()); }
};

/// What the module makes of x, without what comes after it. Throws Error(bad_input) for another size of x.
Signal apply_module(NetworkBuilder& builder, Signal x, TorchModule module);

/// All modules in order of first appearance. Throws as import_pytorch().
std::vector<TorchModule> torch_modules(const NamedTensors& tensors, const std::string& file);

}  // namespace erngen
