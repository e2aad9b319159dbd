// Calibration data: frames of recorded sequences, and what signals are over them.
#pragma once

#include <algorithm>
#include <limits>

#include "cell/graph.hpp"
#include "cell/ranges.hpp"
#include "network/sequences.hpp"

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

/// The ranges of all signals of the real network. Throws Error(bad_input) naming one that grows beyond all numbers.
Ranges measure_ranges(const Graph<double>& graph, const Sequences& data);

}  // namespace erngen
