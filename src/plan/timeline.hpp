// Reservations: what the array, the readout, the tile queue and the writes behind it do in each cycle of a run.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <vector>

#include "base/sorted_set.hpp"
#include "plan/readiness.hpp"

namespace erngen {

/// A pass with all its times.
struct Timing {
  std::vector<Piece> pieces;
  int last_step = 0;
  std::vector<int> emissions;  ///< of each output of the tile queue
  std::vector<int> blocks;     ///< cycle at which each tile's vector reaches the feedback register
  std::vector<Write> writes;   ///< of spectra into the first state memory
  int rested = 0;              ///< first cycle in which a tile for folded elements may leave after it
};

/// What a pass takes of the readout and the queue.
struct Beats {
  int count = 0;        ///< cycles of the readout
  int outputs = 1;      ///< of the tile queue, a beat at most
  bool folded = false;  ///< its tiles go to folded elements
};

class Timeline {
 public:
  explicit Timeline(const EngineShape& shape) : columns_(shape.columns) {}

  int array_free() const { return array_free_; }      ///< first cycle in which the array can take a step
  int readout_free() const { return readout_free_; }  ///< first cycle in which a last step may come
  int queue_free() const { return emitted_ + 1; }     ///< first cycle in which the tile queue may give a tile
  int rested() const { return rested_; }              ///< first cycle in which a tile for folded elements may leave
  bool register_taken(int cycle) const { return loads_.contains(cycle); }
  /// Whether the port of a bank of the state memory, the one of column lane `lane`, writes in the cycle.
  bool bank_taken(int cycle, int lane) const { return writes_.contains(bank_cycle(cycle, lane)); }

  /// Steps of the array, from cycle `start` on.
  void take_steps(int start, int steps) {
    array_free_ = start + steps;
    busy_ += steps;
  }
  /// Everything of the pass behind the array; `lane` is that of the output vector's first tile. `arrival` is the cycle
  /// in which its first beat reaches the queue.
  void take(const Timing& timing, const Beats& beats, int arrival, int lane);

  /// The least distance of runs at which nothing of a run meets or passes what the run before does.
  int least_distance(int first_last_step) const;
  /// Least cycles that array, readout and queue need for what passes them: no order of the passes gives shorter runs.
  int bound() const { return std::max({busy_, beats_, outputs_}); }
  int last_load() const { return loads_.empty() ? never : loads_.back(); }
  int busy() const { return busy_; }
  int queue_depth() const { return queue_depth_; }  ///< most beats that wait in the tile queue, and one

 private:
  std::int64_t bank_cycle(int cycle, int lane) const { return std::int64_t{cycle} * columns_ + lane % columns_; }
  void note_backlog(const Timing& timing, const Beats& beats, int arrival);

  int columns_;
  int array_free_ = 0;
  int readout_free_ = never;
  int emitted_ = never;
  int first_emission_ = std::numeric_limits<int>::max();
  int rested_ = never;
  int first_folded_ = std::numeric_limits<int>::max();
  SortedSet<int> loads_;            ///< of the feedback register
  SortedSet<std::int64_t> writes_;  ///< bank_cycle() of each
  std::deque<int> waiting_;         ///< cycles in which beats in the queue leave
  int busy_ = 0, beats_ = 0, outputs_ = 0, queue_depth_ = 1;
};

}  // namespace erngen
