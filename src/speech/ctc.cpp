#include "speech/ctc.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {

std::vector<int> ctc_greedy(const Array& outputs) {
  if (outputs.shape.size() != 2) {
    throw bad_input(
        fmt::format("network outputs of {} dimensions: [frames, classes] is expected", outputs.shape.size()));
  }
  const int frames = outputs.shape[0];
  const int classes = outputs.shape[1];
  std::vector<int> labels;
  int before = 0;
  for (int t = 0; t < frames; ++t) {
    const float* row = outputs.values.data() + static_cast<size_t>(t) * classes;
    const int best = static_cast<int>(std::max_element(row, row + classes) - row);
    if (best != before && best != 0) labels.push_back(best);
    before = best;
  }
  return labels;
}

}  // namespace erngen
