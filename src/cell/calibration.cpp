#include "cell/calibration.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "cell/real_model.hpp"
#include "network/passes.hpp"

namespace erngen {

Sequences real_frames(const Network& network, const Graph<double>& graph, const Sequences& x) {
  RealModel model(graph);
  std::vector<double> frame(static_cast<size_t>(graph.input_size()));
  return frames_of_last_pass(network, x, [&](const Sequences& frames) {
    std::vector<float> outputs;
    for_each_frame(
        frames,
        [&](std::span<const float> values) {
          std::copy(values.begin(), values.end(), frame.begin());
          for (const double y : model.step(frame, {})) outputs.push_back(static_cast<float>(y));
        },
        [&] { model.reset(); });
    return outputs;
  });
}

Calibration calibrate(const Graph<double>& graph, const Sequences& data) {
  Calibration result;
  RealModel model(graph);
  for (const Vector& vector : graph.vectors) result.means[vector.name].resize(static_cast<size_t>(vector.size));
  const Observer observer = [&](const std::string& name, std::span<const double> values) {
    result.ranges[name].add(values);
    if (const auto mean = result.means.find(name); mean != result.means.end())
      for (size_t n = 0; n < values.size(); ++n) mean->second[n] += values[n] / static_cast<double>(data.frames());
  };
  std::vector<double> x(static_cast<size_t>(data.features()));
  for_each_frame(
      data,
      [&](std::span<const float> frame) {
        std::copy(frame.begin(), frame.end(), x.begin());
        model.step(x, observer);
      },
      [&] { model.reset(); });
  for (const auto& [name, limit] : result.ranges)
    if (!std::isfinite(limit.square_sum))
      throw bad_input(fmt::format("calibration: signal {} grows beyond all numbers", name), "check the weights");
  return result;
}

}  // namespace erngen
