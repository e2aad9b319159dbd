#include "cell/calibration.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/real_model.hpp"

namespace erngen {

Calibration check_calibration(const Array& array, int input) {
  const auto& shape = array.shape;
  if (shape.size() != 2 && shape.size() != 3)
    throw bad_input(fmt::format("calibration data has {} dimensions", shape.size()),
                    "give [frames, features] or [streams, frames, features]");
  if (shape.back() != input)
    throw bad_input(fmt::format("calibration data has {} features, the network takes {}", shape.back(), input));
  const int streams = shape.size() == 3 ? shape[0] : 1;
  const int frames = shape[shape.size() - 2];
  if (streams < 1 || frames < 1)
    throw bad_input("calibration data is empty", "give at least one frame; some hundreds are better");
  return {streams, frames, input, array.values.data(), frames};
}

Ranges measure_ranges(const Graph<double>& graph, const Calibration& data) {
  Ranges ranges;
  RealModel model(graph);
  const Observer observer = [&](const std::string& name, std::span<const double> values) { ranges[name].add(values); };
  std::vector<double> x(data.size);
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
