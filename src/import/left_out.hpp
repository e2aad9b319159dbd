// What --ignore leaves out of a state dict, and what the host must compute in its place.
#pragma once

#include <string>
#include <vector>

#include "import/tensor_name.hpp"

namespace erngen {

/// One module, or one parameter that belongs to none, that is not part of the network.
struct LeftOut {
  std::string name;                  ///< "ln", or the whole name of a lone parameter
  std::vector<std::string> tensors;  ///< their whole names
  std::string kind;                  ///< "a normalisation", "a convolution", ...
  std::string host;                  ///< what the host must do now, a clause
};

/// Takes the tensors whose names begin with one of `prefixes` out of `tensors` and says what they are, by module.
/// Throws Error(usage) for a prefix that begins no name, and Error(unsupported) for weights of a module that stays.
std::vector<LeftOut> leave_out(NamedTensors& tensors, const std::vector<std::string>& prefixes);

}  // namespace erngen
