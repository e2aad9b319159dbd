// A planned accelerator: its cycles and resources, and its Verilog.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "erngen/export.hpp"

namespace erngen {

struct Device;
struct QuantNetwork;
struct Plan;

/// Names of the devices of the database, by family and size.
ERNGEN_API std::vector<std::string> device_names();

/// What is made small: cycles a frame, the latency of one, or the share of the device, of all designs that keep the
/// bounds or of those within 5 % of the fewest cycles a frame (knee).
enum class PlanningGoal { rate, latency, knee, area };

struct PlanningOptions {
  double clock_mhz = 200;
  int streams = 1;                       ///< independent sequences that share the engine, 1..64
  std::optional<PlanningGoal> goal;      ///< default: knee, or with a bound area
  std::optional<int> max_dsp;            ///< default: the device's
  std::optional<double> min_rate;        ///< frames per second, all streams together: Error(capacity) below it
  std::optional<double> max_latency_us;  ///< of one frame: Error(capacity) above it
  std::optional<bool> overlap;  ///< layers of neighbouring frames in one run, with one stream; default: where it pays
};

struct Prediction {
  double cycles_per_frame = 0;  ///< steady state, all streams together
  int frames_in_flight = 1;     ///< neighbouring frames in one run
  int latency_cycles = 0;       ///< first input beat to last output beat of a frame, idle engine
  double frames_per_second = 0;
  double latency_us = 0;
  int dsp = 0;
  double bram36 = 0;           ///< block RAM in units of 36 kbit
  int lut = 0, ff = 0;         ///< estimates
  double roofline_cycles = 0;  ///< multiplications of a frame over all multipliers
};

/// An immutable value; copies share it.
class ERNGEN_API Accelerator {
 public:
  Accelerator(std::shared_ptr<const QuantNetwork> network, std::shared_ptr<const Plan> plan,
              std::shared_ptr<const Device> device, std::string arguments)
      : network_(std::move(network)),
        plan_(std::move(plan)),
        device_(std::move(device)),
        arguments_(std::move(arguments)) {}

  Prediction prediction() const;

  /// JSON: the whole plan, as `erngen plan --json` names it.
  std::string report() const;

  /// Writes all that `erngen generate` writes: Verilog, images, manifest, testbench, packages. An older design there
  /// is replaced. Throws Error(usage) for a bad name, Error(output).
  void write(const std::filesystem::path& directory, const std::string& name = "erngen_accelerator") const;

 private:
  std::shared_ptr<const QuantNetwork> network_;
  std::shared_ptr<const Plan> plan_;
  std::shared_ptr<const Device> device_;
  std::string arguments_;  ///< of the command line that plans the same
};

}  // namespace erngen
