// In which order the modules of a state dict are applied.
#pragma once

#include <string>
#include <vector>

#include "import/torch_module.hpp"

namespace erngen {

/// The modules in the order of `names`, which may also name operations that lie behind them (operations.hpp). Throws
/// Error(usage) for a name that is neither and for a module named twice, and Error(unsupported) for an operation that
/// the engine does not have and for a module that is left over.
std::vector<TorchModule> named_order(std::vector<TorchModule> modules, const std::vector<std::string>& names,
                                     const std::string& file);

/// The only module, if there is one. Throws Error(unsupported) for several: their order and what lies between them are
/// not in a state dict; the way out names them as the file does.
std::vector<TorchModule> only_module(std::vector<TorchModule> modules, const std::string& file);

}  // namespace erngen
