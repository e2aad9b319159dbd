#include "synth/nextpnr_report.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

PathStep step_of(const Json& json) {
  return {json.value("type", ""), json.at("delay").get<double>(), json.at("from").value("cell", ""),
          json.at("to").value("cell", "")};
}

/// The path that begins and ends at the clock.
std::vector<PathStep> path_of(const Json& report, const std::string& clock) {
  std::vector<PathStep> steps;
  for (const Json& path : report.value("critical_paths", Json::array())) {
    const std::string from = path.value("from", ""), to = path.value("to", "");
    if (from.find(clock) == std::string::npos || to.find(clock) == std::string::npos) continue;
    for (const Json& step : path.at("path")) steps.push_back(step_of(step));
    break;
  }
  return steps;
}

}  // namespace

NextpnrReport parse_nextpnr_report(const Json& json, const std::string& what) {
  NextpnrReport report;
  try {
    for (const auto& [clock, figures] : json.at("fmax").items()) {
      const double reached = figures.at("achieved").get<double>();
      if (report.clock.empty() || reached < report.clock_mhz) report.clock = clock, report.clock_mhz = reached;
    }
    for (const auto& [cell, figures] : json.at("utilization").items())
      report.cells[cell] = {figures.at("used").get<std::int64_t>(), figures.at("available").get<std::int64_t>()};
    report.critical_path = path_of(json, report.clock);
  } catch (const Json::exception& error) {
    throw Error(ExitCode::tool, fmt::format("{}: not the report that nextpnr writes: {}", what, error.what()),
                "use nextpnr 0.4 or newer");
  }
  if (report.clock.empty() || !(report.clock_mhz > 0))
    throw Error(ExitCode::tool, fmt::format("{}: it names no clock that was reached", what), "read the log of nextpnr");
  return report;
}

Json to_json(const std::vector<PathStep>& path) {
  Json steps = Json::array();
  for (const PathStep& step : path)
    steps.push_back({{"kind", step.kind}, {"delay_ns", step.delay_ns}, {"from", step.from}, {"to", step.to}});
  return steps;
}

}  // namespace erngen
