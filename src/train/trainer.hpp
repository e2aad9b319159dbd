// Training of a connected-digit network. This header needs no libtorch.
#pragma once

#include <functional>

#include "network/network.hpp"
#include "speech/score.hpp"
#include "train/options.hpp"

namespace erngen {

/// How far a run is; also one line of its log.
struct TrainProgress {
  int step = 0;               ///< finished steps
  int steps = 0;
  double loss = 0;            ///< mean since the last report: cross entropy a frame in the aligned steps, then CTC loss a label
  double rate = 0;            ///< learning rate
  double gradient_norm = 0;   ///< mean, before clipping
  double frames_per_second = 0;
  bool validated = false;
  double digit_error_rate = 0;  ///< of the held-out utterances, when validated
};

/// Trains a block-circulant network directly (its parameters are the first columns) and returns it with metadata "frontend", "labels" and "recipe".
/// The same options, data and thread count give the same network. Throws Error for bad options and data, and when the loss is
/// no longer finite.
Network train(const TrainOptions& options, const std::function<void(const TrainProgress&)>& report = {});

}  // namespace erngen
