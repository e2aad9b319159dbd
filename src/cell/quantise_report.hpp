// What a quantised network loses, signal by signal and matrix by matrix.
#pragma once

#include "cell/calibration.hpp"
#include "cell/quantiser.hpp"

namespace erngen {

/// Fills signals, the output's SQNR, saturations and states that stand still: both models over all data, each in its
/// own last pass. `real` is the graph of `network` with real weights.
void report_signals(const Graph<double>& real, const QuantNetwork& network, const Sequences& data,
                    QuantiseReport& report);

/// Fills matrices.
void report_matrices(const Graph<double>& real, const QuantNetwork& network, QuantiseReport& report);

/// All of it but the advice on formats, which they are chosen with: of a quantised network whose weights are those of
/// `network`.
QuantiseReport quantise_report(const Network& network, const QuantNetwork& quantised, const Sequences& data);

}  // namespace erngen
