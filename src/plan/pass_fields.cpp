#include "plan/pass_fields.hpp"

#include <algorithm>

#include "plan/output_shifts.hpp"

namespace erngen {
namespace {

template <class T>
int index_of(const std::vector<T>& list, T value) {
  return static_cast<int>(std::find(list.begin(), list.end(), value) - list.begin());
}

int differing_bits(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                   const std::vector<Pass>& passes, bool of_formats) {
  DifferingBits<PassField> bits;
  for (const Pass& pass : passes) bits.add(pass_fields(work, shape, map, pass));
  return bits.count(of_formats);
}

}  // namespace

ControlWord<PassField> pass_fields(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                                   const Pass& pass) {
  const auto& graph = work.graph;
  const auto& phase = graph.phases[pass.phase];
  const auto& part = phase.parts[pass.part];
  const Vector& output = graph.vectors[phase.output];
  const int K = shape.words;
  const auto spectrum = [&](size_t n) { return n < output.spectra.size() ? output.spectra[n] : Spectrum{1, 0}; };
  const int last_elements = phase.size - (tile_count(phase.size, K) - 1) * K;
  const int row = std::max(0, map.vector_row[pass.context][phase.output]);
  const int block = map.vector_lane[phase.output] + pass.first_tile;
  const bool feeds = feeds_spectrum(graph, phase);
  ControlWord<PassField> word;
  word[PassField::operation] = static_cast<int>(phase.op);
  word[PassField::mode] = log2_exact(part.block);
  word[PassField::readout_shift] = index_of(work.readout_shifts, work.readout_shift(phase, part));
  word[PassField::final] = pass.final;
  word[PassField::partial] = pass.use_partial;
  word[PassField::tail] = pass.tail;
  word[PassField::output] = phase.output == graph.output_vector();
  word[PassField::store] = output.recurrent;
  word[PassField::state] = !output.spectra.empty() && !feeds;
  word[PassField::second] = output.spectra.size() > 1;
  word[PassField::at_parity] = map.alternates[phase.output];
  word[PassField::shift] = work.output_shift_numbers[pass.phase];
  word[PassField::guard] = spectrum(0).guard;
  word[PassField::second_guard] = spectrum(1).guard;
  word[PassField::block] = log2_exact(spectrum(0).block);
  word[PassField::second_block] = log2_exact(spectrum(1).block);
  word[PassField::gates] = gate_count(phase.op);
  word[PassField::elements] = last_elements;
  word[PassField::tiles] = pass.tiles;
  word[PassField::bias_row] = pass.bias_row;
  word[PassField::partial_row] = pass.partial_row;
  word[PassField::constant_row] = map.constant_row[pass.phase] + pass.first_tile;
  word[PassField::state_tile] = map.state_tile[pass.context][phase.layer] + pass.first_tile;
  word[PassField::row] = row + block / shape.columns;
  word[PassField::lane] = block % shape.columns;
  word[PassField::context] = pass.context;
  word[PassField::shortcut] = feeds;
  word[PassField::shortcut_shift] = feeds ? index_of(work.shortcut_shifts, work.shortcut_shift(phase)) : 0;
  return word;
}

int differing_format_bits(const Workload& work, const EngineShape& shape, const MemoryMap& map) {
  std::vector<Pass> parts;
  for (size_t phase = 0; phase < work.graph.phases.size(); ++phase)
    for (size_t part = 0; part < work.graph.phases[phase].parts.size(); ++part) {
      Pass pass;
      pass.phase = static_cast<int>(phase);
      pass.part = static_cast<int>(part);
      parts.push_back(pass);
    }
  return differing_bits(work, shape, map, parts, true);
}

int differing_pass_bits(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                        const std::vector<Pass>& passes) {
  return differing_bits(work, shape, map, passes, false);
}

}  // namespace erngen
