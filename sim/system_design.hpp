// For tests: a small generated design with all that its making decided.
#pragma once

#include "base/json.hpp"
#include "base/random.hpp"
#include "cell/quantiser.hpp"
#include "network/random_network.hpp"
#include "plan/plan.hpp"
#include "rtl/generate.hpp"

namespace erngen {

struct SystemDesign {
  QuantNetwork network;
  Plan plan;
  Json manifest;
  std::filesystem::path directory;
};

/// Random weights of `shape`, calibrated with random frames, on an engine of the shape `engine`, generated in
/// `directory` as version 1.2.3.
inline SystemDesign make_system_design(const NetworkShape& shape, const EngineShape& engine,
                                       const std::filesystem::path& directory) {
  Rng rng(shape.seed + 99);
  Array calibration{{40, shape.input}, {}};
  for (int n = 0; n < 40 * shape.input; ++n) calibration.values.push_back(static_cast<float>(rng.normal()));
  SystemDesign design;
  design.network = quantise(random_network(shape), calibration, {}, nullptr);
  PlanOptions options;
  options.contexts = engine.contexts;
  design.plan = plan_shape(Workload(design.network), engine, options);
  GenerateRequest request;
  request.version = "1.2.3";
  request.command = "a test";
  generate(design.network, design.plan, request, directory);
  design.manifest = read_json((directory / "manifest.json").string());
  design.directory = directory;
  return design;
}

/// One frame of normal values in the network's input format.
inline std::vector<std::int32_t> random_frame(const QuantNetwork& network, Rng& rng) {
  std::vector<std::int32_t> x(network.graph.input_size());
  for (std::int32_t& v : x) v = static_cast<std::int32_t>(quantise(rng.normal(), network.input_format()));
  return x;
}

}  // namespace erngen
