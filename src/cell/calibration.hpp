// Calibration data: frames of recorded sequences, and what signals are over them.
#pragma once

#include <cmath>
#include <limits>
#include <span>

#include "base/npy.hpp"
#include "cell/graph.hpp"
#include "cell/ranges.hpp"

namespace erngen {

/// Power of a signal and of its error, summed over all elements.
struct Power {
  double signal = 0, error = 0, max_abs = 0;
  void add(double real, double fixed) {
    signal += real * real;
    error += (fixed - real) * (fixed - real);
    max_abs = std::max(max_abs, std::abs(real));
  }
  double sqnr_db() const {
    if (error == 0) return std::numeric_limits<double>::infinity();
    return 10 * std::log10(signal / error);  // -infinity for errors without a signal
  }
};

/// The calibration data as streams of frames.
struct Calibration {
  int streams, frames, size;
  const float* data;
  int stride = frames;  ///< frames from one stream's first to the next one's
  std::span<const float> frame(int stream, int at) const {
    return {data + (static_cast<size_t>(stream) * stride + at) * size, static_cast<size_t>(size)};
  }
};

/// Throws Error(bad_input) unless `array` is [frames, input] or [streams, frames, input] with a frame at least.
Calibration check_calibration(const Array& array, int input);

/// Runs `visit` (stream, frame, x) over all data, in order.
template <class Visit, class Reset>
void for_each_frame(const Calibration& data, Visit visit, Reset reset) {
  for (int s = 0; s < data.streams; ++s) {
    reset();
    for (int t = 0; t < data.frames; ++t) visit(data.frame(s, t));
  }
}

/// The ranges of all signals of the real network. Throws Error(bad_input) naming one that grows beyond all numbers.
Ranges measure_ranges(const Graph<double>& graph, const Calibration& data);

}  // namespace erngen
