// What Vivado's reports say: utilisation, timing, power.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "synth/mapped_cells.hpp"

namespace erngen {

/// The text of `report_utilization` (7 series, UltraScale, UltraScale+). Throws Error(tool) naming `what` and the row
/// that is missing.
MappedResources parse_vivado_utilization(std::string_view text, const std::string& what);

struct VivadoTiming {
  double worst_slack_ns = 0;  ///< setup
  double hold_slack_ns = 0;
  double period_ns = 0;  ///< of the clock asked for
  double clock_mhz() const { return 1000 / (period_ns - worst_slack_ns); }
};

/// The text of `report_timing_summary` of a design with one clock. Throws as above.
VivadoTiming parse_vivado_timing(std::string_view text, const std::string& what);

struct VivadoPower {
  double total_w = 0;
  double dynamic_w = 0;
  double static_w = 0;
  std::string confidence;  ///< "High" with simulated activity
};

/// The text of `report_power`. Throws as above.
VivadoPower parse_vivado_power(std::string_view text, const std::string& what);

}  // namespace erngen
