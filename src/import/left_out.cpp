#include "import/left_out.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "import/module_kind.hpp"
#include "import/tensor_name.hpp"

namespace erngen {
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
    const bool alone =
        std::ranges::any_of(kept, [&](const auto& item) { return TensorName(item.first).module == parts.module; });
    if (alone && is_weight_leaf(parts.leaf))
      throw unsupported(
          fmt::format("--ignore leaves out {}, but not the rest of its module: what is left would compute "
                      "something else",
                      name),
          "leave out a whole module, or nothing of it");
    const std::string group_name = alone || parts.module.empty() ? name : parts.module;
    auto found = std::ranges::find(groups, group_name, &Group::name);
    if (found == groups.end()) found = groups.insert(found, {group_name, {}, {}});
    found->leaves.emplace_back(parts.leaf, &tensor);
    found->tensors.push_back(name);
  }
  std::vector<LeftOut> result;
  for (const Group& group : groups) {
    const ModuleKind kind = module_kind(group.leaves);
    result.push_back({group.name, group.tensors, kind_text(kind), host_must(kind)});
  }
  tensors = std::move(kept);
  return result;
}

}  // namespace erngen
