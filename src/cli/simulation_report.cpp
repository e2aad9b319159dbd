#include "cli/simulation_report.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/report.hpp"

namespace erngen::cli {
namespace {

std::string compared(const std::string& measured, const std::string& predicted, const char* unit) {
  return fmt::format("{} {}{}", measured, unit, predicted.empty() ? "" : fmt::format(" (predicted {})", predicted));
}

}  // namespace

void SimulationStages::operator()(const SimulationProgress& p) {
  if (p.stage == "simulate") {
    if (!frames_) frames_ = std::make_unique<Progress>("simulating", "frames");
    frames_->update(static_cast<size_t>(p.done), static_cast<size_t>(p.total));
  } else {
    note(p.stage == "translate" ? "translating the design" : "compiling the simulation");
  }
}

std::string simulation_text(const std::string& directory, const SimulationRequest& request, const Sequences& x,
                            const SimulationReport& r) {
  Table table({"simulation of", shell_word(directory)});
  table.add({"simulator", fmt::format("{}{}", simulator_name(r.simulator),
                                      request.stalls ? fmt::format(", stalls {}", *request.stalls) : "")});
  const bool one_each = x.lengths().size() == static_cast<size_t>(r.streams);
  table.add({"frames", fmt::format("{} in {}{} stream{}", x.frames(),
                                   one_each ? ""
                                            : fmt::format("{} sequence{} on ", x.lengths().size(),
                                                          x.lengths().size() == 1 ? "" : "s"),
                                   r.streams, r.streams == 1 ? "" : "s")});
  table.add({"outputs checked", fmt::format("{}", r.outputs_checked)});
  table.add({"mismatches", fmt::format("{}", r.mismatches)});
  if (r.latency_cycles)
    table.add({"latency",
               compared(fmt::format("{}", *r.latency_cycles),
                        r.predicted_latency_cycles ? fmt::format("{}", *r.predicted_latency_cycles) : "", "cycles")});
  if (r.cycles_per_frame)
    table.add(
        {"one frame every",
         compared(fmt::format("{:.6g}", *r.cycles_per_frame),
                  r.predicted_cycles_per_frame ? fmt::format("{:.6g}", *r.predicted_cycles_per_frame) : "", "cycles")});
  table.add({"log", shell_word(r.log.string())});
  return table.text();
}

void require_right(const std::string& directory, const SimulationReport& report) {
  if (report.mismatches != 0)
    throw Error(ExitCode::mismatch,
                fmt::format("{}: {} mismatches; the first: {}", directory, report.mismatches, report.first_mismatch),
                "look at it with --waves FILE.fst");
  if (!report.cycles_match())
    throw Error(ExitCode::mismatch,
                fmt::format("{}: all words are right, but the cycles differ from the prediction{}", directory,
                            report.cycles_per_frame && !report.cycles_constant ? " or vary" : ""));
}

}  // namespace erngen::cli
