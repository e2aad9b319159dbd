// A synthesis report as JSON.
#include "synth/flow.hpp"

#include <cmath>

namespace erngen {
namespace {

double rounded(double value, double unit) { return std::round(value / unit) * unit; }

/// Prediction less mapped, in per cent of mapped; null where nothing was mapped.
Json difference(const Json& predicted, double mapped) {
  if (!predicted.is_number() || mapped == 0) return nullptr;
  return rounded(100 * (predicted.get<double>() - mapped) / mapped, 0.01);
}

}  // namespace

std::optional<double> SynthReport::energy_per_frame_uj() const {
  if (!power || !timing || cycles_per_frame <= 0) return std::nullopt;
  return 1e-3 * power->total_w * timing->period_ns * cycles_per_frame;
}

Json to_json(const SynthReport& report) {
  Json json{
      {"tool", tool_name(report.tool)}, {"version", report.version}, {"device", report.device}, {"ran", report.ran}};
  if (!report.ran) return json;
  const MappedResources& r = report.resources;
  json["resources"] = to_json(r);
  Json predicted, differences;
  const std::pair<const char*, double> compared[] = {{"dsp", static_cast<double>(r.dsp)},
                                                     {"bram36", r.bram36},
                                                     {"lut", static_cast<double>(r.lut)},
                                                     {"ff", static_cast<double>(r.ff)}};
  for (const auto& [name, mapped] : compared) {
    predicted[name] = report.predicted.value(name, Json());
    differences[name] = difference(predicted[name], mapped);
  }
  json["predicted"] = predicted;
  json["difference_percent"] = differences;
  if (!report.cells.empty()) json["cells"] = report.cells;
  if (const auto clock = report.clock_mhz()) {
    json["clock_mhz"] = rounded(*clock, 0.001);
    json["frames_per_second"] = rounded(*clock * 1e6 / report.cycles_per_frame, 0.1);
    json["latency_us"] = rounded(report.latency_cycles / *clock, 0.0001);
  }
  if (report.routed) {
    Json sites;
    for (const auto& [kind, count] : report.routed->cells)
      if (count.first > 0) sites[kind] = {{"used", count.first}, {"available", count.second}};
    json["sites"] = sites;
    json["critical_path"] = to_json(report.routed->critical_path);
  }
  if (const auto& registers = report.product_registers)
    json["product_registers"] = {{"multipliers", registers->multipliers},
                                 {"with_operands", registers->operands},
                                 {"with_results", registers->results}};
  if (report.timing)
    json["timing"] = {{"worst_slack_ns", report.timing->worst_slack_ns},
                      {"hold_slack_ns", report.timing->hold_slack_ns},
                      {"period_ns", report.timing->period_ns}};
  if (report.power) {
    json["power"] = {{"source", "Vivado"},
                     {"total_w", report.power->total_w},
                     {"dynamic_w", report.power->dynamic_w},
                     {"static_w", report.power->static_w},
                     {"confidence", report.power->confidence}};
    if (const auto energy = report.energy_per_frame_uj()) {
      json["power"]["energy_per_frame_uj"] = rounded(*energy, 0.001);
      json["power"]["frames_per_second_per_watt"] = rounded(1e6 / *energy, 0.1);
    }
  }
  if (!report.bitstream.empty()) json["bitstream"] = report.bitstream;
  return json;
}

}  // namespace erngen
