// A generated design as other tools take it: FuseSoC core file, IP-XACT component.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"

namespace erngen {

/// What the package files name, all relative to the design's directory.
struct PackageFiles {
  std::vector<std::string> rtl;       ///< the top module last
  std::vector<std::string> images;    ///< images/NAME.hex
  std::vector<std::string> examples;  ///< testbench/example/{tags,inputs,expected}.hex; empty: no sim target
  int example_frames = 0;
  std::string part;          ///< for Vivado
  std::string architecture;  ///< of Yosys, as Edalize calls it: xilinx, ecp5, ice40; empty: no target for synthesis
};

/// CAPI=2, with the targets default, lint (Verilator), sim (Icarus on the example frames) and synth (Yosys).
std::string fusesoc_core(const Json& manifest, const PackageFiles& files);

/// IP-XACT 1685-2009: ports, the AXI4-Stream and AXI4-Lite interfaces by their ports' names, clock and reset,
/// registers, files.
std::string ip_xact_component(const Json& manifest, const PackageFiles& files);

}  // namespace erngen
