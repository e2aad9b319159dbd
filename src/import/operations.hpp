// Operations without parameters that may lie between the modules of a model.
#pragma once

#include <string>

namespace erngen {

/// What an operation's name in --layers means. Case, '_' and '-' do not matter.
enum class Operation {
  none,      ///< not the name of an operation
  identity,  ///< computes nothing at inference: dropout, identity
  missing,   ///< an operation that the engine does not have: relu, softmax, residual, ...
};

Operation operation(const std::string& name);

}  // namespace erngen
