// For tests: a small generated design with all that its making decided.
#pragma once

#include <optional>

#include "base/json.hpp"
#include "base/random.hpp"
#include "cell/quantiser.hpp"
#include "network/random_network.hpp"
#include "plan/plan.hpp"
#include "random_formats.hpp"
#include "rtl/generate.hpp"

namespace erngen {

struct SystemDesign {
  QuantNetwork network;
  Plan plan;
  Json manifest;
  std::filesystem::path directory;
};

/// A network, calibrated with random frames, on an engine of the shape `engine`, generated in `directory` as version
/// 1.2.3; with `formats` other number formats than the quantiser's, drawn from that seed; `options` for the beats of
/// the streams.
inline SystemDesign make_system_design(const Network& network, const EngineShape& engine,
                                       const std::filesystem::path& directory, std::uint64_t seed,
                                       std::optional<std::uint64_t> formats = {}, PlanOptions options = {}) {
  Rng rng(seed + 99);
  const int input = network.input();
  Array calibration{{40, input}, {}};
  for (int n = 0; n < 40 * input; ++n) calibration.values.push_back(static_cast<float>(rng.normal()));
  SystemDesign design;
  design.network = quantise(network, calibration, {}, nullptr);
  if (formats) {
    Rng drawn(*formats);
    draw_formats(design.network, drawn);
  }
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

/// `below`, of 8 outputs, with a GRU of each kind above it, and `dense` outputs behind them.
inline Network with_grus(Network below, int dense = 0) {
  NetworkShape gru;
  gru.cell = CellKind::gru;
  gru.reset = Reset::before;
  gru.input = 8;
  gru.hidden = 10;
  gru.block.all = {4, 8, 1, 2};
  NetworkShape top = gru;
  top.reset = Reset::after;
  top.input = 10;
  top.hidden = 7;
  top.dense = dense;
  for (const NetworkShape& shape : {gru, top})
    for (const Node& node : random_network(shape).nodes) below.append(node.layer);
  return below;
}

/// Random weights of `shape`.
inline SystemDesign make_system_design(const NetworkShape& shape, const EngineShape& engine,
                                       const std::filesystem::path& directory) {
  return make_system_design(random_network(shape), engine, directory, shape.seed);
}

/// One frame of normal values in the network's input format.
inline std::vector<std::int32_t> random_frame(const QuantNetwork& network, Rng& rng) {
  std::vector<std::int32_t> x(network.graph.input_size());
  for (std::int32_t& v : x) v = static_cast<std::int32_t>(quantise(rng.normal(), network.input_format()));
  return x;
}

}  // namespace erngen
