// The learning rate over a training run.
#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>

namespace erngen {

/// Rises linearly to `peak` over the first `warmup` steps, then falls along half a cosine to `last` times the peak at
/// `steps`.
struct LearningRate {
  double peak = 2e-3;
  int warmup = 100;
  int steps = 1000;
  double last = 0;

  /// step counts from 0.
  double at(int step) const {
    if (step < warmup) return peak * (step + 1) / warmup;
    const double done = static_cast<double>(step - warmup) / std::max(1, steps - warmup);
    return peak * (last + (1.0 - last) * 0.5 * (1.0 + std::cos(std::numbers::pi * std::min(1.0, done))));
  }
};

}  // namespace erngen
