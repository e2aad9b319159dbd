#include "synth/yosys_script.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

std::string synthesis(Family family, const YosysOptions& options, const std::string& top) {
  std::string text;
  switch (family) {
    case Family::series7:
    case Family::ultrascale:
    case Family::ultrascale_plus:
      text = fmt::format("synth_xilinx -family xc7 -noiopad -top {}", top);
      if (options.flatten) text += " -flatten";
      break;
    case Family::ecp5:
      text = fmt::format("synth_ecp5 -top {}", top);
      if (!options.flatten) text += " -noflatten";
      break;
    case Family::cyclone5:
      text = fmt::format("synth_intel_alm -family cyclonev -noiopad -noclkbuf -top {}", top);
      if (!options.flatten) text += " -noflatten";
      break;
    case Family::generic: throw Error(ExitCode::internal, "there is no synthesis for no technology");
    case Family::ice40:
      text = fmt::format("synth_ice40 -top {}", top);
      if (options.dsp) text += " -dsp";
      break;
  }
  const bool lattice = family == Family::ecp5 || family == Family::ice40;
  if (options.abc9 && lattice) text += " -abc9";
  if (!options.block_ram) text += " -nobram";
  if (!options.dsp && family != Family::ice40) text += " -nodsp";
  return text;
}

}  // namespace

std::string yosys_script(const SynthDesign& design, const YosysOptions& options, const YosysOutputs& outputs) {
  std::string text;
  // Lattice parts: no pre-adder is inferred, and a wide sum would take a second multiplier
  // (templates/ern_lane_presum.v).
  const bool lattice = design.device.family == Family::ecp5 || design.device.family == Family::ice40;
  for (const std::string& source : design.sources)
    text += fmt::format("read_verilog{} ../{}\n", lattice ? " -DERN_NO_PREADDER" : "", source);
  if (!options.extra_source.empty()) text += fmt::format("read_verilog {}\n", options.extra_source);
  text += synthesis(design.device.family, options, options.top.empty() ? design.top : options.top) + "\n";
  text += fmt::format("tee -q -o {} stat\n", outputs.statistics);
  if (!outputs.json.empty()) text += options.flatten ? "" : "flatten\nopt_clean\n";
  if (!outputs.verilog.empty()) text += fmt::format("write_verilog -noattr {}\n", outputs.verilog);
  if (!outputs.json.empty()) text += fmt::format("write_json {}\n", outputs.json);
  return text;
}

}  // namespace erngen
