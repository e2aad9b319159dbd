#include "plan/engine.hpp"

#include <algorithm>

#include "activation/cost.hpp"
#include "units/cell.hpp"
#include "units/lane.hpp"
#include "units/transform.hpp"
#include "units/trees.hpp"

namespace erngen {

const char* name_of(Loadable loadable) {
  constexpr const char* names[] = {"weights", "constants", "tables"};
  return names[static_cast<int>(loadable)];
}

int constant_row_bits(const Workload& work, int words) {
  constexpr int table_word = 40;  // of ern_activation
  const NumberFormats& f = work.formats;
  return std::max(words * std::max({f.bias_width(), f.cell_width, work.kept_width, f.weight_width}), table_word);
}

int sum_rows(const Workload& work, const EngineShape& shape) { return std::max(work.max_gates, shape.ports); }

bool has_queue(const Workload& work, const EngineShape& shape) {
  return std::any_of(work.graph.phases.begin(), work.graph.phases.end(),
                     [&](const auto& phase) { return shape.queues(gate_count(phase.op)) || shape.spreads(phase.op); });
}

int feedback_ports(const Workload& work, const EngineShape& shape) {
  int ports = 1;
  for (const auto& phase : work.graph.phases)
    if (!phase.operation().leaves_sums && !work.graph.vectors[phase.output].spectra.empty() &&
        !feeds_spectrum(work.graph, phase))
      ports = std::max(ports, shape.tiles_together(gate_count(phase.op)));
  return ports;
}

int output_ports(const Workload& work, const EngineShape& shape) {
  return shape.tiles_together(gate_count(work.graph.phases.back().op));
}

CellSite cell_site(const Workload& work, const EngineShape& shape) {
  CellSite site{work.formats, work.lists};
  site.words = shape.words;
  site.folding = shape.folding;
  site.ports = shape.ports;
  site.cell_luts = shape.cell_luts;
  site.peephole = work.peephole;
  site.initial_cell = work.initial_cell;
  site.kept_width = work.kept_width;
  site.act = shape.cycles().activation;
  site.sums = shape.cycles().sums;
  return site;
}

EngineLatencies engine_latencies(const Workload& work, const EngineShape& shape) {
  const int modes = work.part_modes;
  const int drop = work.formats.spectrum_drop;
  const Pipeline pipeline = shape.cycles();
  const auto forward = [&](int spectra) { return spectra == 0 ? 0 : fft_latency(spectra, drop, pipeline); };
  EngineLatencies result;
  result.fetch = pipeline.fetch;
  result.column = column_latency(shape.words, modes);
  result.lane = lane_latency(pipeline);
  result.readout_mux = readout_mux_latency(shape.stages(), pipeline);
  result.adder_tree = adder_tree_latency(shape.columns / lane_columns(shape.form), pipeline);
  result.correction = correction_latency(shape.form);
  result.recombine = recombine_latency(shape.form, pipeline);
  result.queue = has_queue(work, shape) ? tile_queue_latency : 0;
  result.inverse = std::max(pipeline.addend, ifft_latency(modes, pipeline));  // ern_sum reads its addends ahead
  result.forward = forward(work.spectrum_modes[0]);
  result.forward_second = forward(work.spectrum_modes[1]);
  result.forward_input = forward(work.graph.vectors[0].spectra[0].block);
  const CellSite site = cell_site(work, shape);
  for (const Operation* operation : operations())
    if (operation->latency)
      result.cell[static_cast<size_t>(operation->op)] =
          operation->latency(site) + (operation->folds() ? fold_latency(shape.folding) : 0);
  return result;
}

}  // namespace erngen
