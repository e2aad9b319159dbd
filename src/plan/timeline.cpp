#include "plan/timeline.hpp"

#include <algorithm>

namespace erngen {

void Timeline::take(const Timing& timing, const Beats& beats, int arrival, int lane) {
  readout_free_ = timing.last_step + beats.count;
  beats_ += beats.count;
  outputs_ += static_cast<int>(timing.emissions.size());
  note_backlog(timing, beats, arrival);
  emitted_ = timing.emissions.back();
  rested_ = timing.rested;
  if (beats.folded) first_folded_ = std::min(first_folded_, timing.emissions.front());
  first_emission_ = std::min(first_emission_, timing.emissions.front());
  for (const Write& write : timing.writes) writes_.insert(bank_cycle(write.cycle, lane + write.tile.value()));
  for (int block : timing.blocks) loads_.insert(block);
}

/// Beats in the tile queue: each arrives, and leaves with its last tile.
void Timeline::note_backlog(const Timing& timing, const Beats& beats, int arrival) {
  for (int beat = 0; beat < beats.count; ++beat) {
    const size_t last = std::min<size_t>((beat + 1) * beats.outputs, timing.emissions.size()) - 1;
    while (!waiting_.empty() && waiting_.front() < arrival + beat) waiting_.pop_front();
    waiting_.push_back(timing.emissions[last]);
    queue_depth_ = std::max(queue_depth_, static_cast<int>(waiting_.size()) + 1);
  }
}

int Timeline::least_distance(int first_last_step) const {
  int distance = readout_free_ - first_last_step;
  distance = std::max(distance, queue_free() - first_emission_);
  if (rested_ != never) distance = std::max(distance, rested_ - first_folded_);
  if (!loads_.empty()) distance = std::max(distance, loads_.back() + 1 - loads_.front());
  if (!writes_.empty())
    distance = std::max(distance, static_cast<int>(writes_.back() / columns_ + 1 - writes_.front() / columns_));
  return distance;
}

}  // namespace erngen
