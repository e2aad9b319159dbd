// Cycles that may not grow unseen: the planner's choice for full-size layers, and a middle-sized design in simulation.
//
// A change of a figure is a decision: a better one is entered here, a worse one needs a reason in the commit.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <optional>

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
  int layers = 1, dense = 0;
};

const LayerShape google8{"Google LSTM, k = 8", CellKind::lstm, Reset::after, 1024, 512, 8};
const LayerShape google16{"Google LSTM, k = 16", CellKind::lstm, Reset::after, 1024, 512, 16};
const LayerShape gru8{"GRU-1024, k = 8", CellKind::gru, Reset::before, 1024, 0, 8};
const LayerShape gru16{"GRU-1024, k = 16", CellKind::gru, Reset::before, 1024, 0, 16};
const LayerShape after8{"GRU-1024, reset after, k = 8", CellKind::gru, Reset::after, 1024, 0, 8};
const LayerShape small_lstms{"LSTM 2 x 128, k = 8", CellKind::lstm, Reset::after, 128, 0, 8, 2};
const LayerShape google_twice{"Google LSTM x 2, k = 16", CellKind::lstm, Reset::after, 1024, 512, 16, 2};
const LayerShape grus{"GRU 2 x 768, reset after, k = 16", CellKind::gru, Reset::after, 768, 0, 16, 2};
const LayerShape top_lstm1{"top tagging LSTM, k = 1", CellKind::lstm, Reset::after, 20, 0, 1};
const LayerShape top_lstm4{"top tagging LSTM, k = 4", CellKind::lstm, Reset::after, 20, 0, 4};
const LayerShape top_gru1{"top tagging GRU, k = 1", CellKind::gru, Reset::after, 20, 0, 1};
const LayerShape top_gru4{"top tagging GRU, k = 4", CellKind::gru, Reset::after, 20, 0, 4};
const LayerShape after16{"GRU-1024, reset after, k = 16", CellKind::gru, Reset::after, 1024, 0, 16};

QuantNetwork network_of(const LayerShape& layer, int input) {
  NetworkShape shape;
  shape.cell = layer.cell;
  shape.reset = layer.reset;
  shape.input = input;
  shape.hidden = layer.hidden;
  shape.projection = layer.projection;
  shape.peephole = layer.projection > 0;
  shape.layers = layer.layers;
  shape.dense = layer.dense;
  shape.block.all = {layer.block, layer.block, layer.block, layer.block};
  Rng rng(1);
  Array calibration{{20, input}, {}};
  for (int n = 0; n < 20 * input; ++n) calibration.values.push_back(static_cast<float>(rng.normal()));
  return quantise(random_network(shape), calibration, {}, nullptr);
}

DeviceLimits limits(const char* name) {
  const Device& device = find_device(name);
  return {device.name, device.family, device.dsp, static_cast<double>(device.bram36()), device.lut, device.ff};
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
  std::optional<QuantNetwork> network;
  const LayerShape* made = nullptr;
  for (const Row& row : {Row{google8, 1, Goal::latency, 270, 299}, Row{google8, 3, Goal::rate, 691.0 / 3, 643},
                         Row{google16, 1, Goal::latency, 178, 209}, Row{google16, 3, Goal::rate, 358.0 / 3, 368},
                         Row{gru8, 1, Goal::latency, 311, 320}, Row{gru8, 3, Goal::rate, 748.0 / 3, 625},
                         Row{gru16, 1, Goal::latency, 203, 209}, Row{gru16, 3, Goal::rate, 400.0 / 3, 209},
                         Row{after8, 1, Goal::rate, 273, 308}, Row{after8, 3, Goal::rate, 248, 481},
                         Row{after16, 1, Goal::rate, 165, 209}, Row{after16, 3, Goal::rate, 128, 183}}) {
    PlanOptions options;
    options.contexts = row.streams;
    options.goal = row.goal;
    if (made != &row.layer) network = network_of(row.layer, 153);
    made = &row.layer;
    const Plan plan = make_plan(*network, limits("xcku060"), options);
    INFO(row.layer.name << ", " << row.streams << " streams: " << plan.shape.rows << " x " << plan.shape.columns);
    CHECK(plan.cycles_per_frame == doctest::Approx(row.cycles).epsilon(1e-9));
    CHECK(plan.latency_cycles == row.latency);
    CHECK(plan.resources.dsp <= 2760);
  }
}

TEST_CASE("the planner's cycles for small layers, with the usual and with a shallow pipeline") {
  struct Row {
    const LayerShape& layer;
    double cycles, shallow;
    int latency, shallow_latency;
  };
  for (const Row& row : {Row{top_lstm1, 42, 27, 52, 34}, Row{top_lstm4, 37, 23, 44, 29}, Row{top_gru1, 50, 30, 59, 41},
                         Row{top_gru4, 40, 25, 48, 34}}) {
    const QuantNetwork network = network_of(row.layer, 6);
    PlanOptions options;
    options.goal = Goal::latency;
    INFO(row.layer.name);
    const Plan plan = make_plan(network, limits("xcku060"), options);
    CHECK(plan.cycles_per_frame == row.cycles);
    CHECK(plan.latency_cycles == row.latency);
    options.pipeline = lowest_pipeline;
    const Plan shallow = make_plan(network, limits("xcku060"), options);
    CHECK(shallow.cycles_per_frame == row.shallow);
    CHECK(shallow.latency_cycles == row.shallow_latency);
  }
}

TEST_CASE("the planner's cycles for layers of neighbouring frames on the XCKU060") {
  struct Row {
    const LayerShape& layer;
    int input;
    double cycles, without;
    int latency, latency_without;
  };
  for (const Row& row : {Row{small_lstms, 128, 48, 88, 132, 111}, Row{google_twice, 153, 324, 392, 696, 447},
                         Row{grus, 153, 203, 232, 465, 291}}) {
    const QuantNetwork network = network_of(row.layer, row.input);
    PlanOptions options;
    options.goal = Goal::rate;
    INFO(row.layer.name);
    const Plan plan = make_plan(network, limits("xcku060"), options);
    CHECK(plan.shape.frames == 2);
    CHECK(plan.cycles_per_frame == row.cycles);
    CHECK(plan.latency_cycles == row.latency);
    options.frames = no_overlap;
    const Plan without = make_plan(network, limits("xcku060"), options);
    CHECK(without.cycles_per_frame == row.without);
    CHECK(without.latency_cycles == row.latency_without);
    options.frames.reset();
    options.goal = Goal::latency;
    CHECK(make_plan(network, limits("xcku060"), options).shape.frames == 1);
  }
}

namespace {

/// Plans `layer` with 39 inputs on at most 210 multipliers, simulates 40 frames and compares words and cycles.
void check_middle_size(const LayerShape& layer, double cycles, int latency) {
  TestDirectory directory;
  const QuantNetwork network = network_of(layer, 39);
  const int outputs = network.graph.output_size();
  PlanOptions options;
  options.max_dsp = 210;
  options.goal = Goal::rate;
  const Plan plan = make_plan(network, limits("xcku060"), options);
  CHECK(plan.resources.dsp > 180);
  GenerateRequest generate_request;
  generate_request.version = "0.0.0";
  generate_request.command = "a test";
  generate(network, plan, generate_request, directory / "design");

  SimulationRequest request;
  request.directory = directory / "design";
  request.stimulus = {39, outputs, {}, {}, {}};
  FixedModel model(network);
  Rng rng(2);
  std::vector<std::int32_t> y(outputs);
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
  CHECK(report.cycles_per_frame.value_or(0) == cycles);
  CHECK(report.latency_cycles.value_or(0) == latency);
}

}  // namespace

TEST_CASE("a design of about 200 multipliers takes its cycles in simulation") {
  LayerShape layer = google8;
  layer.hidden = 128;
  layer.projection = 64;
  check_middle_size(layer, 113, 142);
}

TEST_CASE("a GRU with reset after on about 200 multipliers takes its cycles in simulation") {
  LayerShape layer = after8;
  layer.hidden = 128;
  check_middle_size(layer, 88, 119);
}

TEST_CASE("layers of neighbouring frames on about 200 multipliers take their cycles in simulation") {
  LayerShape layer = small_lstms;
  layer.dense = 20;
  check_middle_size(layer, 215, 679);
}
