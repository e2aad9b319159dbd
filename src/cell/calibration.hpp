// Calibration data: frames of recorded sequences, and what signals are over them.
#pragma once

#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include "cell/ranges.hpp"
#include "network/sequences.hpp"
#include "ops/graph.hpp"

namespace erngen {

/// Runs `visit` (x) over the frames, in order, of each sequence the first `most`, and `reset` before each sequence.
template <class Visit, class Reset>
void for_each_frame(const Sequences& data, Visit visit, Reset reset, int most = std::numeric_limits<int>::max()) {
  size_t first = 0;
  for (const int length : data.lengths()) {
    reset();
    for (size_t n = 0; n < static_cast<size_t>(std::min(length, most)); ++n) visit(data.frame(first + n));
    first += static_cast<size_t>(length);
  }
}

/// By vector: the mean of each element.
using Means = std::map<std::string, std::vector<double>>;

/// What calibration shows of a network.
struct Calibration {
  Ranges ranges;  ///< of all signals
  Means means;    ///< of all vectors
};

/// The frames of the last pass of the real network, whose graph is `graph`: of those that the user's frames need
/// (Network::frame).
Sequences real_frames(const Network& network, const Graph<double>& graph, const Sequences& x);

/// Runs the real network over frames of its last pass. Throws Error(bad_input) naming a signal that grows beyond all
/// numbers.
Calibration calibrate(const Graph<double>& graph, const Sequences& data);

}  // namespace erngen
