// Descriptors of the element-wise units: ern_cell_lstm, ern_cell_gru_before, ern_cell_gru_after, ern_linear,
// ern_nonlinear.
//
// `act` is the latency of the activation units, `sums` whether sums have registers (Pipeline). Every unit takes one
// block a cycle; latencies run from valid_i to the named valid output.
#pragma once

#include <algorithm>

namespace erngen {

/// z -> c(t): argument, activation, product, sum, rounding; peepholes add their product and its input register.
constexpr int lstm_cell_latency(bool peephole, int act, int sums = 1) { return act + (peephole ? 4 : 2) + 2 * sums; }

/// z -> m(t): and tanh(c) or, with peepholes, the output gate; product, rounding.
constexpr int lstm_latency(bool peephole, int act, int sums = 1) {
  return lstm_cell_latency(peephole, act, sums) + act + (peephole ? 2 + 2 * sums : 1 + sums);
}

/// What folding (ern_fold) adds to a latency: a register and the other parts.
constexpr int fold_latency(int folding) { return folding > 1 ? folding : 0; }

/// z_r, z_z -> s = r h' and q.
constexpr int gru_before_gates_latency(int act, int sums = 1) { return act + 1 + 2 * sums; }

/// z_n -> h.
constexpr int gru_before_output_latency(int act, int sums = 1) { return act + 1 + 2 * sums; }

/// z -> h, through r and n one after the other.
constexpr int gru_after_latency(int act, int sums = 1) { return 2 * act + 2 + 3 * sums; }

/// z -> y, for a unit with `shifts` different shifts.
constexpr int linear_latency(int shifts, int sums = 1) { return (shifts > 1 ? 2 : 1) + sums; }

/// z -> y, through an activation unit.
constexpr int nonlinear_latency(int act, int sums = 1) { return act + 1 + 2 * sums; }

/// LUTs of ern_lut_product: the rows of the narrower factor's digits and their adders. Yosys 0.23, xc7: 312 for 16
/// x 12.
constexpr int product_lut(int a, int b) { return 13 * ((std::min(a, b) + 1) / 2) * (a + b) / 7; }

/// Units of sigmoid of one element, for its gates.
constexpr int lstm_gates = 3;
constexpr int gru_gates = 2;

}  // namespace erngen
