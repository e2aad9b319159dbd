// The phases of `erngen explore`: each has its own options and its own file; the verb only delegates.
#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "cli/report.hpp"

namespace erngen::cli {

/// What both phases are told.
struct ExploreCommon {
  std::string device = "xcku060";
  double clock = 200;  ///< MHz
  std::string output;  ///< directory of the ledger, the table, the plot and the chosen file
  JsonOption json;
};

class ExplorePhase {
 public:
  virtual ~ExplorePhase() = default;

  /// Adds the phase's options to the verb, in a group of their own; the object must outlive the parse.
  virtual void add_to(CLI::App& app) = 0;

  /// Searches, and reports through `common.json`. Throws Error.
  virtual void run(const ExploreCommon& common) = 0;
};

/// Phase I: cell type and block sizes by training (needs libtorch when it runs).
std::unique_ptr<ExplorePhase> explore_phase1();
/// Phase II: parallelism, streams, widths and activation units of a network on a device.
std::unique_ptr<ExplorePhase> explore_phase2();

}  // namespace erngen::cli
