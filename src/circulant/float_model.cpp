#include "circulant/float_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "circulant/float_layer.hpp"
#include "network/sequences.hpp"

namespace erngen {

FloatModel::FloatModel(const Network& network) : input_(network.input()), output_(network.output()) {
  for (const Layer& layer : network.layers) layers_.push_back(make_float_layer(layer));
}

FloatModel::~FloatModel() = default;
FloatModel::FloatModel(FloatModel&&) noexcept = default;

std::span<const double> FloatModel::step(std::span<const double> x) {
  for (const auto& layer : layers_) x = layer->step(x);
  return x;
}

void FloatModel::reset() {
  for (const auto& layer : layers_) layer->reset();
}

Array FloatModel::run(const Array& x, const std::string& what, const std::function<void(size_t, size_t)>& progress) {
  const Sequences sequences(x, input_, what);
  const size_t total = static_cast<size_t>(sequences.streams) * sequences.frames;
  Array y{sequences.shape(output_), {}};
  y.values.reserve(total * output_);
  std::vector<double> frame(static_cast<size_t>(input_));
  size_t done = 0;
  for (int stream = 0; stream < sequences.streams; ++stream) {
    reset();
    for (int n = 0; n < sequences.frames; ++n) {
      std::ranges::copy(sequences.frame(x, stream, n), frame.begin());
      for (const double value : step(frame)) {
        if (!(std::fabs(value) <= std::numeric_limits<float>::max()))
          throw bad_input(fmt::format("{}: stream {}, frame {}: the network's output is {}, which is no float32", what,
                                      stream, n, value),
                          "look for very large weights or inputs");
        y.values.push_back(static_cast<float>(value));
      }
      if (progress) progress(++done, total);
    }
  }
  return y;
}

}  // namespace erngen
