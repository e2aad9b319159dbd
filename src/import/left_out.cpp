#include "import/left_out.hpp"

#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "base/error.hpp"
#include "import/tensor_name.hpp"

namespace erngen {
namespace {

/// A name that people give to states that are learned.
bool is_state(const std::string& leaf) {
  static const std::regex pattern(
      "(init|initial|start|learned)?_?(h|c|hidden|cell|state|states)_?(0|init|initial|state)?");
  return leaf.size() < 64 && std::regex_match(leaf, pattern);  // std::regex recurses: keep it short
}

std::string host_clause(const std::string& kind) {
  if (kind == "a learned initial state")
    return "write it into the state registers before each sequence; the network starts from zero";
  if (kind == "an embedding or a linear layer without bias")
    return "look up or multiply with it, before or after the network";
  if (kind == "a parameter of the model's own") return "do what the model does with it, before or after the network";
  return "compute it, before or after the network";
}

}  // namespace

std::string module_kind(const std::vector<std::pair<std::string, const Tensor*>>& leaves) {
  const auto find = [&](const char* leaf) -> const Tensor* {
    const auto found = std::ranges::find_if(leaves, [&](const auto& item) { return item.first == leaf; });
    return found == leaves.end() ? nullptr : found->second;
  };
  const auto any = [&](auto&& test) {
    return std::ranges::any_of(leaves, [&](const auto& l) { return test(l.first); });
  };
  if (find("running_mean") || find("running_var")) return "a batch normalisation";
  if (find("in_proj_weight") || find("q_proj_weight")) return "an attention";
  if (any(is_recurrent_leaf)) return "a recurrent layer";
  if (const Tensor* weight = find("weight")) {
    if (weight->shape.size() > 2) return "a convolution";
    if (weight->shape.size() == 2)
      return find("bias") ? "a linear layer" : "an embedding or a linear layer without bias";
    if (weight->size() == 1) return "an activation with a learned slope";
    return "a normalisation";
  }
  if (std::ranges::all_of(leaves, [](const auto& l) { return is_state(l.first); })) return "a learned initial state";
  return "";
}

std::vector<LeftOut> leave_out(NamedTensors& tensors, const std::vector<std::string>& prefixes) {
  for (const std::string& prefix : prefixes)
    if (std::ranges::none_of(tensors, [&](const auto& t) { return t.first.starts_with(prefix); }))
      throw Error(ExitCode::usage, fmt::format("--ignore {}: no tensor's name begins so", prefix));
  struct Group {
    std::string name;
    std::vector<std::pair<std::string, const Tensor*>> leaves;
    std::vector<std::string> tensors;
  };
  std::vector<Group> groups;
  NamedTensors kept, gone;
  for (auto& item : tensors) {
    const bool ignored =
        std::ranges::any_of(prefixes, [&](const std::string& prefix) { return item.first.starts_with(prefix); });
    (ignored ? gone : kept).push_back(std::move(item));
  }
  for (const auto& [name, tensor] : gone) {
    const TensorName parts(name);
    // A parameter beside the weights of a module that stays is one of its own.
    const bool alone = parts.module.empty() || std::ranges::any_of(kept, [&](const auto& item) {
                         return TensorName(item.first).module == parts.module;
                       });
    const std::string group_name = alone ? name : parts.module;
    auto found = std::ranges::find(groups, group_name, &Group::name);
    if (found == groups.end()) found = groups.insert(found, {group_name, {}, {}});
    found->leaves.emplace_back(parts.leaf, &tensor);
    found->tensors.push_back(name);
  }
  std::vector<LeftOut> result;
  for (const Group& group : groups) {
    std::string kind = module_kind(group.leaves);
    if (kind.empty()) kind = "a parameter of the model's own";
    result.push_back({group.name, group.tensors, kind, host_clause(kind)});
  }
  tensors = std::move(kept);
  return result;
}

}  // namespace erngen
