// The learning rate over a training run.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace erngen {

/// Rises linearly to `peak` over the first `warmup` steps, then falls along half a cosine to zero at `steps`.
struct LearningRate {
  double peak = 2e-3;
  int warmup = 100;
  int steps = 1000;

  /// step counts from 0.
  double at(int step) const {
    if (step < warmup) return peak * (step + 1) / warmup;
    const double done = static_cast<double>(step - warmup) / std::max(1, steps - warmup);
    return 0.5 * peak * (1.0 + std::cos(std::numbers::pi * std::min(1.0, done)));
  }
};

}  // namespace erngen
