#include "import/parametrization.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "import/tensor_name.hpp"

namespace erngen {
namespace {

/// The parts of one weight by their role: "g", "v", "u", "orig", "mask", "original", "original0", "0._u", ...
using Parts = std::map<std::string, const Tensor*>;

struct PartName {
  std::string weight;  ///< "fc.weight"
  std::string role;
};

/// MODULE.parametrizations.WEIGHT.ROLE, or WEIGHT_ROLE where ROLE is one of the older functions'.
std::optional<PartName> part_name(const std::string& name, const NamedTensors& tensors) {
  if (const TensorName parametrised(name); !parametrised.role.empty())
    return PartName{parametrised.plain(), parametrised.role};
  // The older functions' roles, and the roles that they come with: a name of the user's own may end so, too.
  static const std::pair<std::string, std::vector<std::string>> roles[] = {
      {"g", {"v"}}, {"v", {"g", "orig"}}, {"u", {"orig"}}, {"mask", {"orig"}}, {"orig", {"u", "mask"}}};
  for (const auto& [role, partners] : roles) {
    if (!name.ends_with("_" + role)) continue;
    const std::string weight = name.substr(0, name.size() - role.size() - 1);
    const auto there = [&](const std::string& partner) {
      return std::ranges::find(tensors, weight + "_" + partner, &NamedTensors::value_type::first) != tensors.end();
    };
    if (std::ranges::any_of(partners, there)) return PartName{weight, role};
  }
  return {};
}

const std::vector<float>& floats(const Tensor& tensor, const std::string& weight) {
  if (!tensor.is_float()) throw bad_input(fmt::format("tensor {}: a part of it holds integers", weight));
  return std::get<std::vector<float>>(tensor.values);
}

void require_matrix(const Tensor& tensor, const std::string& weight) {
  if (tensor.shape.size() != 2 || tensor.size() == 0)
    throw unsupported(fmt::format("tensor {}: is parametrised and has shape {}; only matrices are computed", weight,
                                  tensor.shape_text()),
                      "remove the parametrisation before saving");
}

/// g v / |v|, with the norm over all axes but the one along which g runs.
Tensor weight_norm(const Tensor& g, const Tensor& v, const std::string& weight) {
  require_matrix(v, weight);
  const size_t rows = static_cast<size_t>(v.shape[0]), cols = static_cast<size_t>(v.shape[1]);
  const std::vector<float>&scale = floats(g, weight), &direction = floats(v, weight);
  const bool by_row = g.shape == std::vector<int>{v.shape[0], 1};
  const bool by_column = !by_row && g.shape == std::vector<int>{1, v.shape[1]};
  if (!by_row && !by_column && scale.size() != 1)
    throw bad_input(fmt::format("tensor {}: weight_norm with a scale of shape {} for a direction of shape {}", weight,
                                g.shape_text(), v.shape_text()));
  const auto group = [&](size_t n) { return by_row ? n / cols : by_column ? n % cols : 0; };
  std::vector<double> square(by_row ? rows : by_column ? cols : 1);
  for (size_t n = 0; n < direction.size(); ++n)
    square[group(n)] += static_cast<double>(direction[n]) * static_cast<double>(direction[n]);
  std::vector<float> values(direction.size());
  for (size_t n = 0; n < values.size(); ++n) {
    const size_t m = group(n);
    if (square[m] == 0) throw bad_input(fmt::format("tensor {}: weight_norm of a direction that is zero", weight));
    values[n] =
        static_cast<float>(static_cast<double>(scale[m]) * static_cast<double>(direction[n]) / std::sqrt(square[m]));
  }
  return {v.shape, values};
}

/// W / (u' W v), u and v as they were saved: no power iteration happens at inference.
Tensor spectral_norm(const Tensor& w, const Tensor& u, const Tensor& v, const std::string& weight) {
  require_matrix(w, weight);
  const size_t rows = static_cast<size_t>(w.shape[0]), cols = static_cast<size_t>(w.shape[1]);
  if (u.size() != rows || v.size() != cols)
    throw unsupported(fmt::format("tensor {}: spectral_norm with u of {} and v of {} elements for shape {}", weight,
                                  u.size(), v.size(), w.shape_text()),
                      "remove the parametrisation before saving");
  const std::vector<float>&matrix = floats(w, weight), &left = floats(u, weight), &right = floats(v, weight);
  double sigma = 0;
  for (size_t n = 0; n < matrix.size(); ++n)
    sigma +=
        static_cast<double>(left[n / cols]) * static_cast<double>(matrix[n]) * static_cast<double>(right[n % cols]);
  if (sigma == 0) throw bad_input(fmt::format("tensor {}: spectral_norm of a matrix whose norm is zero", weight));
  std::vector<float> values(matrix.size());
  std::ranges::transform(matrix, values.begin(), [&](float x) { return static_cast<float>(x / sigma); });
  return {w.shape, values};
}

Tensor pruned(const Tensor& w, const Tensor& mask, const std::string& weight) {
  if (mask.shape != w.shape)
    throw bad_input(
        fmt::format("tensor {}: a mask of shape {} for shape {}", weight, mask.shape_text(), w.shape_text()));
  std::vector<float> values = floats(w, weight);
  for (size_t n = 0; n < values.size(); ++n)
    values[n] *= std::visit([&](const auto& m) { return static_cast<float>(m[n]); }, mask.values);
  return {w.shape, values};
}

/// The one weight that `parts` make.
Tensor compute(const std::string& weight, const Parts& parts, PlainTensors& result) {
  const auto is = [&](std::initializer_list<const char*> roles) {
    return parts.size() == roles.size() && std::ranges::all_of(roles, [&](const char* r) { return parts.contains(r); });
  };
  const auto note = [&](const char* function) {
    result.notes.push_back(fmt::format("{} is computed as {} of its tensors", weight, function));
  };
  if (is({"original0", "original1"}) || is({"g", "v"})) {
    note("weight_norm");
    return parts.contains("g") ? weight_norm(*parts.at("g"), *parts.at("v"), weight)
                               : weight_norm(*parts.at("original0"), *parts.at("original1"), weight);
  }
  if (is({"original", "0._u", "0._v"}) || is({"orig", "u", "v"})) {
    note("spectral_norm");
    if (parts.contains("original") && is_recurrent_leaf(TensorName(weight).leaf))
      result.unsure.push_back({weight, "PyTorch's recurrent layers may run on it without its spectral_norm"});
    return parts.contains("orig") ? spectral_norm(*parts.at("orig"), *parts.at("u"), *parts.at("v"), weight)
                                  : spectral_norm(*parts.at("original"), *parts.at("0._u"), *parts.at("0._v"), weight);
  }
  if (is({"orig", "mask"})) {
    note("a pruned matrix");
    return pruned(*parts.at("orig"), *parts.at("mask"), weight);
  }
  if (is({"original"})) {
    result.unsure.push_back({weight, "a state dict does not name the function that makes it of its \"original\""});
    return *parts.at("original");
  }
  std::vector<std::string> roles;
  for (const auto& [role, tensor] : parts) roles.push_back(role);
  const size_t dot = weight.rfind('.');
  const std::string module = dot == std::string::npos ? "model" : "model." + weight.substr(0, dot);
  throw unsupported(
      fmt::format("tensor {}: is parametrised{} by the tensors {}: a state dict does not say how", weight,
                  parts.contains("0.base") ? " (orthogonal)" : "", fmt::join(roles, ", ")),
      fmt::format("make it plain before saving: torch.nn.utils.parametrize.remove_parametrizations({}, \"{}\")", module,
                  weight.substr(dot == std::string::npos ? 0 : dot + 1)));
}

}  // namespace

PlainTensors plain_tensors(const NamedTensors& tensors, const std::string& file) {
  PlainTensors result;
  std::vector<std::pair<std::string, Parts>> parametrised;
  for (const auto& [name, tensor] : tensors) {
    const auto part = part_name(name, tensors);
    if (!part) {
      result.tensors.emplace_back(name, tensor);
      continue;
    }
    auto found = std::ranges::find(parametrised, part->weight, &std::pair<std::string, Parts>::first);
    if (found == parametrised.end()) found = parametrised.insert(found, {part->weight, {}});
    found->second[part->role] = &tensor;
  }
  for (const auto& [weight, parts] : parametrised) {
    if (std::ranges::find(result.tensors, weight, &std::pair<std::string, Tensor>::first) != result.tensors.end())
      throw bad_input(fmt::format("{}: tensor {} is there both plain and parametrised", file, weight));
    result.tensors.emplace_back(weight, compute(weight, parts, result));
  }
  return result;
}

}  // namespace erngen
