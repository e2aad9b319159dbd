#include "import/module_kind.hpp"

#include <algorithm>
#include <regex>

#include "import/tensor_name.hpp"

namespace erngen {

StateName state_name(const std::string& leaf) {
  static const std::regex pattern(
      "(init|initial|start|learned)?_?(h|c|hidden|cell|state|states)_?(0|init|initial|state)?");
  std::smatch match;
  if (leaf.size() >= 64 || !std::regex_match(leaf, match, pattern)) return StateName::none;  // std::regex recurses
  const std::string what = match[2];
  if (what == "c" || what == "cell") return StateName::cell;
  return what == "h" || what == "hidden" ? StateName::hidden : StateName::any;
}

ModuleKind module_kind(const std::vector<std::pair<std::string, const Tensor*>>& leaves) {
  const auto find = [&](const char* leaf) -> const Tensor* {
    const auto found = std::ranges::find_if(leaves, [&](const auto& item) { return item.first == leaf; });
    return found == leaves.end() ? nullptr : found->second;
  };
  if (find("running_mean") || find("running_var")) return ModuleKind::batch_norm;
  if (find("in_proj_weight") || find("q_proj_weight")) return ModuleKind::attention;
  if (std::ranges::any_of(leaves, [](const auto& l) { return is_recurrent_leaf(l.first); }))
    return ModuleKind::recurrent;
  if (const Tensor* weight = find("weight")) {
    if (weight->shape.size() > 2) return ModuleKind::convolution;
    if (weight->shape.size() == 2) return find("bias") ? ModuleKind::linear : ModuleKind::embedding;
    return weight->size() == 1 ? ModuleKind::learned_slope : ModuleKind::normalisation;
  }
  if (std::ranges::all_of(leaves, [](const auto& l) { return state_name(l.first) != StateName::none; }))
    return ModuleKind::initial_state;
  return ModuleKind::unknown;
}

const char* kind_text(ModuleKind kind) {
  switch (kind) {
    case ModuleKind::recurrent: return "a recurrent layer";
    case ModuleKind::linear: return "a linear layer";
    case ModuleKind::embedding: return "an embedding or a linear layer without bias";
    case ModuleKind::convolution: return "a convolution";
    case ModuleKind::normalisation: return "a normalisation";
    case ModuleKind::batch_norm: return "a batch normalisation";
    case ModuleKind::attention: return "an attention";
    case ModuleKind::learned_slope: return "an activation with a learned slope";
    case ModuleKind::initial_state: return "a learned initial state";
    case ModuleKind::unknown: break;
  }
  return "a parameter of the model's own";
}

const char* host_must(ModuleKind kind) {
  switch (kind) {
    case ModuleKind::initial_state:
      return "write it into the state registers before each sequence; the network starts from zero";
    case ModuleKind::embedding: return "look up or multiply with it, before or after the network";
    case ModuleKind::unknown: return "do what the model does with it, before or after the network";
    default: return "compute it, before or after the network";
  }
}

}  // namespace erngen
