// The optimisation loop, free of data sets and of what is trained for. (libtorch)
#pragma once

#include <functional>

#include <torch/types.h>

#include "train/corpus.hpp"
#include "train/schedule.hpp"
#include "train/torch_network.hpp"

namespace erngen {

struct FitOptions {
  LearningRate rate;
  int aligned_steps = 0;  ///< the first steps minimise the cross entropy of Batch::targets, the others CTC
  double clip_norm = 1.0;
  double dropout = 0.0;
  double weight_decay = 0.0;
};

struct FitStep {
  int step = 0;  ///< finished steps
  double loss = 0;
  double gradient_norm = 0;
  double rate = 0;
};

/// What a method adds to plain training: direct training adds nothing.
struct FitHooks {
  /// A differentiable term that is added to the loss of every step (a pull towards a constraint set, for instance).
  std::function<torch::Tensor(const TorchNetwork&)> penalty;
  /// Called after every step.
  std::function<void(const FitStep&)> after_step;
};

/// A batch's features as a tensor [frames, size, features].
torch::Tensor feature_tensor(const Batch& batch);

/// AdamW on the loss of `rate.steps` batches. Throws Error(bad_input) when the loss is not finite.
void fit(TorchNetwork& network, const std::function<Batch()>& next_batch, const FitOptions& options, const FitHooks& hooks);

}  // namespace erngen
