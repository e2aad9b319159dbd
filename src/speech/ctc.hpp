// Connectionist temporal classification: from frame-wise scores to a label sequence.
#pragma once

#include <vector>

#include "base/npy.hpp"

namespace erngen {

/// Greedy decoding of outputs [frames, classes], class 0 is the blank: the best class of each frame (the lowest
/// of equal ones), repetitions merged, blanks removed. The outputs may be scores, probabilities or their
/// logarithms: only their order within a frame counts. Throws Error(bad_input) unless the array has two dimensions.
std::vector<int> ctc_greedy(const Array& outputs);

}  // namespace erngen
