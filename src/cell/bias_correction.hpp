// Biases that take up the mean of what rounded weights do wrong.
//
// Rounded weights W + D add D x to a sum. Over the calibration data its mean is D E[x], a constant, and a constant can
// be taken off the bias: nothing is paid for it in hardware, and what remains is the part of D x that varies. Slow
// states, whose mean is most of them, gain most.
#pragma once

#include "cell/calibration.hpp"
#include "cell/quant_network.hpp"
#include "ops/graph.hpp"

namespace erngen {

/// Rounds the biases of `network` anew, less the mean error of its rounded weights; `real` is the graph it was made of,
/// with formats, `means` of its vectors. Phases without a bias stay without one.
void correct_biases(QuantNetwork& network, const Graph<double>& real, const Means& means);

}  // namespace erngen
