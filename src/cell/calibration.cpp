#include "cell/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/real_model.hpp"

namespace erngen {

Ranges measure_ranges(const Graph<double>& graph, const Sequences& data) {
  Ranges ranges;
  RealModel model(graph);
  const Observer observer = [&](const std::string& name, std::span<const double> values) { ranges[name].add(values); };
  std::vector<double> x(static_cast<size_t>(data.features()));
  for_each_frame(
      data,
      [&](std::span<const float> frame) {
        std::copy(frame.begin(), frame.end(), x.begin());
        model.step(x, observer);
      },
      [&] { model.reset(); });
  for (const auto& [name, limit] : ranges)
    if (!std::isfinite(limit.square_sum))
      throw bad_input(fmt::format("calibration: signal {} grows beyond all numbers", name), "check the weights");
  return ranges;
}

}  // namespace erngen
