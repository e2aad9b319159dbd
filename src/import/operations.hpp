// Operations without parameters that may lie between the modules of a model.
#pragma once

#include <string>

#include "network/activation.hpp"

namespace erngen {

/// What an operation's name in --layers means. Case, '_' and '-' do not matter.
struct Operation {
  enum class Kind {
    none,        ///< not the name of an operation
    identity,    ///< computes nothing at inference: dropout, identity
    activation,  ///< a function of each element, with PyTorch's default parameters
    cut,         ///< softmax, log_softmax, argmax: cut off at the very end
    missing,  ///< an operation that the engine does not have, or whose operands the name does not tell: residual, ...
  };
  Kind kind = Kind::none;
  Activation activation;
  std::string cut;  ///< "softmax"
};

Operation operation(const std::string& name);

}  // namespace erngen
