#include "plan/memory_map.hpp"

#include <algorithm>
#include <bit>

#include "plan/overlap.hpp"

namespace erngen {

namespace {

int power_of_two_at_least(int n) { return static_cast<int>(std::bit_ceil(static_cast<unsigned>(std::max(n, 1)))); }

/// Whether the input's last row can be shared: one term reads it. Of an input of several parts none is.
bool shares_input(const Part<std::int32_t>& part) {
  return std::count_if(part.terms.begin(), part.terms.end(), [](const auto& term) { return term.vector == 0; }) == 1;
}

/// Rows that all passes over vector v read for each of their groups, when its first block lies in `lane`.
int rows_read(const Graph<std::int32_t>& graph, int v, int lane, const EngineShape& shape) {
  int rows = 0;
  for (const auto& phase : graph.phases)
    for (const auto& part : phase.parts)
      for (const auto& term : part.terms) {
        if (term.vector != v) continue;
        const bool shares = lane > 0 && shares_input(part);
        const int weight = ceil_div(tile_count(phase.size, shape.words) * gate_count(phase.op), shape.rows);
        rows += weight * (vector_rows(graph.vectors[v], shape, lane) - shares);
      }
  return rows;
}

/// The lane at which the passes need the fewest rows.
int first_lane(const Graph<std::int32_t>& graph, int v, const EngineShape& shape) {
  if (graph.inputs > 1) return 0;
  const int seam = seam_lane(graph.input_size(), shape);
  return rows_read(graph, v, seam, shape) < rows_read(graph, v, 0, shape) ? seam : 0;
}

}  // namespace

int correction_row(const Workload& work, const EngineShape& shape, int phase, int part, int group) {
  int groups = 0;
  const auto groups_of = [&](const auto& of) {
    return ceil_div(tile_count(of.size, shape.words) * gate_count(of.op), shape.rows);
  };
  for (int p = 0; p < phase; ++p)
    groups += groups_of(work.graph.phases[p]) * static_cast<int>(work.graph.phases[p].parts.size());
  if (part > 0) groups += groups_of(work.graph.phases[phase]) * part;
  return (groups + group) * shape.stages();
}

int correction_rows(const Workload& work, const EngineShape& shape) {
  return correction_row(work, shape, static_cast<int>(work.graph.phases.size()), 0, 0);
}

int seam_term(const Part<std::int32_t>& part, const MemoryMap& map) {
  for (size_t t = 0; t < part.terms.size(); ++t)
    if (map.part_row.size() == 1 && map.vector_lane[part.terms[t].vector] > 0 && shares_input(part))
      return static_cast<int>(t);
  return -1;
}

MemoryMap map_memory(const Workload& work, const EngineShape& shape) {
  const auto& graph = work.graph;
  MemoryMap map;
  map.input_rows = spectrum_rows(graph.input_size(), shape);
  map.input_depth = 2 * power_of_two_at_least(map.input_rows * shape.contexts);
  const Overlap overlap(graph, shape);
  for (size_t v = 0; v < graph.vectors.size(); ++v) map.alternates.push_back(overlap.alternates(static_cast<int>(v)));
  for (int part = 0; part < graph.inputs; ++part) {
    const int tile = graph.vectors[part].first / shape.words;
    map.part_row.push_back(tile / shape.columns);
    map.vector_lane.push_back(tile % shape.columns);
  }
  for (size_t v = map.part_row.size(); v < graph.vectors.size(); ++v)
    map.vector_lane.push_back(first_lane(graph, static_cast<int>(v), shape));

  int row = 0, tile = 0, partial = 0;
  bool copies = false;
  for (int context = 0; context < shape.contexts; ++context) {
    auto& rows = map.vector_row.emplace_back(graph.vectors.size(), -1);
    for (size_t v = map.part_row.size(); v < graph.vectors.size(); ++v) {
      if (graph.vectors[v].spectra.empty()) continue;
      rows[v] = row;
      row += spectrum_rows(graph.vectors[v].size, shape, map.vector_lane[v]);
      copies |= map.alternates[v];
    }
    auto& tiles = map.state_tile.emplace_back(graph.layers, 0);
    auto& partials = map.partial_row.emplace_back(graph.phases.size(), -1);
    for (int layer = 0; layer < graph.layers; ++layer) {
      tiles[layer] = tile;
      int most = 0;
      for (const auto& phase : graph.phases)
        if (phase.layer == layer) most = std::max(most, tile_count(phase.size, shape.words));
      tile += ceil_div(most, shape.ports) * shape.ports;  // a port's bank begins with each layer
    }
    for (size_t p = 0; p < graph.phases.size(); ++p) {
      const auto& phase = graph.phases[p];
      if (phase.parts.size() < 2) continue;
      partials[p] = partial;
      partial += queue_outputs(tile_count(phase.size, shape.words), gate_count(phase.op), shape);
    }
  }
  map.state_half = power_of_two_at_least(row);
  map.state_depth = copies ? 2 * map.state_half : map.state_half;
  map.state_tiles = std::max(tile, 1);
  map.partial_rows = partial;

  for (const auto& phase : graph.phases) {
    const int tiles = tile_count(phase.size, shape.words);
    map.bias_row.push_back(map.bias_rows);
    map.bias_rows += queue_outputs(tiles, gate_count(phase.op), shape);
    // The phases of a GRU see the same state, and further ports take theirs from banks.
    const auto& before = std::find_if(graph.phases.begin(), graph.phases.end(), [&](const auto& other) {
      return other.layer == phase.layer && work.has_constants(other);
    });
    const auto known = static_cast<size_t>(before - graph.phases.begin());
    const bool constants = work.has_constants(phase), shared = constants && known < map.constant_row.size();
    map.constant_row.push_back(shared ? map.constant_row[known] : constants ? map.constant_rows : 0);
    if (constants && !shared)
      map.constant_rows += work.initial_state ? ceil_div(tiles, shape.ports) * shape.ports : tiles;
  }
  if (work.first_bias) map.first_bias_row = power_of_two_at_least(std::max(2, map.bias_rows));
  return map;
}

}  // namespace erngen
