// What a training method does, stage by stage.
#pragma once

#include <vector>

#include "train/options.hpp"
#include "train/schedule.hpp"

namespace erngen {

enum class StageKind { dense, admm, retrain, direct, quantised };
const char* stage_name(StageKind kind);

struct Stage {
  StageKind kind = StageKind::direct;
  LearningRate rate;      ///< its `steps` are the stage's
  int aligned_steps = 0;  ///< of them, the first
  double dropout = 0;
};

/// The stages of the options' method, in order. `block_circulant`: whether the network before the first is.
std::vector<Stage> stages_of(const TrainOptions& options, bool block_circulant);

/// The network with which a stage begins, from the one that the stage before left (or the run began with): retraining
/// begins with the hard projection.
Network begin_stage(StageKind kind, const Network& network, const BlockChoice& target);

}  // namespace erngen
