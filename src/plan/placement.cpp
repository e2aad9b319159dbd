#include "plan/placement.hpp"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace erngen {

Beats Placement::beats(const Job& job) const {
  const auto& phase = phase_of(job);
  const int gates = gate_count(phase.op);
  return {ceil_div(job.rows, shape_.readout), std::max(1, shape_.readout / (gates * shape_.tiles_together(gates))),
          job.final && shape_.is_folded(phase.op)};
}

int Placement::first_output(const Job& job) const {
  const int gates = gate_count(phase_of(job).op);
  return gates > shape_.readout ? job.first_row / shape_.readout : job.first_row / gates / shape_.tiles_together(gates);
}

void Placement::place(const Job& job, ContextId context, Timing& placed) {
  const auto& part = phase_of(job).parts[job.part];
  const PartLayout& layout = layouts_(job);
  order_.resize(layout.pieces.size());
  std::iota(order_.begin(), order_.end(), 0);
  placed.last_step = std::numeric_limits<int>::max();
  do {
    trial_.pieces.clear();
    int t = timeline_.array_free();
    bool waits = false;
    for (int index : order_) {
      Piece piece = layout.pieces[index];
      piece.start =
          readiness_.piece_start(part.terms[piece.term], overlap_.lag(job.phase.value()), layout, piece, context, t);
      waits |= piece.start > t;
      t = piece.start + piece.rows * layout.rotations;
      trial_.pieces.push_back(piece);
    }
    // The readout must find the stages and the register free; waiting delays the last piece only.
    for (trial_.last_step = std::max(t - 1, timeline_.readout_free()); trial_.last_step < placed.last_step;) {
      const int more = follow(job, context, trial_);
      trial_.last_step += more;
      if (more > 0) continue;
      trial_.pieces.back().start += trial_.last_step - (t - 1);
      std::swap(trial_, placed);
      break;
    }
    if (!waits) break;  // no other order is earlier
  } while (std::next_permutation(order_.begin(), order_.end()));
}

/// Follows the pass's rows from the last step to the feedback register. If they meet others' there, returns by how
/// many cycles the last step must be later at least; a cycle later, no row leaves the queue more than a cycle later.
int Placement::follow(const Job& job, ContextId context, Timing& timing) const {
  const auto& phase = phase_of(job);
  const int gates = gate_count(phase.op);
  const Beats beats = this->beats(job);
  const int outputs = gates > shape_.readout ? beats.count : queue_outputs(job.rows / gates, gates, shape_);
  timing.emissions.clear();
  timing.blocks.clear();
  int next = timeline_.queue_free(), rested = timeline_.rested();
  for (int n = 0; n < outputs; ++n) {
    int emission = std::max(arrival(timing.last_step) + n / beats.outputs + latencies_.queue, next);
    if (beats.folded && queue_) {
      emission = std::max(emission, rested);
      rested = emission + shape_.beat_distance(phase.op);
    }
    next = emission + 1;
    timing.emissions.push_back(emission);
    if (job.use_partial)
      if (const int stored = readiness_.partial_stored(context, job.phase, first_output(job) + n); emission < stored)
        return stored - emission;
    const int beat = job.first_row / shape_.readout + n;
    const bool fires = gates <= shape_.readout || (beat + 1) % (gates / shape_.readout) == 0;
    if (!job.final || !fires) continue;
    const TileId tile((job.first_row + (n + 1) * std::min(gates, shape_.readout) - 1) / gates);
    if (phase.operation().takes_sums)
      if (const int ready = readiness_.sums_ready(context, phase.layer, tile); emission < ready)
        return ready - emission;
    if (phase.operation().leaves_sums) continue;
    if (beats.folded && !queue_) {
      if (emission < rested) return n == 0 ? rested - emission : 1;
      rested = emission + shape_.folding;
    }
    const int block = emission + latencies_.emission_to_block(phase.op);
    if (timeline_.register_taken(block)) return 1;
    timing.blocks.push_back(block);
  }
  timing.rested = rested;
  list_writes(job, timing);
  const int lane = map_.vector_lane[phase.output];
  return std::any_of(timing.writes.begin(), timing.writes.end(),
                     [&](const Write& w) { return timeline_.bank_taken(w.cycle, lane + w.tile.value()); });
}

/// Spectra that the pass writes: rows that are read out, or what the transforms make of the blocks.
void Placement::list_writes(const Job& job, Timing& timing) const {
  const auto& phase = phase_of(job);
  const int gates = gate_count(phase.op), tiles = tile_count(phase.size, shape_.words);
  timing.writes.clear();
  if (!job.final || graph_.vectors[phase.output].spectra.empty()) return;
  int tile = job.first_row / gates;
  if (feeds_spectrum(graph_, phase))
    for (int n = 0; n < job.rows; ++n)
      timing.writes.push_back({arrival(timing.last_step) + n / shape_.readout, TileId(tile + n)});
  else
    for (int block : timing.blocks)
      for (int n = 0; n < shape_.tiles_together(gates) && tile < tiles; ++n)
        timing.writes.push_back({block + latencies_.forward, TileId(tile++)});
}

}  // namespace erngen
