#include "import/learned_state.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "import/module_kind.hpp"

namespace erngen {
namespace {

/// Whether `module` is `scope` or lies in it.
bool within(const std::string& module, const std::string& scope) {
  return scope.empty() || module == scope || module.starts_with(scope + ".");
}

/// Where a layer keeps its state of a kind; null where it has none.
struct Place {
  std::vector<float>* vector = nullptr;
  int size = 0;
};

Place place_of(Layer& layer, StateName kind) {
  return std::visit(
      [&](auto& l) -> Place {
        if constexpr (requires { l.initial_cell; }) {
          if (kind == StateName::cell) return {&l.initial_cell, l.hidden};
          if (kind == StateName::hidden) return {&l.initial_hidden, l.output()};
        } else if constexpr (requires { l.initial_hidden; }) {
          if (kind != StateName::cell) return {&l.initial_hidden, l.output()};
        }
        return {};
      },
      layer);
}

/// [layers, 1, size], [layers, size] or, of one layer, [size].
bool fits(const Tensor& tensor, TorchModule& module, StateName kind) {
  const auto layers = static_cast<int>(module.layers.size());
  for (Layer& layer : module.layers) {
    const Place place = place_of(layer, kind);
    if (!place.vector || !place.vector->empty()) return false;
    const std::vector<int>& s = tensor.shape;
    const bool shape = s == std::vector{layers, 1, place.size} || s == std::vector{layers, place.size} ||
                       (layers == 1 && s == std::vector{place.size});
    if (!shape || !tensor.is_float()) return false;
  }
  return true;
}

}  // namespace

NamedTensors take_states(NamedTensors& tensors) {
  NamedTensors states, rest;
  for (auto& item : tensors)
    (state_name(TensorName(item.first).leaf) == StateName::none ? rest : states).push_back(std::move(item));
  tensors = std::move(rest);
  return states;
}

void assign_states(std::vector<TorchModule>& modules, const NamedTensors& states) {
  for (const auto& [name, tensor] : states) {
    const TensorName parts(name);
    const StateName kind = state_name(parts.leaf);
    std::vector<TorchModule*> candidates;
    for (TorchModule& module : modules)
      if (within(module.name, parts.module) && fits(tensor, module, kind)) candidates.push_back(&module);
    if (candidates.size() != 1) {
      std::string which;
      for (const TorchModule* module : candidates) which += (which.empty() ? "" : ", ") + module->shown();
      throw unsupported(
          fmt::format("tensor {}: looks like a learned initial state {}, and {}", name, tensor.shape_text(),
                      candidates.empty() ? "no recurrent layer has a state of this shape" : "may be that of " + which),
          fmt::format(
              "an ONNX file, or erngen.compile(module) in Python, shows what it is; or your host writes it into "
              "the state registers before each sequence: --ignore {} --unchecked",
              name));
    }
    TorchModule& module = *candidates.front();
    const std::vector<float>& values = std::get<0>(tensor.values);
    auto from = values.begin();
    for (Layer& layer : module.layers) {
      const Place place = place_of(layer, kind);
      place.vector->assign(from, from + place.size);
      from += place.size;
    }
    module.claims.push_back(fmt::format("begins {} with {}", module.shown(), name));
  }
}

}  // namespace erngen
