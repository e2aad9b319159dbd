#include "train/stages.hpp"

#include <algorithm>
#include <array>

#include "circulant/projection.hpp"

namespace erngen {

const char* stage_name(StageKind kind) {
  static constexpr std::array<const char*, 5> names{"dense", "admm", "retrain", "direct", "quantised"};
  return names[static_cast<size_t>(kind)];
}

std::vector<Stage> stages_of(const TrainOptions& o, bool block_circulant) {
  std::vector<Stage> stages;
  const double dense_dropout = o.dropout.value_or(TrainOptions::default_dense_dropout),
               dropout = o.dropout.value_or(TrainOptions::default_circulant_dropout);
  const auto add = [&](StageKind kind, int steps, double peak, double last, double drop) {
    // Random weights have no alignment, and those of a dense network are lost when it is projected at once.
    const bool aligned =
        (stages.empty() && o.start.empty()) || (kind == StageKind::retrain && o.method == Method::projection);
    stages.push_back({kind, {peak, std::min(o.warmup, steps / 4), steps, last}, aligned ? o.aligned_steps : 0, drop});
  };
  const double first_rate = o.start.empty() ? o.peak_rate : o.retrain_rate;
  if (o.method == Method::direct)
    add(StageKind::direct, o.steps, first_rate, 0, block_circulant ? dropout : dense_dropout);
  if (o.method == Method::quantised) add(StageKind::quantised, o.steps, o.quantised_rate, 0, 0);
  if (o.method == Method::admm || o.method == Method::projection) {
    if (o.dense_steps > 0) add(StageKind::dense, o.dense_steps, o.peak_rate, 0, dense_dropout);
    if (o.method == Method::admm) add(StageKind::admm, o.admm.steps, o.admm.rate, 1, dropout);  // falls in retraining
    add(StageKind::retrain, o.steps, o.retrain_rate, 0, dropout);
  }
  return stages;
}

Network begin_stage(StageKind kind, const Network& network, const BlockChoice& target) {
  return kind == StageKind::retrain ? compress(network, target).network : network;
}

}  // namespace erngen
