#include "circulant/float_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "circulant/float_layer.hpp"
#include "network/passes.hpp"

namespace erngen {

FloatModel::FloatModel(const Network& network)
    : order_(structure_of(network)), parts_(order_.frame_parts()), offsets_(order_.frame_offsets()) {
  for (const Node& node : network.nodes) layers_.push_back({make_float_layer(node.layer), node.inputs, {}, {}});
}

FloatModel::~FloatModel() = default;
FloatModel::FloatModel(FloatModel&&) noexcept = default;

std::span<const double> FloatModel::join(const std::vector<int>& sources, std::span<const double> x,
                                         std::vector<double>& room) const {
  const auto value = [&](int n) {
    if (n >= 0) return layers_[static_cast<size_t>(n)].value;
    const auto part = static_cast<size_t>(Node::part_number(n));
    return x.subspan(static_cast<size_t>(offsets_[part]), static_cast<size_t>(parts_[part].size));
  };
  if (sources.size() == 1) return value(sources[0]);
  room.clear();
  for (const int source : sources) room.insert(room.end(), value(source).begin(), value(source).end());
  return room;
}

std::span<const double> FloatModel::step(std::span<const double> x) {
  for (Step& step : layers_) step.value = step.layer->step(join(step.inputs, x, step.joined));
  return join(order_.outputs, x, joined_outputs_);
}

void FloatModel::reset() {
  for (const Step& step : layers_) step.layer->reset();
}

Array FloatModel::run(const Sequences& x, const std::string& what,
                      const std::function<void(size_t, size_t)>& progress) {
  x.require_features(input(), what);
  const size_t total = x.frames() * static_cast<size_t>(order_.passes());
  size_t done = 0;
  const auto pass = [&](const Sequences& frames) {
    return outputs_of(frames, what, [&] {
      if (progress) progress(++done, total);
    });
  };
  const Sequences frames = frames_of_last_pass(order_, x, pass);
  return {x.shape(output()), result_of(order_, x.lengths(), pass(frames))};
}

std::vector<float> FloatModel::outputs_of(const Sequences& frames, const std::string& what,
                                          const std::function<void()>& one_done) {
  std::vector<float> outputs;
  outputs.reserve(frames.frames() * static_cast<size_t>(order_.output_elements()));
  std::vector<double> frame(static_cast<size_t>(frames.features()));
  size_t done = 0;
  for (size_t sequence = 0; sequence < frames.lengths().size(); ++sequence) {
    reset();
    for (int n = 0; n < frames.lengths()[sequence]; ++n) {
      std::ranges::copy(frames.frame(done++), frame.begin());
      for (const double value : step(frame)) {
        if (!(std::fabs(value) <= std::numeric_limits<float>::max()))
          throw bad_input(fmt::format("{}: sequence {}, frame {}: the network's output is {}, which is no float32",
                                      what, sequence, n, value),
                          "look for very large weights or inputs");
        outputs.push_back(static_cast<float>(value));
      }
      one_done();
    }
  }
  return outputs;
}

}  // namespace erngen
