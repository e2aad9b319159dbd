#include "plan/pass_fields.hpp"

#include <algorithm>
#include <bit>

namespace erngen {
namespace {

template <class T>
int index_of(const std::vector<T>& list, T value) {
  return static_cast<int>(std::find(list.begin(), list.end(), value) - list.begin());
}

/// Bits of the fields of one kind that are not the same in all passes.
int differing_bits(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map,
                   const std::vector<Pass>& passes, bool of_formats) {
  const ShiftLists shifts(network);
  std::array<unsigned, std::tuple_size_v<PassFields>> any{}, all{};
  all.fill(~0U);
  for (const Pass& pass : passes) {
    const PassFields fields = pass_fields(network, shifts, shape, map, pass);
    for (size_t n = 0; n < fields.size(); ++n) {
      if (fields[n].of_formats != of_formats) continue;
      any[n] |= static_cast<unsigned>(fields[n].value);
      all[n] &= static_cast<unsigned>(fields[n].value);
    }
  }
  int bits = 0;
  for (size_t n = 0; n < any.size(); ++n) bits += std::popcount(any[n] & ~all[n]);
  return bits;
}

}  // namespace

ShiftLists::ShiftLists(const QuantNetwork& network)
    : readout(readout_shifts(network)), linear(linear_shifts(network)), shortcut(shortcut_shifts(network)) {}

PassFields pass_fields(const QuantNetwork& network, const ShiftLists& shifts, const EngineShape& shape,
                       const MemoryMap& map, const Pass& pass) {
  const auto& graph = network.graph;
  const auto& phase = graph.phases[pass.phase];
  const auto& part = phase.parts[pass.part];
  const Vector& output = graph.vectors[phase.output];
  const int K = shape.words;
  const auto spectrum = [&](size_t n) { return n < output.spectra.size() ? output.spectra[n] : Spectrum{1, 0}; };
  const int last_elements = phase.size - (tile_count(phase.size, K) - 1) * K;
  const int readout_shift = part.accumulator_fraction - network.formats.readout_fraction;
  const int linear_shift = network.formats.sum_fraction() - phase.output_fraction;
  const int row = std::max(0, map.vector_row[pass.context][phase.output]);
  const int block = map.vector_lane[phase.output] + pass.first_tile;
  const bool feeds = feeds_spectrum(graph, phase);
  return {{{static_cast<int>(phase.op), 3},
           {log2_exact(part.block), 3},
           {index_of(shifts.readout, readout_shift), 3, true},
           {pass.final, 1},
           {pass.use_partial, 1},
           {pass.tail, 1},
           {phase.output == graph.output_vector(), 1},
           {output.recurrent, 1},
           {!output.spectra.empty() && !feeds, 1},
           {output.spectra.size() > 1, 1},
           {output.recurrent, 1},
           {phase.op == Op::linear ? index_of(shifts.linear, linear_shift) : 0, 3, true},
           {spectrum(0).guard, 3, true},
           {spectrum(1).guard, 3, true},
           {log2_exact(spectrum(0).block), 3},
           {log2_exact(spectrum(1).block), 3},
           {gate_count(phase.op), 3},
           {last_elements, 7},
           {pass.tiles, 16},
           {pass.bias_row, 16},
           {pass.partial_row, 16},
           {map.peephole_row[pass.phase] + pass.first_tile, 16},
           {map.state_tile[pass.context][phase.layer] + pass.first_tile, 16},
           {row + block / shape.columns, 16},
           {block % shape.columns, 8},
           {pass.context, 8},
           {feeds, 1},
           {feeds ? index_of(shifts.shortcut, shortcut_shift(network, phase)) : 0, 3, true}}};
}

int differing_format_bits(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map) {
  std::vector<Pass> parts;
  for (size_t phase = 0; phase < network.graph.phases.size(); ++phase)
    for (size_t part = 0; part < network.graph.phases[phase].parts.size(); ++part) {
      Pass pass;
      pass.phase = static_cast<int>(phase);
      pass.part = static_cast<int>(part);
      parts.push_back(pass);
    }
  return differing_bits(network, shape, map, parts, true);
}

int differing_pass_bits(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map,
                        const std::vector<Pass>& passes) {
  return differing_bits(network, shape, map, passes, false);
}

}  // namespace erngen
