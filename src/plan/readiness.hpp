// When what passes read is there: spectra, partial sums, a candidate's sums; and when they read it.
#pragma once

#include <limits>
#include <vector>

#include "plan/overlap.hpp"
#include "plan/part_layout.hpp"

namespace erngen {

/// A cycle before every run.
inline constexpr int never = std::numeric_limits<int>::min() / 2;

/// A tile's spectrum is written into the first spectrum memory.
struct Write {
  int cycle = 0;
  TileId tile;
};

/// The record of one run.
class Readiness {
 public:
  Readiness(const Graph<std::int32_t>& graph, const EngineShape& shape, const EngineLatencies& latencies,
            const MemoryMap& map, const Overlap& overlap);

  /// Earliest start of a piece's steps, without a stall inside them, from cycle t on. The piece is of a phase with the
  /// lag `lag`.
  int piece_start(const Term<std::int32_t>& term, int lag, const PartLayout& layout, const Piece& piece,
                  ContextId context, int t) const;
  /// First cycle in which output `output` of the phase may leave the tile queue and find the partial sum stored: a sum
  /// is stored 3 cycles after its own read.
  int partial_stored(ContextId context, PhaseId phase, int output) const {
    return partial_[context][phase][output] + 4;
  }
  /// First cycle in which a tile of a GRU can leave the queue and find the sums of its candidate. The next run cannot
  /// write them too early: tiles leave the queue in the order of the program.
  int sums_ready(ContextId context, int layer, TileId tile) const;

  void note_writes(ContextId context, VectorId vector, const std::vector<Write>& writes);
  /// Output `first` of the phase and those that follow it leave the queue in the cycles `emissions`.
  void note_partial(ContextId context, PhaseId phase, int first, const std::vector<int>& emissions);
  void note_sums(ContextId context, PhaseId phase, TileId tile, int emission) {
    sums_[context][phase][tile] = emission;
  }
  /// A piece of a term over a vector that the run before has written has been placed.
  void note_earlier_reads(ContextId context, const Term<std::int32_t>& term, const PartLayout& layout,
                          const Piece& piece);

  /// The least distance of runs at which nothing is read before the run before has written it.
  int least_distance() const;

 private:
  using Tiles = ById<TileId, int>;
  TilesOfRow tiles_of(VectorId vector, int row) const;

  const Graph<std::int32_t>& graph_;
  const EngineShape& shape_;
  const EngineLatencies& latencies_;
  const MemoryMap& map_;
  const Overlap& overlap_;
  ById<ContextId, ById<VectorId, std::vector<Tiles>>> written_;  ///< of each spectrum of the vector
  ById<ContextId, ById<VectorId, int>> latest_;                  ///< last write so far, of all its spectra
  ById<ContextId, ById<VectorId, std::vector<std::vector<int>>>>
      first_reads_;                                           ///< [spectrum][row] of what the run before wrote
  ById<ContextId, ById<PhaseId, std::vector<int>>> partial_;  ///< [output]: emission
  ById<ContextId, ById<PhaseId, Tiles>> sums_;                ///< emission
};

}  // namespace erngen
