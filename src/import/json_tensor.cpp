#include "import/json_tensor.hpp"

#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

constexpr size_t max_rank = 4;

void append(const Json& json, size_t level, const std::vector<int>& shape, std::vector<float>& values,
            const std::string& what) {
  if (level < shape.size()) {
    if (!json.is_array() || json.size() != static_cast<size_t>(shape[level]))
      throw bad_input(fmt::format("{}: lists of different lengths", what));
    for (const Json& item : json) append(item, level + 1, shape, values, what);
    return;
  }
  const float value = json.is_number() ? json.get<float>() : NAN;
  if (!std::isfinite(value))
    throw bad_input(fmt::format("{}: element {} is no finite float32 number", what, values.size()));
  values.push_back(value);
}

}  // namespace

Tensor json_tensor(const Json& json, const std::string& what) {
  std::vector<int> shape;
  for (const Json* level = &json; level->is_array(); level = &level->front()) {
    if (level->empty() || shape.size() == max_rank)
      throw bad_input(fmt::format("{}: {}", what, level->empty() ? "an empty list" : "lists in lists in lists"));
    shape.push_back(static_cast<int>(level->size()));
  }
  std::vector<float> values;
  append(json, 0, shape, values, what);
  return {shape, std::move(values)};
}

}  // namespace erngen
