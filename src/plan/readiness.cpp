#include "plan/readiness.hpp"

#include <algorithm>

namespace erngen {
namespace {

constexpr int unread = std::numeric_limits<int>::max();

}  // namespace

Readiness::Readiness(const Graph<std::int32_t>& graph, const EngineShape& shape, const EngineLatencies& latencies,
                     const MemoryMap& map, const Overlap& overlap)
    : graph_(graph), shape_(shape), latencies_(latencies), map_(map), overlap_(overlap) {
  const int vectors = static_cast<int>(graph.vectors.size()), phases = static_cast<int>(graph.phases.size());
  for (int context = 0; context < shape.contexts; ++context) {
    latest_.add(ById<VectorId, int>(vectors, never));
    partial_.add(ById<PhaseId, std::vector<int>>(phases));
    auto& written = written_.add({});
    auto& reads = first_reads_.add({});
    for (size_t v = 0; v < graph.vectors.size(); ++v) {
      const Vector& vector = graph.vectors[v];
      written.add(std::vector<Tiles>(vector.spectra.size(), Tiles(tile_count(vector.size, shape.words), never)));
      const int rows = vector_rows(vector, shape, map.vector_lane[v]);
      reads.add(std::vector<std::vector<int>>(vector.spectra.size(), std::vector<int>(rows, unread)));
    }
    auto& sums = sums_.add({});
    for (const auto& phase : graph.phases) sums.add(Tiles(tile_count(phase.size, shape.words), never));
  }
}

TilesOfRow Readiness::tiles_of(VectorId vector, int row) const {
  return tiles_of_row(graph_.vectors[vector.value()].size, row, map_.vector_lane[vector.value()], shape_);
}

int Readiness::piece_start(const Term<std::int32_t>& term, int lag, const PartLayout& layout, const Piece& piece,
                           ContextId context, int t) const {
  // What is there from one cycle on, the input or a vector of the run before, is there for all rows if for the first.
  const bool over_input = graph_.is_input(term.vector);
  if (layout.reads_input(over_input, piece.term, piece.first_row))
    t = std::max(t, latencies_.input_ready(shape_, context.value()));
  const VectorId vector(term.vector);
  if (over_input || overlap_.from_run_before(lag, term) || latest_[context][vector] < t) return t;
  const Tiles& tiles = written_[context][vector][term.spectrum];
  for (int n = 0; n < piece.rows; ++n) {
    int written = never;
    const TilesOfRow row = tiles_of(vector, piece.first_row + n);
    for (int tile = row.first; tile < row.end; ++tile) written = std::max(written, tiles[TileId(tile)]);
    t = std::max(t, written + 1 - n * layout.rotations);
  }
  return t;
}

int Readiness::sums_ready(ContextId context, int layer, TileId tile) const {
  int ready = never;
  for (PhaseId p; p < sums_[context].end_id(); ++p) {
    const auto& phase = graph_.phases[p.value()];
    if (phase.operation().leaves_sums && phase.layer == layer)
      ready = std::max(ready, sums_[context][p][tile] + 3);  // written at the end of the cycle of z, read 2 before it
  }
  return ready;
}

void Readiness::note_writes(ContextId context, VectorId vector, const std::vector<Write>& writes) {
  auto& written = written_[context][vector];
  const int second = latencies_.forward_second - latencies_.forward;
  for (const Write& write : writes) {
    written[0][write.tile] = write.cycle;
    if (written.size() > 1) written[1][write.tile] = write.cycle + second;
    latest_[context][vector] = std::max(latest_[context][vector], write.cycle + std::max(0, second));
  }
}

void Readiness::note_partial(ContextId context, PhaseId phase, int first, const std::vector<int>& emissions) {
  auto& partial = partial_[context][phase];
  partial.resize(std::max(partial.size(), first + emissions.size()));
  std::copy(emissions.begin(), emissions.end(), partial.begin() + first);
}

void Readiness::note_earlier_reads(ContextId context, const Term<std::int32_t>& term, const PartLayout& layout,
                                   const Piece& piece) {
  auto& reads = first_reads_[context][VectorId(term.vector)][term.spectrum];
  for (int n = 0; n < piece.rows; ++n) {
    int& first = reads[piece.first_row + n];
    first = std::min(first, piece.start + n * layout.rotations);
  }
}

int Readiness::least_distance() const {
  int distance = 0;
  for (ContextId context; context < first_reads_.end_id(); ++context)
    for (VectorId vector; vector < first_reads_[context].end_id(); ++vector)
      for (size_t spectrum = 0; spectrum < first_reads_[context][vector].size(); ++spectrum) {
        const auto& reads = first_reads_[context][vector][spectrum];
        for (int row = 0; row < static_cast<int>(reads.size()); ++row) {
          if (reads[row] == unread) continue;
          const TilesOfRow tiles = tiles_of(vector, row);
          for (int tile = tiles.first; tile < tiles.end; ++tile)
            distance = std::max(distance, written_[context][vector][spectrum][TileId(tile)] + 1 - reads[row]);
        }
      }
  return distance;
}

}  // namespace erngen
