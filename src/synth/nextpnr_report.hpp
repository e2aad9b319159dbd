// What nextpnr says about a placed and routed design.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace erngen {

/// A part of a critical path.
struct PathStep {
  std::string kind;  ///< "clk-to-q", "logic", "routing", "setup", as nextpnr calls it
  double delay_ns = 0;
  std::string from, to;  ///< cells
};

struct NextpnrReport {
  std::string clock;                                                   ///< net of the slowest clock
  double clock_mhz = 0;                                                ///< that it reaches
  std::map<std::string, std::pair<std::int64_t, std::int64_t>> cells;  ///< kind of site -> used, available
  std::vector<PathStep> critical_path;                                 ///< of that clock, register to register
};

/// Parses the file that --report wrote. Throws Error(tool) if it is not of that form or names no clock.
NextpnrReport parse_nextpnr_report(const Json& json, const std::string& what);

/// The path as a list of steps, and as one line a step.
Json to_json(const std::vector<PathStep>& path);

}  // namespace erngen
