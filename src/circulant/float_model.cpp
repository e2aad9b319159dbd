#include "circulant/float_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "circulant/float_layer.hpp"

namespace erngen {

FloatModel::FloatModel(const Network& network)
    : input_(network.input()), output_(network.output()), outputs_(network.outputs) {
  for (const Node& node : network.nodes) layers_.push_back({make_float_layer(node.layer), node.inputs, {}, {}});
}

FloatModel::~FloatModel() = default;
FloatModel::FloatModel(FloatModel&&) noexcept = default;

std::span<const double> FloatModel::join(const std::vector<int>& sources, std::span<const double> x,
                                         std::vector<double>& room) const {
  const auto value = [&](int n) { return n == Node::network_input ? x : layers_[static_cast<size_t>(n)].value; };
  if (sources.size() == 1) return value(sources[0]);
  room.clear();
  for (const int source : sources) room.insert(room.end(), value(source).begin(), value(source).end());
  return room;
}

std::span<const double> FloatModel::step(std::span<const double> x) {
  for (Step& step : layers_) step.value = step.layer->step(join(step.inputs, x, step.joined));
  return join(outputs_, x, joined_outputs_);
}

void FloatModel::reset() {
  for (const Step& step : layers_) step.layer->reset();
}

Array FloatModel::run(const Sequences& x, const std::string& what,
                      const std::function<void(size_t, size_t)>& progress) {
  x.require_features(input_, what);
  Array y{x.shape(output_), {}};
  y.values.reserve(x.frames() * static_cast<size_t>(output_));
  std::vector<double> frame(static_cast<size_t>(input_));
  size_t done = 0;
  for (size_t sequence = 0; sequence < x.lengths().size(); ++sequence) {
    reset();
    for (int n = 0; n < x.lengths()[sequence]; ++n) {
      std::ranges::copy(x.frame(done), frame.begin());
      for (const double value : step(frame)) {
        if (!(std::fabs(value) <= std::numeric_limits<float>::max()))
          throw bad_input(fmt::format("{}: sequence {}, frame {}: the network's output is {}, which is no float32",
                                      what, sequence, n, value),
                          "look for very large weights or inputs");
        y.values.push_back(static_cast<float>(value));
      }
      ++done;
      if (progress) progress(done, x.frames());
    }
  }
  return y;
}

}  // namespace erngen
