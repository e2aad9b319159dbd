#include "plan/engine.hpp"

#include <algorithm>

#include "activation/cost.hpp"
#include "plan/output_shifts.hpp"
#include "units/cell.hpp"
#include "units/lane.hpp"
#include "units/transform.hpp"
#include "units/trees.hpp"

namespace erngen {

int part_modes(const QuantNetwork& network) {
  int modes = 0;
  for (const auto& phase : network.graph.phases)
    for (const auto& part : phase.parts) modes |= part.block;  // block k is bit log2 k
  return modes;
}

int spectrum_modes(const QuantNetwork& network, int spectrum) {
  int modes = 0;
  for (size_t v = 1; v < network.graph.vectors.size(); ++v) {
    const auto& spectra = network.graph.vectors[v].spectra;
    if (static_cast<int>(spectra.size()) > spectrum) modes |= spectra[spectrum].block;
  }
  return modes;
}

bool has_second_spectrum(const QuantNetwork& network) { return spectrum_modes(network, 1) != 0; }

std::vector<int> readout_shifts(const QuantNetwork& network) {
  std::vector<int> shifts;
  for (const auto& phase : network.graph.phases)
    for (const auto& part : phase.parts) {
      const int shift = part.accumulator_fraction - phase.readout_fraction;
      if (std::find(shifts.begin(), shifts.end(), shift) == shifts.end()) shifts.push_back(shift);
    }
  return shifts;
}

int shortcut_shift(const QuantNetwork& network, const Phase<std::int32_t>& phase) {
  return phase.parts[0].accumulator_fraction -
         spectrum_fraction(network.formats, network.graph.vectors[phase.output], 0);
}

std::vector<int> shortcut_shifts(const QuantNetwork& network) {
  std::vector<int> shifts;
  for (const auto& phase : network.graph.phases) {
    if (!feeds_spectrum(network.graph, phase)) continue;
    const int shift = shortcut_shift(network, phase);
    if (std::find(shifts.begin(), shifts.end(), shift) == shifts.end()) shifts.push_back(shift);
  }
  return shifts;
}

bool has_operation(const QuantNetwork& network, Op op) {
  return std::any_of(network.graph.phases.begin(), network.graph.phases.end(),
                     [&](const auto& phase) { return phase.op == op; });
}

bool has_peephole(const QuantNetwork& network) {
  return std::any_of(network.graph.phases.begin(), network.graph.phases.end(),
                     [](const auto& phase) { return !phase.peephole.empty(); });
}

int max_gates(const QuantNetwork& network) {
  int gates = 0;
  for (const auto& phase : network.graph.phases) gates = std::max(gates, gate_count(phase.op));
  return gates;
}

int max_readout(const QuantNetwork& network) { return has_operation(network, Op::gru_after) ? 8 : max_gates(network); }

int sum_rows(const QuantNetwork& network, const EngineShape& shape) {
  return std::max(max_gates(network), shape.ports);
}

bool has_queue(const QuantNetwork& network, const EngineShape& shape) {
  return std::any_of(network.graph.phases.begin(), network.graph.phases.end(),
                     [&](const auto& phase) { return shape.queues(gate_count(phase.op)) || shape.spreads(phase.op); });
}

int feedback_ports(const QuantNetwork& network, const EngineShape& shape) {
  int ports = 1;
  for (const auto& phase : network.graph.phases)
    if (!leaves_sums(phase.op) && !network.graph.vectors[phase.output].spectra.empty() &&
        !feeds_spectrum(network.graph, phase))
      ports = std::max(ports, shape.tiles_together(gate_count(phase.op)));
  return ports;
}

int output_ports(const QuantNetwork& network, const EngineShape& shape) {
  return shape.tiles_together(gate_count(network.graph.phases.back().op));
}

EngineLatencies engine_latencies(const QuantNetwork& network, const EngineShape& shape) {
  const int modes = part_modes(network);
  const int drop = network.formats.spectrum_drop;
  const int act = activation_latency(false);
  const auto forward = [&](int spectra) { return spectra == 0 ? 0 : fft_latency(spectra, drop); };
  EngineLatencies result;
  result.column = column_latency(shape.words, modes);
  result.lane = lane_latency;
  result.readout_mux = readout_mux_latency(shape.stages());
  result.adder_tree = adder_tree_latency(shape.columns);
  result.recombine = recombine_latency;
  result.queue = has_queue(network, shape) ? tile_queue_latency : 0;
  result.inverse = std::max(2, ifft_latency(modes));  // ern_sum reads its addends 2 cycles ahead
  result.forward = forward(spectrum_modes(network, 0));
  result.forward_second = forward(spectrum_modes(network, 1));
  result.forward_input = forward(network.graph.vectors[0].spectra[0].block);
  result.cell[static_cast<int>(Op::lstm)] = lstm_latency(has_peephole(network), act);
  result.cell[static_cast<int>(Op::gru_before_gates)] = gru_before_gates_latency(act);
  result.cell[static_cast<int>(Op::gru_before_output)] = gru_before_output_latency(act);
  result.cell[static_cast<int>(Op::gru_after)] = gru_after_latency(act);
  for (Op op : {Op::lstm, Op::gru_before_gates, Op::gru_before_output, Op::gru_after})
    result.cell[static_cast<int>(op)] += fold_latency(shape.folding);
  result.cell[static_cast<int>(Op::linear)] =
      linear_latency(static_cast<int>(output_shifts(network, OutputShifts::linear).size()));
  return result;
}

}  // namespace erngen
