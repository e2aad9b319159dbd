#include "plan/output_shifts.hpp"

#include <algorithm>

namespace erngen {
namespace {

using IntPhase = Phase<std::int32_t>;

/// From the fraction of the exact result to that of the vector.
OutputEnd output_end(const QuantNetwork& network, const IntPhase& phase) {
  const Operation& operation = phase.operation();
  const NumberFormats& f = network.formats;
  const int fraction = network.graph.vectors[phase.output].fraction;
  OutputEnd end{operation.exact_fraction(f, phase.readout_fraction) - fraction, {}, false};
  if (operation.is_linear()) end.limits = output_limits(phase.activation, {f.activation_width, fraction});
  if (operation.is_unit()) end.tanh = phase.activation == Nonlinearity::tanh;
  if (operation.keeps_cell || operation.keeps_state) end.candidate = phase.activation;
  if (operation.keeps_cell) end.squash = phase.squash;
  return end;
}

/// From what is kept of a vector to what matrices read.
OutputEnd kept_end(const QuantNetwork& network, const IntPhase& phase) {
  return phase.operation().keeps_state ? output_end(network, phase) : OutputEnd{};
}

int number_of(const std::vector<OutputEnd>& ends, const OutputEnd& end) {
  return static_cast<int>(std::find(ends.begin(), ends.end(), end) - ends.begin());
}

std::vector<OutputEnd> output_ends(const QuantNetwork& network, OutputShifts list) {
  std::vector<OutputEnd> ends;
  const auto add = [&](const OutputEnd& end) {
    if (number_of(ends, end) == static_cast<int>(ends.size())) ends.push_back(end);
  };
  const bool states = kept_width(network) > network.formats.activation_width;
  for (const IntPhase& phase : network.graph.phases) {
    const Operation& operation = phase.operation();
    if (operation.leaves_sums) continue;
    if (list == OutputShifts::state) {
      const bool kept = states && network.graph.vectors[phase.output].recurrent;
      if (kept || operation.keeps_state) add(kept_end(network, phase));
    } else if (operation.shifts == list) {
      add(output_end(network, phase));
    }
  }
  if (ends.empty()) ends.emplace_back();
  return ends;
}

/// Whether results that are rounded by a list's shifts can leave A bits. At the fraction A - 1 products of two values
/// below 1 round to at most 1 - 2^(1-A) unless both are finer than that.
bool saturates(const QuantNetwork& network, OutputShifts list, const std::vector<OutputEnd>& ends) {
  const NumberFormats& f = network.formats;
  const int A = f.activation_width;
  if (list == OutputShifts::state) return kept_width(network) > A;
  for (const Operation* operation : operations()) {
    if (operation->shifts != list || operation->leaves_sums) continue;
    if (!operation->is_product) return true;
    const int exact = operation->exact_fraction(f, f.readout_fraction);
    return ends.size() > 1 || ends[0].shift != exact - (A - 1) || f.gate_width > A + 1 || f.open_bits > 0;
  }
  return true;
}

}  // namespace

OutputLists output_lists(const QuantNetwork& network) {
  OutputLists lists;
  for (int n = 0; n < shift_list_count; ++n) {
    const auto list = static_cast<OutputShifts>(n);
    const std::vector<OutputEnd> ends = output_ends(network, list);
    lists[static_cast<size_t>(n)] = {ends, saturates(network, list, ends)};
  }
  return lists;
}

std::vector<int> output_shifts(const QuantNetwork& network, OutputShifts list) {
  return OutputList{output_ends(network, list)}.shifts();
}

bool keeps_sums(const QuantNetwork& network) {
  const auto& graph = network.graph;
  return std::any_of(graph.phases.begin(), graph.phases.end(), [&](const IntPhase& phase) {
    return phase.operation().ends_sum && graph.vectors[phase.output].recurrent;
  });
}

int output_shift_number(const QuantNetwork& network, const IntPhase& phase) {
  if (phase.operation().leaves_sums) return 0;
  return number_of(output_ends(network, phase.operation().shifts), output_end(network, phase));
}

int kept_shift_number(const QuantNetwork& network, const IntPhase& phase) {
  if (kept_width(network) == network.formats.activation_width) return 0;
  return number_of(output_ends(network, OutputShifts::state), kept_end(network, phase));
}

int kept_width(const QuantNetwork& network) {
  const auto& phases = network.graph.phases;
  return std::any_of(phases.begin(), phases.end(), [](const IntPhase& phase) { return phase.operation().keeps_state; })
             ? network.formats.state_width
             : network.formats.activation_width;
}

Format kept_format(const QuantNetwork& network, const IntPhase& phase) {
  if (phase.operation().keeps_state) return network.formats.state();
  return {network.formats.activation_width, network.graph.vectors[phase.output].fraction};
}

}  // namespace erngen
