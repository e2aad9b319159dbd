// The options that `plan` and `generate` share.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "plan/device_limits.hpp"

namespace erngen::cli {

struct PlanArguments {
  std::string network;
  std::string device = "xcku060";
  double clock = 200;
  int streams = 1;
  std::string goal = "rate", rotations, products, admission;  ///< empty: the planner's choice
  bool dsp_activations = false;
  int max_dsp = 0, words = 0, rows = 0, columns = 0, readout = 0, ports = 0, folding = 0, input_beat = 0,
      output_beat = 0;  ///< 0: the planner's choice

  void add_to(CLI::App& app);
  PlanOptions options() const;
  /// The options that differ from the defaults, as a command line; the network without its directory.
  std::string command(const std::string& verb) const;
};

/// The plan as a table.
std::string plan_text(const Plan& plan);

}  // namespace erngen::cli
