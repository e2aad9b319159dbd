// Cycles that may not grow unseen: the planner's choice for full-size layers, and a middle-sized design in simulation.
//
// A change of a figure is a decision: a better one is entered here, a worse one needs a reason in the commit.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "base/random.hpp"
#include "base/test_directory.hpp"
#include "cell/fixed_model.hpp"
#include "device/device.hpp"
#include "simulate/simulate.hpp"
#include "system_design.hpp"

using namespace erngen;

namespace {

struct LayerShape {
  const char* name;
  CellKind cell;
  Reset reset;
  int hidden, projection, block;
};

const LayerShape google8{"Google LSTM, k = 8", CellKind::lstm, Reset::after, 1024, 512, 8};
const LayerShape google16{"Google LSTM, k = 16", CellKind::lstm, Reset::after, 1024, 512, 16};
const LayerShape gru8{"GRU-1024, k = 8", CellKind::gru, Reset::before, 1024, 0, 8};
const LayerShape gru16{"GRU-1024, k = 16", CellKind::gru, Reset::before, 1024, 0, 16};

QuantNetwork network_of(const LayerShape& layer, int input) {
  NetworkShape shape;
  shape.cell = layer.cell;
  shape.reset = layer.reset;
  shape.input = input;
  shape.hidden = layer.hidden;
  shape.projection = layer.projection;
  shape.peephole = layer.cell == CellKind::lstm;
  shape.block.all = {layer.block, layer.block, layer.block, layer.block};
  Rng rng(1);
  Array calibration{{20, input}, {}};
  for (int n = 0; n < 20 * input; ++n) calibration.values.push_back(static_cast<float>(rng.normal()));
  return quantise(random_network(shape), calibration, {}, nullptr);
}

DeviceLimits limits(const char* name) {
  const Device& device = find_device(name);
  return {device.name, device.dsp, static_cast<double>(device.bram36()), device.lut, device.ff};
}

}  // namespace

TEST_CASE("the planner's cycles for the E-RNN layers on the XCKU060") {
  struct Row {
    const LayerShape& layer;
    int streams;
    Goal goal;
    double cycles;
    int latency;
  };
  for (const Row& row : {Row{google8, 1, Goal::latency, 270, 299}, Row{google8, 3, Goal::rate, 691.0 / 3, 642},
                         Row{google16, 1, Goal::latency, 171, 202}, Row{google16, 3, Goal::rate, 353.0 / 3, 362},
                         Row{gru8, 1, Goal::latency, 311, 320}, Row{gru8, 3, Goal::rate, 748.0 / 3, 625},
                         Row{gru16, 1, Goal::latency, 203, 209}, Row{gru16, 3, Goal::rate, 400.0 / 3, 209}}) {
    PlanOptions options;
    options.slots = row.streams;
    options.goal = row.goal;
    const QuantNetwork network = network_of(row.layer, 153);
    const Plan plan = make_plan(network, limits("xcku060"), options);
    INFO(row.layer.name << ", " << row.streams << " streams: " << plan.shape.rows << " x " << plan.shape.columns);
    CHECK(plan.cycles_per_frame == doctest::Approx(row.cycles).epsilon(1e-9));
    CHECK(plan.latency_cycles == row.latency);
    CHECK(plan.resources.dsp <= 2760);
  }
}

TEST_CASE("a design of about 200 multipliers takes its cycles in simulation") {
  static TestDirectory directory;
  LayerShape layer = google8;
  layer.hidden = 128;
  layer.projection = 64;
  const QuantNetwork network = network_of(layer, 39);
  PlanOptions options;
  options.max_dsp = 210;
  const Plan plan = make_plan(network, limits("xcku060"), options);
  CHECK(plan.resources.dsp > 180);
  GenerateRequest generate_request;
  generate_request.version = "0.0.0";
  generate_request.command = "a test";
  generate(network, plan, generate_request, directory / "design");

  SimulationRequest request;
  request.directory = directory / "design";
  request.stimulus = {39, 64, {}, {}, {}};
  FixedModel model(network);
  Rng rng(2);
  std::vector<std::int32_t> y(64);
  for (int t = 0; t < 40; ++t) {
    const auto x = random_frame(network, rng);
    model.step(x, y);
    request.stimulus.frames.push_back({0, false});
    request.stimulus.inputs.insert(request.stimulus.inputs.end(), x.begin(), x.end());
    request.stimulus.expected.insert(request.stimulus.expected.end(), y.begin(), y.end());
  }
  const SimulationReport report = simulate(request);
  INFO(plan.resources.dsp << " DSP, " << plan.shape.rows << " x " << plan.shape.columns);
  CHECK(report.passed());
  CHECK(report.mismatches == 0);
  CHECK(report.cycles_per_frame.value_or(0) == 113);
  CHECK(report.latency_cycles.value_or(0) == 142);
}
