// `erngen simulate` as a function: a generated design against expected words, in an external simulator.
//
// It knows the design's manifest and its files and nothing else: neither the planner nor the writer of the RTL, so
// that their mistakes cannot hide here.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "simulate/stimulus.hpp"

namespace erngen {

enum class Simulator { verilator, icarus };

/// "verilator" or "icarus".
const char* simulator_name(Simulator simulator);

/// Where a simulation stands. `total` is 0 while it is unknown.
struct SimulationProgress {
  std::string stage;  ///< "translate", "compile", "simulate"
  std::int64_t done = 0;
  std::int64_t total = 0;
};

struct SimulationRequest {
  std::filesystem::path directory;  ///< what `erngen generate` wrote; build files go to DIR/build
  Stimulus stimulus;
  Simulator simulator = Simulator::verilator;
  std::optional<std::uint64_t> stalls;  ///< seed of random gaps and back-pressure; cycles are not compared then
  std::filesystem::path waves;          ///< .vcd or .fst; empty: none
  std::string script;  ///< commands of docs/reference/interfaces.md, Verilator only; empty: the standard run
  std::int64_t watchdog = 200000;  ///< cycles without any transfer that count as a deadlock
  /// Keeps the objects of Verilator's run-time library between designs (about 3 s a build). Empty: not kept.
  std::filesystem::path object_cache;
  std::chrono::duration<double> time_limit{86400};  ///< of each tool that is run
  std::function<void(const SimulationProgress&)> progress;
};

struct SimulationReport {
  Simulator simulator = Simulator::verilator;
  std::int64_t frames = 0;           ///< that came out whole
  std::int64_t outputs_checked = 0;  ///< words compared
  std::int64_t mismatches = 0;       ///< wrong or missing words, flags, protocol errors, register values
  std::string first_mismatch;
  std::string end;  ///< "complete", or why the run ended early
  std::int64_t cycles = 0;
  int streams = 0;  ///< that sent frames

  /// Measured by a run without stalls; see docs/reference/interfaces.md. cycles_constant: every frame of the steady
  /// state took exactly this long.
  std::optional<double> cycles_per_frame;
  bool cycles_constant = false;
  std::optional<std::int64_t> latency_cycles;
  int latency_stream = 0;  ///< whose frame went alone
  /// The manifest's predictions, where the run measures the same thing: the latency always, the rate if all
  /// streams of the design sent at least four frames.
  std::optional<double> predicted_cycles_per_frame;
  std::optional<std::int64_t> predicted_latency_cycles;

  std::int64_t control_accesses = 0;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> reads;  ///< (address, value) of the script's reads
  std::vector<std::int32_t> outputs;                           ///< [frames][output_size] in sending order
  std::filesystem::path log;                                   ///< the simulator's output
  double build_seconds = 0;
  double run_seconds = 0;

  /// Whether measured cycles are the predicted ones, as far as both exist.
  bool cycles_match() const;
  /// No mismatch, and the cycles match.
  bool passed() const { return mismatches == 0 && cycles_match(); }
};

/// What benches must know of the design in `directory`. Throws Error(bad_input) for a directory that is not a design.
BenchShape design_shape(const std::filesystem::path& directory);

/// Builds the simulator's executable if needed and runs it. Simulations of one design with one simulator wait for
/// each other. Throws Error(bad_input) for a directory that is not a design or a stimulus that does not fit it,
/// Error(tool) for a missing or failing tool, Error(unsupported) for a script with Icarus, Error(output). A
/// mismatch is not an error: see passed().
SimulationReport simulate(const SimulationRequest& request);

/// The report as `erngen simulate --json` prints it.
Json to_json(const SimulationReport& report);

}  // namespace erngen
