#include "plan/output_shifts.hpp"

#include <algorithm>

namespace erngen {
namespace {

using IntPhase = Phase<std::int32_t>;

bool keeps_state(const IntPhase& phase) { return phase.op == Op::gru_before_output || phase.op == Op::gru_after; }

OutputShifts list_of(const IntPhase& phase) {
  if (phase.op == Op::lstm) return OutputShifts::lstm;
  if (phase.op == Op::gru_before_gates) return OutputShifts::reset;
  return phase.op == Op::linear ? OutputShifts::linear : OutputShifts::state;
}

/// Fraction of the exact results of cells (docs/arithmetic.md, "Cells").
int exact_fraction(const NumberFormats& f, OutputShifts list) {
  if (list == OutputShifts::lstm) return 2 * f.gate_fraction();
  return f.state_fraction() + (list == OutputShifts::reset ? f.gate_fraction() : 0);
}

/// From the fraction of the exact result to that of the vector.
int output_shift(const QuantNetwork& network, const IntPhase& phase) {
  const NumberFormats& f = network.formats;
  const int exact = phase.op == Op::linear ? f.sum_fraction(phase.readout_fraction) : exact_fraction(f, list_of(phase));
  return exact - network.graph.vectors[phase.output].fraction;
}

/// From what is kept of a vector to what matrices read.
int kept_shift(const QuantNetwork& network, const IntPhase& phase) {
  return keeps_state(phase) ? output_shift(network, phase) : 0;
}

int number_of(const std::vector<int>& shifts, int shift) {
  return static_cast<int>(std::find(shifts.begin(), shifts.end(), shift) - shifts.begin());
}

}  // namespace

std::vector<int> output_shifts(const QuantNetwork& network, OutputShifts list) {
  std::vector<int> shifts;
  const auto add = [&](int shift) {
    if (number_of(shifts, shift) == static_cast<int>(shifts.size())) shifts.push_back(shift);
  };
  const bool states = kept_width(network) > network.formats.activation_width;
  for (const IntPhase& phase : network.graph.phases) {
    if (leaves_sums(phase.op)) continue;
    if (list == OutputShifts::state) {
      const bool kept = states && network.graph.vectors[phase.output].recurrent;
      if (kept || keeps_state(phase)) add(kept_shift(network, phase));
    } else if (list_of(phase) == list) {
      add(output_shift(network, phase));
    }
  }
  if (shifts.empty()) shifts.push_back(0);
  return shifts;
}

bool output_saturates(const QuantNetwork& network, OutputShifts list) {
  const NumberFormats& f = network.formats;
  const int A = f.activation_width;
  if (list == OutputShifts::linear) return true;
  if (list == OutputShifts::state) return kept_width(network) > A;
  return output_shifts(network, list) != std::vector<int>{exact_fraction(f, list) - (A - 1)} || f.gate_width > A + 1;
}

int output_shift_number(const QuantNetwork& network, const IntPhase& phase) {
  if (leaves_sums(phase.op)) return 0;
  return number_of(output_shifts(network, list_of(phase)), output_shift(network, phase));
}

int kept_shift_number(const QuantNetwork& network, const IntPhase& phase) {
  if (kept_width(network) == network.formats.activation_width) return 0;
  return number_of(output_shifts(network, OutputShifts::state), kept_shift(network, phase));
}

int kept_width(const QuantNetwork& network) {
  const auto& phases = network.graph.phases;
  return std::any_of(phases.begin(), phases.end(), keeps_state) ? network.formats.state_width
                                                                : network.formats.activation_width;
}

Format kept_format(const QuantNetwork& network, const IntPhase& phase) {
  if (keeps_state(phase)) return network.formats.state();
  return {network.formats.activation_width, network.graph.vectors[phase.output].fraction};
}

}  // namespace erngen
