// The names of a state dict's tensors: module.path.leaf.
#pragma once

#include <regex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "network/safetensors.hpp"

namespace erngen {

using NamedTensors = std::vector<std::pair<std::string, Tensor>>;

/// A parameter of a module: "encoder.lstm" and "weight_hh_l0". A parametrised one,
/// module.parametrizations.weight.original, is the module's weight and has a role.
struct TensorName {
  std::string module;  ///< empty for a bare module's tensors
  std::string leaf;
  std::string role;  ///< "original", "0._u", ...; empty for a plain tensor

  explicit TensorName(const std::string& name) {
    constexpr std::string_view marker = "parametrizations.";
    const size_t at = name.find(marker);
    const size_t begin = at + marker.size(), end = at == std::string::npos ? at : name.find('.', begin);
    if (end != std::string::npos && (at == 0 || name[at - 1] == '.')) {
      module = name.substr(0, at == 0 ? 0 : at - 1);
      leaf = name.substr(begin, end - begin);
      role = name.substr(end + 1);
      return;
    }
    const size_t dot = name.rfind('.');
    if (dot != std::string::npos) module = name.substr(0, dot);
    leaf = name.substr(dot == std::string::npos ? 0 : dot + 1);
  }

  /// "encoder.lstm.weight_hh_l0".
  std::string plain() const { return module.empty() ? leaf : module + "." + leaf; }
};

/// weight_ih, weight_hh, weight_hr, bias_ih or bias_hh, with or without a layer number, of either direction.
inline bool is_recurrent_leaf(const std::string& leaf) {
  static const std::regex pattern("(weight|bias)_(ih|hh|hr)(_l[0-9]+)?(_reverse)?");
  return leaf.size() < 64 && std::regex_match(leaf, pattern);  // std::regex recurses: keep it short
}

/// A parameter of nn.LSTM, nn.GRU, their cells, nn.Linear, or of most other modules.
inline bool is_weight_leaf(const std::string& leaf) {
  return leaf == "weight" || leaf == "bias" || is_recurrent_leaf(leaf);
}

}  // namespace erngen
