// Levels of the pipeline: the same words, in the planned cycles.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "base/test_directory.hpp"
#include "cell/fixed_model.hpp"
#include "simulate/simulate.hpp"
#include "system_design.hpp"

using namespace erngen;

namespace {

/// An LSTM with peepholes and a projection, a GRU of each kind and an output layer: every template of the
/// cells, transforms of two sizes, and rotations.
Network every_cell() {
  NetworkShape lstm;
  lstm.input = 9;
  lstm.hidden = 16;
  lstm.projection = 8;
  lstm.peephole = true;
  lstm.block.all = {8, 8, 8, 1};
  lstm.seed = 3;
  return with_grus(random_network(lstm), 3);
}

SimulationReport simulated(const SystemDesign& design) {
  SimulationRequest request;
  request.directory = design.directory;
  request.stimulus = {design.network.graph.input_size(), design.network.graph.output_size(), {}, {}, {}};
  FixedModel model(design.network);
  Rng rng(11);
  std::vector<std::int32_t> y(design.network.graph.output_size());
  for (int t = 0; t < 24; ++t) {
    const auto x = random_frame(design.network, rng);
    model.step(x, y);
    if (t == 9) model.reset();
    request.stimulus.frames.push_back({0, t == 9});
    request.stimulus.inputs.insert(request.stimulus.inputs.end(), x.begin(), x.end());
    request.stimulus.expected.insert(request.stimulus.expected.end(), y.begin(), y.end());
  }
  return simulate(request);
}

/// Plans, generates and simulates the network at a level; returns the plan.
Plan check_level(const Network& network, EngineShape shape, int level) {
  TestDirectory directory;
  shape.pipeline = level;
  const SystemDesign design = make_system_design(network, shape, directory / "design", 5);
  CAPTURE(level);
  CHECK(design.manifest.at("predicted").value("pipeline", 0) == level);
  const SimulationReport report = simulated(design);
  INFO(report.first_mismatch);
  CHECK(report.outputs_checked > 0);
  CHECK(report.mismatches == 0);
  CHECK(report.passed());
  CHECK(report.latency_cycles == design.plan.latency_cycles);
  CHECK(report.cycles_per_frame.value_or(0) == design.plan.cycles_per_frame);
  return design.plan;
}

}  // namespace

TEST_CASE("each level has the same words, in the cycles that the plan says; a frame takes longer") {
  EngineShape shape{8, 8, 2, 2, 1, 1};
  int latency = 0;
  for (int level = lowest_pipeline; level <= highest_pipeline; ++level) {
    shape.adders = level % 2 == 1;
    const Plan plan = check_level(every_cell(), shape, level);
    CHECK(plan.latency_cycles > latency);
    latency = plan.latency_cycles;
  }
}

TEST_CASE("the lowest level with lanes of each form, ports, folded elements and frames in flight") {
  for (const LaneForm form : lane_forms) {
    EngineShape shape{8, 4, 4, 4, 1, 4};
    shape.form = form;
    shape.cell_luts = form == LaneForm::bins;
    check_level(every_cell(), shape, lowest_pipeline);
  }
  EngineShape shape{8, 4, 1, 1, 1, 1};
  shape.folding = 4;
  shape.dsp_activations = shape.early = true;
  shape.loadable = Loadable::tables;
  check_level(every_cell(), shape, lowest_pipeline);
  shape = {8, 18, 3, 2, 1, 2};  // a multiplexer of two levels
  shape.frames = 2;
  check_level(every_cell(), shape, lowest_pipeline);
}

TEST_CASE("the deepest level with folded elements, products in LUTs and activations in DSP blocks") {
  EngineShape shape{8, 4, 1, 1, 1, 1};
  shape.folding = 4;
  shape.cell_luts = shape.adders = shape.dsp_activations = true;
  check_level(every_cell(), shape, highest_pipeline);
}
