// The options that `plan` and `generate` share.
#pragma once

#include <optional>
#include <string>

#include <CLI/CLI.hpp>

#include "base/json.hpp"
#include "cli/stream_options.hpp"
#include "plan/device_limits.hpp"

namespace erngen::cli {

struct PlanArguments {
  std::string network;
  std::string device = "xcku060";
  double clock = 200;
  int streams = 1;
  std::optional<Goal> goal;
  std::optional<double> min_rate, max_latency;  ///< frames per second, us
  std::string rotations, products, admission;   ///< empty: the planner's choice
  std::string overlap = "auto";
  std::string lane_form = "plain";
  bool dsp_activations = false;
  int pipeline = 0;
  Loadable loadable = Loadable::weights;
  int max_dsp = 0, words = 0, rows = 0, columns = 0, readout = 0, ports = 0, folding = 0;  ///< 0: the planner's choice
  StreamArguments stream;

  void add_to(CLI::App& app);
  void add_options(CLI::App& app);  ///< without the network
  PlanOptions options() const;
  /// The options that differ from the defaults, as a command line; the network without its directory.
  std::string command(const std::string& verb) const;
};

/// The option --pipeline; its description begins with `registers`.
CLI::Option* add_pipeline_option(CLI::App& app, int& level, const std::string& registers);

/// The plan as a table, with what it takes of the device.
std::string plan_text(const Plan& plan, const Device& device);
/// Adds to the plan's JSON what the device has, the plan's share of it, and the estimated power (null: no figures for
/// the family).
void add_shares(Json& json, const Plan& plan, const Device& device);

}  // namespace erngen::cli
