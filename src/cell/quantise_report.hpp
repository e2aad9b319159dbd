// What a quantised network loses, signal by signal and matrix by matrix.
#pragma once

#include "cell/calibration.hpp"
#include "cell/quantiser.hpp"

namespace erngen {

/// Fills signals, the output's SQNR, saturations and states that stand still: both models over all data. `real` is the
/// graph of `network` with real weights.
void report_signals(const Graph<double>& real, const QuantNetwork& network, const Sequences& data,
                    QuantiseReport& report);

/// Fills matrices.
void report_matrices(const Graph<double>& real, const QuantNetwork& network, QuantiseReport& report);

}  // namespace erngen
