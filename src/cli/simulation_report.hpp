// How `simulate` and `build` say what they simulate, and what came of it.
#pragma once

#include <memory>
#include <string>

#include "cli/progress.hpp"
#include "network/sequences.hpp"
#include "simulate/simulate.hpp"

namespace erngen::cli {

/// Says what is being done: a line a stage, a bar for the frames.
class SimulationStages {
 public:
  void operator()(const SimulationProgress& p);

 private:
  std::unique_ptr<Progress> frames_;
};

/// The report of a design in `directory` as a table.
std::string simulation_text(const std::string& directory, const SimulationRequest& request, const Sequences& x,
                            const SimulationReport& r);

/// Throws Error(mismatch) naming `directory` for wrong words and for cycles that differ from the prediction.
void require_right(const std::string& directory, const SimulationReport& report);

}  // namespace erngen::cli
