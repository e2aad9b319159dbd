#include "plan/output_shifts.hpp"

#include <algorithm>

namespace erngen {
namespace {

using IntPhase = Phase<std::int32_t>;

bool ends_sum(const IntPhase& phase) { return phase.op == Op::linear || phase.op == Op::nonlinear; }

OutputShifts list_of(const IntPhase& phase) {
  if (phase.op == Op::lstm) return OutputShifts::lstm;
  if (phase.op == Op::gru_before_gates) return OutputShifts::reset;
  if (phase.op == Op::nonlinear) return OutputShifts::nonlinear;
  return phase.op == Op::linear ? OutputShifts::linear : OutputShifts::state;
}

/// Fraction of the exact results of cells (docs/arithmetic.md, "Cells").
int exact_fraction(const NumberFormats& f, OutputShifts list) {
  if (list == OutputShifts::lstm) return 2 * f.gate_fraction();
  if (list == OutputShifts::nonlinear) return f.gate_fraction();
  return f.state_fraction() + (list == OutputShifts::reset ? f.gate_fraction() : 0);
}

/// From the fraction of the exact result to that of the vector.
OutputEnd output_end(const QuantNetwork& network, const IntPhase& phase) {
  const NumberFormats& f = network.formats;
  const int fraction = network.graph.vectors[phase.output].fraction;
  if (phase.op == Op::linear)
    return {f.sum_fraction(phase.readout_fraction) - fraction,
            output_limits(phase.activation, {f.activation_width, fraction})};
  return {exact_fraction(f, list_of(phase)) - fraction,
          {},
          phase.op == Op::nonlinear && phase.activation == Nonlinearity::tanh};
}

/// From what is kept of a vector to what matrices read.
OutputEnd kept_end(const QuantNetwork& network, const IntPhase& phase) {
  return keeps_state(phase.op) ? output_end(network, phase) : OutputEnd{};
}

int number_of(const std::vector<OutputEnd>& ends, const OutputEnd& end) {
  return static_cast<int>(std::find(ends.begin(), ends.end(), end) - ends.begin());
}

}  // namespace

std::vector<OutputEnd> output_ends(const QuantNetwork& network, OutputShifts list) {
  std::vector<OutputEnd> ends;
  const auto add = [&](const OutputEnd& end) {
    if (number_of(ends, end) == static_cast<int>(ends.size())) ends.push_back(end);
  };
  const bool states = kept_width(network) > network.formats.activation_width;
  for (const IntPhase& phase : network.graph.phases) {
    if (leaves_sums(phase.op)) continue;
    if (list == OutputShifts::state) {
      const bool kept = states && network.graph.vectors[phase.output].recurrent;
      if (kept || keeps_state(phase.op)) add(kept_end(network, phase));
    } else if (list_of(phase) == list) {
      add(output_end(network, phase));
    }
  }
  if (ends.empty()) ends.emplace_back();
  return ends;
}

std::vector<int> output_shifts(const QuantNetwork& network, OutputShifts list) {
  std::vector<int> shifts;
  for (const OutputEnd& end : output_ends(network, list)) shifts.push_back(end.shift);
  return shifts;
}

bool has_limits(const QuantNetwork& network) {
  const auto& phases = network.graph.phases;
  return std::any_of(phases.begin(), phases.end(),
                     [](const IntPhase& phase) { return phase.op == Op::linear && phase.activation != Activation(); });
}

bool keeps_sums(const QuantNetwork& network) {
  const auto& graph = network.graph;
  return std::any_of(graph.phases.begin(), graph.phases.end(),
                     [&](const IntPhase& phase) { return ends_sum(phase) && graph.vectors[phase.output].recurrent; });
}

bool output_saturates(const QuantNetwork& network, OutputShifts list) {
  const NumberFormats& f = network.formats;
  const int A = f.activation_width;
  if (list == OutputShifts::linear || list == OutputShifts::nonlinear) return true;
  if (list == OutputShifts::state) return kept_width(network) > A;
  return output_shifts(network, list) != std::vector<int>{exact_fraction(f, list) - (A - 1)} || f.gate_width > A + 1;
}

int output_shift_number(const QuantNetwork& network, const IntPhase& phase) {
  if (leaves_sums(phase.op)) return 0;
  return number_of(output_ends(network, list_of(phase)), output_end(network, phase));
}

int kept_shift_number(const QuantNetwork& network, const IntPhase& phase) {
  if (kept_width(network) == network.formats.activation_width) return 0;
  return number_of(output_ends(network, OutputShifts::state), kept_end(network, phase));
}

int kept_width(const QuantNetwork& network) {
  const auto& phases = network.graph.phases;
  return std::any_of(phases.begin(), phases.end(), [](const IntPhase& phase) { return keeps_state(phase.op); })
             ? network.formats.state_width
             : network.formats.activation_width;
}

Format kept_format(const QuantNetwork& network, const IntPhase& phase) {
  if (keeps_state(phase.op)) return network.formats.state();
  return {network.formats.activation_width, network.graph.vectors[phase.output].fraction};
}

}  // namespace erngen
