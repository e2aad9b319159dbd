// Initial states that a model learns: parameters such as h0 and c0 in a state dict, beside the layers that begin with
// them. Which layer that is, the file does not say: it is taken where only one can be.
#pragma once

#include <string>
#include <vector>

#include "import/tensor_name.hpp"
#include "import/torch_module.hpp"

namespace erngen {

/// Takes out of `tensors` what has the name of a learned state.
NamedTensors take_states(NamedTensors& tensors);

/// Gives each state to the one module that can begin with it: the module of that name, or one inside the module whose
/// parameter it is, with as many layers and values. Adds a sentence to the module's `claims`. Throws
/// Error(unsupported) where none or several can.
void assign_states(std::vector<TorchModule>& modules, const NamedTensors& states);

}  // namespace erngen
