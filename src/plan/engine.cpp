#include "plan/engine.hpp"

#include <algorithm>

#include "activation/cost.hpp"
#include "plan/output_shifts.hpp"
#include "units/cell.hpp"
#include "units/lane.hpp"
#include "units/transform.hpp"
#include "units/trees.hpp"

namespace erngen {

int sum_rows(const Workload& work, const EngineShape& shape) { return std::max(work.max_gates, shape.ports); }

bool has_queue(const Workload& work, const EngineShape& shape) {
  return std::any_of(work.graph.phases.begin(), work.graph.phases.end(),
                     [&](const auto& phase) { return shape.queues(gate_count(phase.op)) || shape.spreads(phase.op); });
}

int feedback_ports(const Workload& work, const EngineShape& shape) {
  int ports = 1;
  for (const auto& phase : work.graph.phases)
    if (!leaves_sums(phase.op) && !work.graph.vectors[phase.output].spectra.empty() &&
        !feeds_spectrum(work.graph, phase))
      ports = std::max(ports, shape.tiles_together(gate_count(phase.op)));
  return ports;
}

int output_ports(const Workload& work, const EngineShape& shape) {
  return shape.tiles_together(gate_count(work.graph.phases.back().op));
}

EngineLatencies engine_latencies(const Workload& work, const EngineShape& shape) {
  const int modes = work.part_modes;
  const int drop = work.formats.spectrum_drop;
  const int act = activation_latency(false);
  const auto forward = [&](int spectra) { return spectra == 0 ? 0 : fft_latency(spectra, drop); };
  EngineLatencies result;
  result.column = column_latency(shape.words, modes);
  result.lane = lane_latency;
  result.readout_mux = readout_mux_latency(shape.stages());
  result.adder_tree = adder_tree_latency(shape.columns);
  result.recombine = recombine_latency;
  result.queue = has_queue(work, shape) ? tile_queue_latency : 0;
  result.inverse = std::max(2, ifft_latency(modes));  // ern_sum reads its addends 2 cycles ahead
  result.forward = forward(work.spectrum_modes[0]);
  result.forward_second = forward(work.spectrum_modes[1]);
  result.forward_input = forward(work.graph.vectors[0].spectra[0].block);
  result.cell[static_cast<int>(Op::lstm)] = lstm_latency(work.peephole, act);
  result.cell[static_cast<int>(Op::gru_before_gates)] = gru_before_gates_latency(act);
  result.cell[static_cast<int>(Op::gru_before_output)] = gru_before_output_latency(act);
  result.cell[static_cast<int>(Op::gru_after)] = gru_after_latency(act);
  for (Op op : {Op::lstm, Op::gru_before_gates, Op::gru_before_output, Op::gru_after})
    result.cell[static_cast<int>(op)] += fold_latency(shape.folding);
  result.cell[static_cast<int>(Op::nonlinear)] = nonlinear_latency(act);
  result.cell[static_cast<int>(Op::linear)] =
      linear_latency(static_cast<int>(output_shifts(work.network, OutputShifts::linear).size()));
  return result;
}

}  // namespace erngen
