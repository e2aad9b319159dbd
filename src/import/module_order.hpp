// In which order the modules of a state dict are applied.
#pragma once

#include <string>
#include <vector>

#include "import/torch_module.hpp"

namespace erngen {

/// The modules in the order named. Throws Error(usage) for a name that is not there or twice, and Error(unsupported)
/// for a module that is left over.
std::vector<TorchModule> named_order(std::vector<TorchModule> modules, const std::vector<std::string>& names,
                                     const std::string& file);

/// The only order that the shapes and names allow; rules in pytorch.hpp. Throws Error(unsupported) if there is none
/// or more than one.
std::vector<TorchModule> deduced_order(std::vector<TorchModule> modules, const std::string& file);

}  // namespace erngen
