#include "synth/vivado_script.hpp"

#include <fmt/format.h>

namespace erngen {

std::string vivado_constraints(double clock_mhz) {
  return fmt::format("# The design has one clock; {:g} MHz.\ncreate_clock -name aclk -period {:.3f} [get_ports aclk]\n",
                     clock_mhz, 1000 / clock_mhz);
}

std::string vivado_script(const SynthDesign& design, bool implement, bool activity) {
  std::string text = fmt::format(
      "# Synthesis{} of {} out of context, made by erngen. In the design's directory images:\n"
      "#   vivado -mode batch -source ../synth/vivado/run.tcl\n"
      "set top {}\nset part {}\nset here ../synth/vivado\n\n",
      implement ? " and implementation" : "", design.top, design.top, design.device.part);
  for (const std::string& source : design.sources) text += fmt::format("read_verilog ../{}\n", source);
  text +=
      "read_xdc -mode out_of_context $here/clock.xdc\n\n"
      "synth_design -top $top -part $part -mode out_of_context -flatten_hierarchy rebuilt\n";
  if (implement) text += "opt_design\nplace_design\nphys_opt_design\nroute_design\n";
  text +=
      "\nreport_utilization -file $here/utilization.rpt\n"
      "report_timing_summary -max_paths 10 -file $here/timing.rpt\n";
  if (activity) text += "read_saif $here/activity.saif\n";
  text +=
      "report_power -file $here/power.rpt\n"
      "write_checkpoint -force $here/design.dcp\n";
  return text;
}

}  // namespace erngen
