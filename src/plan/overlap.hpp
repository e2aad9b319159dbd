// Which frame each layer works on: with overlap, layers that come later work on frames that came earlier.
//
// A run then has a share of several neighbouring frames. Layers whose results need each other in the same frame have
// the same lag; a vector that a later lag reads has been written in the run before, like one of the frame before.
#pragma once

#include <vector>

#include "plan/engine.hpp"

namespace erngen {

class Overlap {
 public:
  /// Cuts the layers into as many groups as the shape has frames in flight, so that the longest is short. Throws
  /// Error(usage) where the network has no such cut.
  Overlap(const Graph<std::int32_t>& graph, const EngineShape& shape);

  int frames() const { return frames_; }
  /// Frames by which a phase is behind the newest of its run.
  int lag(int phase) const { return phase_lag_[phase]; }
  /// The same of a vector when it is written.
  int vector_lag(int vector) const { return vector_lag_[vector]; }
  /// Whether a phase of this lag finds the vector written by the run before: it is of the frame before, or the reader
  /// is one frame behind the writer.
  bool from_run_before(int lag, const Term<std::int32_t>& term) const {
    return term.previous || lag > vector_lag_[term.vector];
  }
  /// Whether the vector has two copies, one a parity of the frame: some phase reads it in the run after its own.
  bool alternates(int vector) const { return alternates_[vector]; }

 private:
  int frames_ = 1;
  std::vector<int> phase_lag_, vector_lag_;
  std::vector<bool> alternates_;
};

/// Most frames in flight that the network's layers allow; 1: all of a frame's layers need each other in one run.
int most_frames(const Graph<std::int32_t>& graph);

/// Least steps of a phase: all its rows against all its columns.
int least_steps(const Graph<std::int32_t>& graph, const Phase<std::int32_t>& phase, const EngineShape& shape);

}  // namespace erngen
