// The search for one design among the shapes of an engine.
#pragma once

#include <limits>
#include <optional>
#include <string>
#include <tuple>

#include "base/error.hpp"
#include "plan/plan.hpp"

namespace erngen {

/// How fast is fast enough.
struct SpeedLimits {
  double cycles_per_frame = std::numeric_limits<double>::infinity();
  double latency_cycles = std::numeric_limits<double>::infinity();

  SpeedLimits() = default;
  /// Of the bounds in `options`, at its clock.
  explicit SpeedLimits(const PlanOptions& options);

  bool keeps(const Plan& plan) const {
    return plan.cycles_per_frame <= cycles_per_frame && plan.latency_cycles <= latency_cycles;
  }
};

/// What each more frame in flight must save, as a factor of the cycles or of the size: it costs a frame a run more of
/// latency.
inline double overlap_price(const EngineShape& shape) { return 1 + 0.03 * (shape.frames - 1); }

/// What orders plans, the best first.
using PlanKey = std::tuple<double, double, double>;
/// For the goals rate and latency: products in LUTs, frames in flight and crowded devices have their price.
PlanKey speed_key(const Plan& plan, Goal goal, const DeviceLimits& device);
/// For the goals area and knee: the size, then cycles a frame, then the latency.
PlanKey size_key(const Plan& plan, const DeviceLimits& device);

struct Planner {
  const Workload& work;
  const PlanOptions& options;  ///< checked
  const DeviceLimits& device;
  const DeviceLimits& budget;  ///< of the device, or less

  /// Of the shapes of choose_shapes() that fit and keep the limits, the one with the fewest cycles a frame, or with the
  /// shortest latency. Products in LUTs and crowded devices have their price, see planner.cpp.
  std::optional<Plan> fastest(Goal goal, const SpeedLimits& limits) const;

  /// Of all_shapes() that fit and keep the limits, the one with the smallest design_size(); of equals the one with the
  /// fewest cycles a frame, then the shortest latency. `known` is such a plan, if one is known: it shortens the search.
  std::optional<Plan> smallest(const SpeedLimits& limits, std::optional<Plan> known = {}) const;

  /// Why no shape fits and keeps the limits: what is short, or how fast the fastest is and what would help.
  Error refusal(const SpeedLimits& limits) const;

  /// Frames in flight to look at for a goal.
  FrameRange frames(Goal goal) const;

 private:
  /// What is short for the smallest engine.
  Error shortage() const;
  /// What would keep the limits: a clock, a larger device. `quick` is the fastest that fits.
  std::string way_out(const SpeedLimits& limits, const Plan& quick) const;
};

}  // namespace erngen
