// The FuseSoC core file of a design.
#include "rtl/packaging.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace erngen {
namespace {

std::string base_name(const std::string& file) { return std::filesystem::path(file).filename().string(); }

}  // namespace

std::string fusesoc_core(const Json& manifest, const PackageFiles& files) {
  const std::string top = manifest.at("top").get<std::string>();
  std::string text = fmt::format(
      "CAPI=2:\n# {0}, made by erngen {1}. With this directory as a library:\n#   fusesoc --cores-root . run "
      "--target=lint {0}\n"
      "name: ::{0}:{1}\ndescription: Recurrent network with block-circulant weights\n\nfilesets:\n  rtl:\n    files:\n",
      top, manifest.at("version").get<std::string>());
  for (const std::string& file : files.rtl) text += fmt::format("      - {}\n", file);
  text += "    file_type: verilogSource-2005\n  images:\n    files:\n";
  for (const std::string& file : files.images)
    text += fmt::format("      - {}: {{copyto: {}}}\n", file, base_name(file));
  text += "    file_type: user\n";
  const bool sim = !files.examples.empty(), cocotb = manifest.contains("benches");
  if (cocotb) {  // a copy of the directory as run.py wants it
    text += "  cocotb:\n    files:\n";
    std::vector<std::string> all{"rtl/files.f", "testbench/cocotb/run.py"};
    for (const char* suffix : {"py", "json"}) all.push_back(fmt::format("testbench/cocotb/test_{}.{}", top, suffix));
    for (const auto* list : {&files.rtl, &files.images}) all.insert(all.end(), list->begin(), list->end());
    for (const std::string& file : all) text += fmt::format("      - {0}: {{copyto: design/{0}}}\n", file);
    text += "    file_type: user\n";
  }
  if (sim) {
    text +=
        "  bench:\n    files:\n      - testbench/ern_testbench_parameters.vh: {is_include_file: true}\n      - "
        "testbench/ern_testbench.v\n"
        "    file_type: verilogSource-2005\n  example:\n    files:\n";
    for (const std::string& file : files.examples)
      text += fmt::format("      - {}: {{copyto: example/{}}}\n", file, base_name(file));
    text += "    file_type: user\n\nscripts:\n  no_mismatch:\n    cmd: [grep, -q, '\"mismatches\": 0,', report.json]\n";
  }
  if (cocotb)
    text += fmt::format("{}  cocotb:\n    cmd: [python3, design/testbench/cocotb/run.py, icarus, cocotb]\n",
                        sim ? "" : "\nscripts:\n");
  const bool no_preadder = files.architecture == "ecp5" || files.architecture == "ice40";
  if (sim || no_preadder) text += "\nparameters:\n";
  if (no_preadder) text += "  ERN_NO_PREADDER: {datatype: bool, default: true, paramtype: vlogdefine}\n";
  if (sim) {
    for (const char* name : {"tags", "inputs", "expected"})
      text += fmt::format("  {0}: {{datatype: str, default: example/{0}.hex, paramtype: plusarg}}\n", name);
    text += "  report: {datatype: str, default: report.json, paramtype: plusarg}\n";
  }
  text += fmt::format("\ntargets:\n  default: &default\n    filesets: [rtl, images]\n    toplevel: {}\n", top);
  text +=
      "  lint:\n    <<: *default\n    default_tool: verilator\n    tools:\n      verilator:\n        mode: lint-only\n"
      "        verilator_options: [-Wall]\n";
  if (sim)
    text += fmt::format(
        "  sim:\n    filesets: [rtl, images, bench, example]\n    toplevel: ern_testbench\n    default_tool: icarus\n"
        "    parameters: [tags, inputs, expected, report]\n    hooks: {{post_run: [no_mismatch]}}\n    tools:\n      "
        "icarus:\n"
        "        iverilog_options: [-g2005, -DERN_SIMULATION, -DERN_FRAMES={}]\n        timescale: 1ns/1ns\n",
        files.example_frames);
  if (cocotb)
    text += fmt::format(
        "  cocotb:\n    filesets: [rtl, images, cocotb]\n    toplevel: {}\n    default_tool: icarus\n    hooks: "
        "{{post_run: [cocotb]}}\n"
        "    tools:\n      icarus:\n        iverilog_options: [-g2005]\n",
        top);
  if (files.architecture.empty()) return text;
  text +=
      fmt::format("  synth:\n    <<: *default\n    default_tool: yosys\n{}    tools:\n      yosys:\n        arch: {}\n",
                  no_preadder ? "    parameters: [ERN_NO_PREADDER]\n" : "", files.architecture);
  if (files.architecture == "xilinx") text += "        yosys_synth_options: [-family, xc7, -noiopad]\n";
  if (files.architecture == "ice40") text += "        yosys_synth_options: [-dsp]\n";
  if (!files.part.empty()) text += fmt::format("      vivado:\n        part: {}\n", files.part);
  return text;
}

}  // namespace erngen
