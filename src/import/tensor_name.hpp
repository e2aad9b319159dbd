// The names of a state dict's tensors: module.path.leaf.
#pragma once

#include <regex>
#include <string>

namespace erngen {

struct TensorName {
  std::string module;  ///< before the last dot; empty for a bare module's tensors
  std::string leaf;

  explicit TensorName(const std::string& name) {
    const size_t dot = name.rfind('.');
    if (dot != std::string::npos) module = name.substr(0, dot);
    leaf = name.substr(dot == std::string::npos ? 0 : dot + 1);
  }
};

/// weight_ih, weight_hh, weight_hr, bias_ih or bias_hh, with or without a layer number, of either direction.
inline bool is_recurrent_leaf(const std::string& leaf) {
  static const std::regex pattern("(weight|bias)_(ih|hh|hr)(_l[0-9]+)?(_reverse)?");
  return leaf.size() < 64 && std::regex_match(leaf, pattern);  // std::regex recurses: keep it short
}

}  // namespace erngen
