#include "plan/workload.hpp"

#include <algorithm>

#include "plan/output_shifts.hpp"
#include "units/lane.hpp"
#include "units/transform.hpp"

namespace erngen {
namespace {

void add_new(std::vector<int>& list, int value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

/// Products of `blocks` blocks of k words.
std::int64_t block_products(std::int64_t blocks, int k, LaneForm form) {
  const int products = k < 4 ? k : lane_dsp(k, form);
  return (blocks * products + lane_columns(form) - 1) / lane_columns(form);
}

}  // namespace

Workload::Workload(const QuantNetwork& of)
    : network(of),
      graph(of.graph),
      formats(of.formats),
      lists(output_lists(of)),
      kept_width(erngen::kept_width(of)),
      multiplications(multiplications_per_frame(of.graph)) {
  for (size_t v = static_cast<size_t>(graph.inputs); v < graph.vectors.size(); ++v)
    for (size_t s = 0; s < graph.vectors[v].spectra.size(); ++s) {
      spectrum_modes[s] |= graph.vectors[v].spectra[s].block;  // block k is bit log2 k
      guards[s] |= 1 << graph.vectors[v].spectra[s].guard;
    }
  for (const auto& phase : graph.phases) {
    takes_sums |= phase.operation().takes_sums;
    if (phase.operation().keeps_cell) tanh_candidate = phase.activation != Nonlinearity::sigmoid;
    peephole |= !phase.peephole.empty();
    first_bias |= !phase.first_bias.empty();
    (phase.operation().keeps_cell ? initial_cell : initial_state) |= !phase.initial.empty();
    max_gates = std::max(max_gates, gate_count(phase.op));
    for (const auto& part : phase.parts) {
      part_modes |= part.block;
      add_new(readout_shifts, readout_shift(phase, part));
    }
    output_shift_numbers.push_back(output_shift_number(network, phase));
    if (feeds_spectrum(graph, phase)) add_new(shortcut_shifts, shortcut_shift(phase));
  }
  for (const CellTemplate* cell : cell_templates())
    if (std::any_of(graph.phases.begin(), graph.phases.end(),
                    [&](const auto& phase) { return phase.operation().cell == cell; }))
      cells.push_back(cell);
}

int Workload::readout_shift(const Phase<std::int32_t>& phase, const Part<std::int32_t>& part) {
  return part.accumulator_fraction - phase.readout_fraction;
}

int Workload::shortcut_shift(const Phase<std::int32_t>& phase) const {
  return phase.parts[0].accumulator_fraction - spectrum_fraction(formats, graph.vectors[phase.output], 0);
}

std::int64_t multiplications_per_frame(const Graph<std::int32_t>& graph, LaneForm form) {
  std::int64_t total = 0;
  for (const auto& vector : graph.vectors)
    for (const auto& spectrum : vector.spectra)
      total += std::int64_t{ceil_div(vector.size, spectrum.block)} *
               (transform_products(spectrum.block, spectrum.block) +
                (spectrum.block < 4 ? 0 : correction_products(spectrum.block, form) / lane_columns(form)));
  for (const auto& phase : graph.phases)
    for (const auto& part : phase.parts) {
      const std::int64_t rows = ceil_div(phase.size, part.block);
      for (const auto& term : part.terms)
        for (const auto& matrix : term.matrices) total += block_products(rows * matrix.col_blocks(), part.block, form);
      total += rows * gate_count(phase.op) * transform_products(part.block, part.block);
    }
  return total;
}

}  // namespace erngen
