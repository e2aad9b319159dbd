// What a module of a state dict is, guessed from the names and shapes of its tensors: for messages only.
#pragma once

#include <string>
#include <vector>

#include "network/safetensors.hpp"

namespace erngen {

enum class ModuleKind {
  unknown,
  recurrent,
  linear,
  embedding,  ///< or a linear layer without bias: the same tensors
  convolution,
  normalisation,
  batch_norm,
  attention,
  learned_slope,
  initial_state,
};

/// What a parameter's name says of a state that is learned: "h0", "init_c", "hidden_state"; any of both: "state".
enum class StateName { none, hidden, cell, any };
StateName state_name(const std::string& leaf);

/// Of tensors named by what follows the last dot of their names.
ModuleKind module_kind(const std::vector<std::pair<std::string, const Tensor*>>& leaves);

/// "a convolution".
const char* kind_text(ModuleKind kind);

/// What the host must do where such a module is not part of the network, a clause.
const char* host_must(ModuleKind kind);

}  // namespace erngen
