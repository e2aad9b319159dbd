// A design in a simulator, every output word and cycle compared.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "erngen/export.hpp"
#include "erngen/frames.hpp"

namespace erngen {

struct SimulationOptions {
  bool icarus = false;                  ///< four-state, fails on any undefined bit; slow. Else Verilator.
  std::optional<std::uint64_t> stalls;  ///< seed of random gaps and back-pressure; cycles are not compared then
  std::filesystem::path waves;          ///< .vcd or .fst; empty: none
  double time_limit = 86400;            ///< seconds that each tool may take
  /// "translate", "compile" or "simulate" with frames done of all; may throw, which ends the simulation.
  std::function<void(const std::string& stage, std::int64_t done, std::int64_t total)> progress;
};

struct Simulation {
  Frames outputs;  ///< of the simulated hardware, in the order of x
  std::int64_t outputs_checked = 0;
  std::int64_t mismatches = 0;
  std::string first_mismatch;
  std::optional<double> cycles_per_frame;  ///< without stalls
  std::optional<std::int64_t> latency_cycles;
  bool passed = false;  ///< no mismatch, and measured cycles are the predicted ones
  std::string report;   ///< JSON, as `erngen simulate --json` prints it
};

/// Simulates the design in `directory`, which Accelerator::write() or `erngen generate` wrote, on x. Expected words
/// come from the fixed-point model; build files stay in directory/build and are used again. A mismatch is not an error:
/// see passed. Throws Error(bad_input) for a directory that is not a design and frames of another width, Error(tool).
ERNGEN_API Simulation simulate(const std::filesystem::path& directory, const Frames& x,
                               const SimulationOptions& options = {});

}  // namespace erngen
