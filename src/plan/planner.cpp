#include "plan/planner.hpp"

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>

#include <fmt/format.h>

#include "plan/overlap.hpp"
#include "plan/part_layout.hpp"
#include "spectral/twiddle.hpp"
#include "units/lane.hpp"

namespace erngen {
namespace {

/// What products of the cells in LUTs must save, as a factor of the cycles.
double lut_price(const EngineShape& shape) { return shape.cell_luts ? 1.005 : 1; }

/// What a design must save that fills half, or three quarters, of the device's LUTs or registers: it is hard to route.
/// Estimates of LUTs may be a tenth too low (the limit that docs/results/calibration.md keeps), so a half begins
/// at 45.5 per cent.
double crowding_price(const Resources& need, const DeviceLimits& device) {
  const double share = std::max({static_cast<double>(need.lut) / device.lut, static_cast<double>(need.ff) / device.ff,
                                 static_cast<double>(need.cells) / device.lut});
  return share > crowded_logic ? 1.1 : share > 0.455 ? 1.05 : 1;
}

/// A shape that waits; `bounded` once its share is that of all that does not depend on the schedule.
struct Candidate {
  double share = 0;
  bool bounded = false;
  size_t shape = 0;

  /// For a queue whose top is the smallest; of equals the one nearest to being scheduled, then the first.
  bool operator<(const Candidate& other) const {
    return std::tuple(share, !bounded, shape) > std::tuple(other.share, !other.bounded, other.shape);
  }
};

/// The share of an engine with the least program: its weights are laid out, its segments and passes take nothing.
double least_share(const Workload& work, const EngineShape& shape, const DeviceLimits& device) {
  const MemoryMap map = map_memory(work, shape);
  ProgramSize program;
  program.weight_rows = PartLayouts(work.graph, shape, map).weight_rows();
  program.run_cycles =
      std::numeric_limits<int>::max() / 2;  // the fewer frames in flight, the smaller the output buffer
  return design_size(estimate_resources(work, shape, map, program, device.family), device);
}

/// The plan with the smallest key among those that fit and keep the limits.
template <class Key>
class Best {
 public:
  /// `early`: admission is tried both ways for every shape, not only for the best in the end.
  Best(const Planner& planner, const SpeedLimits& limits, const Key& key, Goal goal, bool early,
       std::optional<Plan> known = {})
      : planner_(planner),
        limits_(limits),
        key_(key),
        early_(early || std::isfinite(limits.latency_cycles)),
        frames_(planner.frames(goal)),
        best_(std::move(known)) {}

  double first_key() const { return best_ ? std::get<0>(key_(*best_)) : std::numeric_limits<double>::infinity(); }

  void consider(EngineShape shape) {
    const std::optional<bool>& fixed = planner_.options.early;
    for (shape.frames = frames_.least; shape.frames <= frames_.most; ++shape.frames) {
      consider(shape, fixed.value_or(false));
      if (early_ && !fixed) consider(shape, true);
    }
  }

  std::optional<Plan> take() {
    if (best_ && !planner_.options.early && !best_->shape.early) consider(best_->shape, true);  // it costs nothing
    return std::move(best_);
  }

 private:
  void consider(EngineShape shape, bool early) {
    shape.early = early;
    Plan plan = plan_shape(planner_.work, shape, planner_.options);
    if (fits(plan.resources, planner_.budget) && limits_.keeps(plan) && (!best_ || key_(plan) < key_(*best_)))
      best_ = std::move(plan);
  }

  const Planner& planner_;
  const SpeedLimits& limits_;
  const Key& key_;
  bool early_;
  FrameRange frames_;
  std::optional<Plan> best_;
};

/// Global clocks of the fastest family end at 891 MHz (DS923): no way out is above.
constexpr double fastest_clock_mhz = 891;
constexpr int times_larger = 4, most_streams_tried = 4;

/// Where to look for what a device has too little of: for shapes, a device without DSP blocks has room for a few lanes.
DeviceLimits larger_device(DeviceLimits device) {
  device.dsp = times_larger * device.dsp + 8 * lane_dsp(max_block_size);
  device.bram36 = std::numeric_limits<double>::infinity();
  device.lut = device.ff = std::numeric_limits<int>::max();
  return device;
}

}  // namespace

SpeedLimits::SpeedLimits(const PlanOptions& options) {
  if (options.min_rate) cycles_per_frame = options.clock_mhz * 1e6 / *options.min_rate;
  if (options.max_latency_us) latency_cycles = *options.max_latency_us * options.clock_mhz;
}

FrameRange Planner::frames(Goal goal) const {
  FrameRange range = options.frames.value_or(any_overlap);
  if (options.contexts > 1 || (goal == Goal::latency && range.least == 1)) return no_overlap;
  range.most = std::min(range.most, most_frames(work.graph));
  return range;
}

PlanKey speed_key(const Plan& plan, Goal goal, const DeviceLimits& device) {
  const double price = lut_price(plan.shape) * overlap_price(plan.shape) * crowding_price(plan.resources, device);
  const double latency = plan.latency_cycles * (goal == Goal::latency ? price : 1);
  return goal == Goal::rate ? PlanKey(plan.cycles_per_frame * price, latency, plan.resources.dsp)
                            : PlanKey(latency, plan.cycles_per_frame, plan.resources.dsp);
}

PlanKey size_key(const Plan& plan, const DeviceLimits& device) {
  return {overlap_price(plan.shape) * design_size(plan.resources, device), plan.cycles_per_frame, plan.latency_cycles};
}

std::optional<Plan> Planner::fastest(Goal goal, const SpeedLimits& limits) const {
  const auto key = [&](const Plan& p) { return speed_key(p, goal, device); };
  Best best(*this, limits, key, goal, goal == Goal::latency);
  for (const EngineShape& shape : choose_shapes(work, options, budget.dsp).shapes) {
    const int least = least_steps(work, shape);
    if (least > limits.cycles_per_frame || lut_price(shape) * least > best.first_key()) continue;
    best.consider(shape);
  }
  return best.take();
}

std::optional<Plan> Planner::smallest(const SpeedLimits& limits, std::optional<Plan> known) const {
  const auto key = [&](const Plan& p) { return size_key(p, device); };
  Best best(*this, limits, key, Goal::area, false, std::move(known));
  // Best first: a shape waits with a lower bound of its share, at first that of its DSP blocks. What comes up again
  // with its least share is scheduled.
  const std::vector<EngineShape> shapes = all_shapes(work, options, budget.dsp);
  std::priority_queue<Candidate> waiting;
  for (size_t n = 0; n < shapes.size(); ++n) {
    if (least_steps(work, shapes[n]) > limits.cycles_per_frame) continue;
    Resources dsp;
    dsp.dsp = count_dsp(work, shapes[n], device.family);
    if (dsp.dsp <= budget.dsp) waiting.push({design_size(dsp, device), false, n});
  }
  while (!waiting.empty() && waiting.top().share <= best.first_key()) {
    Candidate candidate = waiting.top();
    waiting.pop();
    if (candidate.bounded) {
      best.consider(shapes[candidate.shape]);
    } else {
      candidate.share = std::max(candidate.share, least_share(work, shapes[candidate.shape], device));
      candidate.bounded = true;
      waiting.push(candidate);
    }
  }
  return best.take();
}

Error Planner::refusal(const SpeedLimits& limits) const {
  const std::optional<Plan> quick = fastest(Goal::rate, {}), prompt = fastest(Goal::latency, {});
  if (!quick || limits.keeps(*quick)) return shortage();
  std::string wanted;
  if (options.min_rate) wanted += fmt::format("{:.10g} frames per second", *options.min_rate);
  if (options.max_latency_us)
    wanted += fmt::format("{}a latency of {:.10g} us", wanted.empty() ? "" : " and ", *options.max_latency_us);
  const auto describe = [&](const Plan& p) {
    return fmt::format("{:.0f} frames per second and {:.2f} us ({:g} cycles a frame, {} DSP of {}, {} LUT of {})",
                       p.frames_per_second(), p.latency_us(), p.cycles_per_frame, p.resources.dsp, budget.dsp,
                       p.resources.lut, budget.lut);
  };
  std::string found = "the fastest that fits has " + describe(*quick);
  if (options.max_latency_us && prompt->latency_cycles < quick->latency_cycles)
    found += ", the one with the shortest latency " + describe(*prompt);
  return {ExitCode::capacity,
          fmt::format("{} at {:g} MHz: no design reaches {}; {}", device.name, options.clock_mhz, wanted, found),
          way_out(limits, *quick)};
}

std::string Planner::way_out(const SpeedLimits& limits, const Plan& quick) const {
  std::string ways;
  const double clock = options.clock_mhz * std::max(quick.cycles_per_frame / limits.cycles_per_frame,
                                                    quick.latency_cycles / limits.latency_cycles);
  if (clock <= fastest_clock_mhz)
    ways = fmt::format("a clock of {:.1f} MHz, if the device reaches it", std::ceil(10 * clock) / 10);
  const DeviceLimits large = larger_device(device);
  if (const std::optional<Plan> plan = Planner{work, options, device, large}.smallest(limits))
    ways +=
        fmt::format("{}a device with {} DSP, {:.1f} BRAM36, {} LUT and {} FF (estimates)", ways.empty() ? "" : ", or ",
                    plan->resources.dsp, plan->resources.bram36, plan->resources.lut, plan->resources.ff);
  for (int streams = options.contexts + 1; options.min_rate && streams <= most_streams_tried; ++streams) {
    PlanOptions more = options;
    more.contexts = streams;
    if (!Planner{work, more, device, budget}.fastest(Goal::rate, limits)) continue;
    ways += fmt::format("{}{} streams, where so many sequences are independent", ways.empty() ? "" : ", or ", streams);
    break;
  }
  if (ways.empty())
    return fmt::format("ask for less: neither a clock of {:g} MHz nor a device {} times as large is enough",
                       fastest_clock_mhz, times_larger);
  return "take " + ways;
}

Error Planner::shortage() const {
  const DeviceLimits large = larger_device(device);
  const std::optional<Plan> least = Planner{work, options, device, large}.smallest({});
  if (!least)
    return wrong_option("no engine has the given rows, columns, readout and ports",
                        "rows must be a multiple of the readout; the ports are at most the readout and the columns");
  const Resources& need = least->resources;
  return {
      ExitCode::capacity,
      fmt::format("{}: the smallest engine needs {} DSP of {}, {:.1f} BRAM36 of {:.1f}, {} LUT of {}, {} FF of {}{} "
                  "(estimates)",
                  device.name, need.dsp, budget.dsp, need.bram36, device.bram36, need.lut, device.lut, need.ff,
                  device.ff, need.cells > 0 ? fmt::format(", {} logic cells of {}", need.cells, device.lut) : ""),
      "take a larger device, a smaller layer, larger blocks for less memory or smaller ones for fewer multipliers, "
      "or fewer bits"};
}

}  // namespace erngen
