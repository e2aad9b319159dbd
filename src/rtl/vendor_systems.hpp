// A design in systems of vendors' tools, and in VHDL.
#pragma once

#include <vector>

#include "base/json.hpp"
#include "bench/bench_files.hpp"

namespace erngen {

/// What the scripts say of a design besides its ports.
struct VendorDesign {
  BenchShape shape;
  std::string version;  ///< of the component: "0.1"
  std::string part;     ///< for Vivado; empty: a Zynq-7020
  double clock_mhz = 100;
};

/// vivado/{TOP.tcl, TOP.xdc}: a block design with AXI DMA for Zynq and Zynq UltraScale+.
std::vector<GeneratedFile> vivado_system(const VendorDesign& design);
/// quartus/{TOP.tcl, TOP_hw.tcl, TOP.sdc}: a project, and a component for Platform Designer.
std::vector<GeneratedFile> quartus_system(const VendorDesign& design);
/// vhdl/{TOP_component.vhd, TOP_instance.vhd}: a package with the component, and an entity that instantiates it.
/// Throws Error(usage) for a name that VHDL does not have.
std::vector<GeneratedFile> vhdl_component(const VendorDesign& design);

}  // namespace erngen
