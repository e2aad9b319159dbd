// Tensors of a state dict that are not weights themselves but what weights are computed from.
#pragma once

#include <string>
#include <vector>

#include "import/tensor_name.hpp"

namespace erngen {

/// A state dict whose weights are plain tensors.
struct PlainTensors {
  NamedTensors tensors;
  /// What was computed, one sentence each: "fc.weight is computed as weight_norm".
  std::vector<std::string> notes;
  /// Weights that may be others at inference than those computed here.
  struct Unsure {
    std::string weight, reason;
  };
  std::vector<Unsure> unsure;
};

/// Computes the weights that PyTorch's own functions make of several tensors, as they are at inference:
///   weight_norm    g v / |v|      weight_g and weight_v, or parametrizations.weight.original0 and original1
///   spectral_norm  W / (u' W v)   weight_orig, weight_u and weight_v, or original, 0._u and 0._v
///   pruning        W . mask       weight_orig and weight_mask
/// A lone parametrizations.weight.original belongs to a function that the file does not name: it is taken as the
/// weight, and unsure. So is a parametrised spectral_norm of a recurrent weight: nn.LSTM and nn.GRU run on the weight
/// as it was registered (seen in torch 1.13). Throws Error(unsupported) naming the tensor for other sets of tensors,
/// orthogonal among them, and Error(bad_input) for shapes that do not fit.
PlainTensors plain_tensors(const NamedTensors& tensors, const std::string& file);

}  // namespace erngen
