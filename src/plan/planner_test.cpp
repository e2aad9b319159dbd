// The planner's goals, against a look at every shape.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <cmath>
#include <limits>
#include <tuple>

#include "cell/quantiser.hpp"
#include "cell/test_networks.hpp"
#include "plan/device_limits.hpp"
#include "plan/form_spectra.hpp"
#include "plan/overlap.hpp"
#include "plan/planner.hpp"

using namespace erngen;

namespace {

QuantNetwork network_of(CellKind cell, int block) {
  NetworkShape shape;
  shape.cell = cell;
  shape.input = 13;
  shape.hidden = 24;
  shape.dense = 5;
  shape.block.all = {block, block, block, 1};
  return quantise(random_network(shape), random_frames({20, 13}, 3), {}, nullptr);
}

struct Case {
  QuantNetwork network;
  Device device;
  int streams = 1;
  std::optional<FrameRange> frames = {};
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all{{network_of(CellKind::lstm, 4), find_device("xc7a35t")},
                                     {network_of(CellKind::gru, 2), find_device("xc7a35t")},
                                     {network_of(CellKind::lstm, 1), find_device("lfe5u-45f")},
                                     {network_of(CellKind::lstm, 8), find_device("xcku060"), 2},
                                     {network_of(CellKind::lstm, 4), find_device("xc7a35t"), 1, no_overlap},
                                     {network_of(CellKind::gru, 4), find_device("xc7a35t"), 1, some_overlap}};
  return all;
}

PlanOptions options_of(const Case& c, std::optional<Goal> goal = {}) {
  PlanOptions options;
  options.contexts = c.streams;
  options.goal = goal;
  options.frames = c.frames;
  return options;
}

double share(const Plan& plan, const Device& device) {
  return overlap_price(plan.shape) * design_size(plan.resources, limits_of(device));
}

/// Every shape, with early and with late admission and all frames in flight, that fits.
std::vector<Plan> all_plans(const Case& c) {
  const Workload work(c.network);
  PlanOptions options = options_of(c);
  options.family = c.device.family;
  std::vector<Plan> plans;
  const FrameRange frames = c.frames.value_or(c.streams > 1 ? no_overlap : any_overlap);
  for (EngineShape shape : all_shapes(work, options, c.device.dsp))
    for (const bool early : {false, true})
      for (shape.frames = frames.least; shape.frames <= std::min(frames.most, 2); ++shape.frames) {
        shape.early = early;
        if (count_dsp(work, shape, c.device.family) > c.device.dsp) continue;
        Plan plan = plan_shape(work, shape, options);
        if (fits(plan.resources, limits_of(c.device))) plans.push_back(std::move(plan));
      }
  return plans;
}

/// The smallest of `plans` for which `enough` holds, as the planner orders them.
template <class Enough>
std::tuple<double, double, int> smallest(const std::vector<Plan>& plans, const Device& device, const Enough& enough) {
  std::tuple<double, double, int> best{std::numeric_limits<double>::infinity(), 0, 0};
  for (const Plan& p : plans)
    if (enough(p)) best = std::min(best, std::tuple(share(p, device), p.cycles_per_frame, p.latency_cycles));
  return best;
}

std::tuple<double, double, int> key(const Plan& p, const Device& device) {
  return {share(p, device), p.cycles_per_frame, p.latency_cycles};
}

}  // namespace

TEST_CASE("area, the bounds and the knee give the smallest of all shapes that are fast enough") {
  for (const Case& c : cases()) {
    CAPTURE(c.device.name);
    const std::vector<Plan> plans = all_plans(c);
    REQUIRE(plans.size() > 100);
    const auto any = [](const Plan&) { return true; };
    REQUIRE(most_frames(c.network.graph) == 2);  // the cells, and the dense layer behind them
    CHECK(key(make_plan(c.network, c.device, options_of(c, Goal::area)), c.device) == smallest(plans, c.device, any));

    const Plan fast = make_plan(c.network, c.device, options_of(c, Goal::rate));
    const Plan knee = make_plan(c.network, c.device, options_of(c));
    CHECK(key(knee, c.device) ==
          smallest(plans, c.device, [&](const Plan& p) { return p.cycles_per_frame <= 1.05 * fast.cycles_per_frame; }));
    CHECK(share(knee, c.device) <= share(fast, c.device));

    for (const double slower : {1.5, 4.0, 20.0}) {
      PlanOptions options = options_of(c);
      options.min_rate = fast.frames_per_second() / slower;
      const Plan plan = make_plan(c.network, c.device, options);
      CHECK(plan.frames_per_second() >= *options.min_rate);
      CHECK(key(plan, c.device) ==
            smallest(plans, c.device, [&](const Plan& p) { return p.frames_per_second() >= *options.min_rate; }));
      options.max_latency_us = 1.2 * fast.latency_us();
      const Plan soon = make_plan(c.network, c.device, options);
      CHECK(key(soon, c.device) == smallest(plans, c.device, [&](const Plan& p) {
              return p.frames_per_second() >= *options.min_rate && p.latency_us() <= *options.max_latency_us;
            }));
    }
  }
}

TEST_CASE("of plans in other formats each goal prefers its own") {
  const DeviceLimits device = limits_of(find_device("xc7a35t"));
  const auto plan = [](double cycles, int latency, int dsp) {
    Plan p;
    p.cycles_per_frame = cycles;
    p.latency_cycles = latency;
    p.resources.dsp = dsp;
    return p;
  };
  const std::vector plans{plan(100, 90, 50), plan(96, 120, 80), plan(97, 95, 60), plan(200, 91, 10), plan(104, 80, 40)};
  CHECK(preferred_plan(plans, device, Goal::rate) == 1);
  CHECK(preferred_plan(plans, device, Goal::latency) == 4);
  CHECK(preferred_plan(plans, device, Goal::area) == 3);
  CHECK(preferred_plan(plans, device, Goal::knee) == 0);  // 104 is more than 1.05 * 96
  CHECK(preferred_plan(std::vector{plan(1, 1, 1), plan(1, 1, 1)}, device, Goal::knee) == 0);
}

TEST_CASE("forms of lanes permit spectra of so many bits; each width comes once, the widest first") {
  CHECK(form_spectra(lane_forms, Family::series7) == std::vector{18, 17, 16});
  CHECK(form_spectra(lane_forms, Family::ice40) == std::vector{18, 15, 14});
  CHECK(form_spectra(std::vector{LaneForm::blocks, LaneForm::blocks}, Family::ecp5) == std::vector{16});
}

TEST_CASE("each stream has its latency; the plan's is that of the first") {
  const Case c = cases().front();
  PlanOptions options = options_of(c, Goal::rate);
  for (const int streams : {1, 3}) {
    options.contexts = streams;
    const Plan plan = make_plan(c.network, c.device, options);
    CHECK(plan.stream_latency_cycles.size() == static_cast<size_t>(streams));
    CHECK(plan.stream_latency_cycles.front() == plan.latency_cycles);
    if (streams > 1) CHECK(plan.stream_latency_cycles.back() > plan.latency_cycles);  // runs begin with the first
  }
}

TEST_CASE("with a bound, rate and latency still make theirs small") {
  const Case c = cases().front();
  PlanOptions options = options_of(c, Goal::rate);
  const Plan fast = make_plan(c.network, c.device, options);
  options.min_rate = fast.frames_per_second() / 2;
  CHECK(make_plan(c.network, c.device, options).cycles_per_frame == fast.cycles_per_frame);
  options.goal = Goal::latency;
  CHECK(make_plan(c.network, c.device, options).latency_cycles <= fast.latency_cycles);
}

TEST_CASE("overlap costs latency: it is not taken for that, nor with several streams, and must save something") {
  Case c = cases().front();
  const Plan fast = make_plan(c.network, c.device, options_of(c, Goal::rate));
  CHECK(fast.shape.frames == 2);
  const Plan prompt = make_plan(c.network, c.device, options_of(c, Goal::latency));
  CHECK(prompt.shape.frames == 1);
  CHECK(prompt.latency_cycles < fast.latency_cycles);
  c.frames = no_overlap;
  CHECK(fast.cycles_per_frame * 1.03 < make_plan(c.network, c.device, options_of(c, Goal::rate)).cycles_per_frame);
  c.frames = FrameRange{2, 2};
  CHECK(make_plan(c.network, c.device, options_of(c, Goal::latency)).shape.frames == 2);
  c.frames = FrameRange{3, 3};
  CHECK_ERROR(make_plan(c.network, c.device, options_of(c)), ExitCode::usage, "3 frames overlap");
  c.frames = any_overlap;
  c.streams = 2;
  CHECK(make_plan(c.network, c.device, options_of(c)).shape.frames == 1);
  c.frames = some_overlap;
  CHECK_ERROR(make_plan(c.network, c.device, options_of(c)), ExitCode::usage, "with 2 streams");
}

TEST_CASE("the lanes' form is the one asked for, or the best that the widths permit") {
  const QuantNetwork network = network_of(CellKind::lstm, 8);
  const NumberFormats& formats = network.formats;
  const Device device = find_device("xc7a100t");
  PlanOptions options;
  options.goal = Goal::rate;
  options.max_dsp = 120;
  const Plan plain = make_plan(network, limits_of(device), options);
  CHECK(plain.shape.form == LaneForm::plain);
  CHECK(plain.form_roofline_cycles == plain.roofline_cycles);
  options.form.reset();
  const Plan best = make_plan(network, limits_of(device), options);
  CHECK(best.cycles_per_frame < plain.cycles_per_frame);
  CHECK(best.shape.form != LaneForm::plain);
  CHECK(best.form_roofline_cycles < best.roofline_cycles);
  for (const LaneForm form : {LaneForm::bins, LaneForm::blocks}) {
    options.form = form;
    if (!lane_form_fits(form, 8, formats.spectrum_width(), formats.weight_width, 18)) continue;
    const Plan plan = make_plan(network, limits_of(device), options);
    CHECK(plan.shape.form == form);
    CHECK(plan.shape.columns % lane_columns(form) == 0);
  }
  options.form = LaneForm::blocks;
  CHECK_ERROR(make_plan(network_of(CellKind::gru, 16), limits_of(device), options), ExitCode::usage, "--spectra 16");
}

TEST_CASE("less is smaller, and a part of every resource counts") {
  const DeviceLimits device{"", Family::series7, 100, 50, 1000, 2000};
  CHECK(device_share({10, 5, 100, 200, 0}, device) == doctest::Approx(0.1));
  CHECK(device_share({100, 50, 1000, 0, 0}, device) == doctest::Approx(1));
  const Resources need{10, 5, 100, 150, 0};
  for (int Resources::*const more : {&Resources::dsp, &Resources::lut}) {
    Resources larger = need;
    larger.*more += 10;
    CHECK(device_share(larger, device) > device_share(need, device));
  }
  DeviceLimits none = device;
  none.dsp = 0;
  CHECK(device_share({0, 5, 100, 200, 0}, none) == doctest::Approx(0.075));
  // What fills the logic is larger than what does not, by its logic alone; what does not fit, by what is most short.
  CHECK(design_size(need, device) == device_share(need, device));
  const Resources full{100, 50, 750, 1500, 0}, crowded{1, 1, 760, 0, 0}, fuller{1, 1, 0, 0, 800},
      large{200, 5, 100, 0, 0};
  CHECK(design_size(full, device) < 1);
  CHECK(design_size(crowded, device) > design_size(full, device));
  CHECK(design_size(fuller, device) > design_size(crowded, device));
  CHECK(design_size(large, device) == doctest::Approx(2));
}

TEST_CASE("a bound that nothing keeps is refused with the fastest design and what would help") {
  const Case c = cases().front();
  const Plan fast = make_plan(c.network, c.device, options_of(c, Goal::rate));
  PlanOptions options = options_of(c);
  options.min_rate = 1.5 * fast.frames_per_second();
  CHECK_ERROR(make_plan(c.network, c.device, options), ExitCode::capacity, "the fastest that fits has");
  CHECK_ERROR(make_plan(c.network, c.device, options), ExitCode::capacity, "take a clock of 300.0 MHz");
  options.clock_mhz = 300.1;
  CHECK(make_plan(c.network, c.device, options).frames_per_second() >= *options.min_rate);
  options.min_rate = 1e15;
  CHECK_ERROR(make_plan(c.network, c.device, options), ExitCode::capacity, "ask for less");
  for (const double wrong : {0.0, -1.0, std::nan(""), std::numeric_limits<double>::infinity()}) {
    options.min_rate = wrong;
    CHECK_ERROR(make_plan(c.network, c.device, options), ExitCode::usage, "rate is");
    PlanOptions latency = options_of(c);
    latency.max_latency_us = wrong;
    CHECK_ERROR(make_plan(c.network, c.device, latency), ExitCode::usage, "latency is");
  }
}
