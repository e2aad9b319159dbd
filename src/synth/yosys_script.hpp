// What Yosys is told to do with a design.
#pragma once

#include <string>

#include "synth/design.hpp"

namespace erngen {

/// Where the flow's files go, relative to DIR/images, in which Yosys runs (memory images are read from there).
struct YosysOutputs {
  std::string statistics;  ///< text of `stat`
  std::string verilog;     ///< mapped netlist; empty: none
  std::string json;        ///< netlist for nextpnr, one flat module; empty: none
};

struct YosysOptions {
  bool flatten = false;   ///< optimise across module boundaries: fewer cells, more time; the iCE40 always is
  bool block_ram = true;  ///< false: memories become LUT RAM and registers, for which Yosys has simulation models
  bool dsp = true;
  bool abc9 = false;         ///< ECP5, iCE40: LUTs by abc9, which knows the delays of cells and of an average wire
  std::string extra_source;  ///< relative to DIR/images; read after the design
  std::string top;           ///< default: the design's
};

/// The commands, one a line. 7 series and both UltraScale families: synth_xilinx -family xc7 -noiopad (the DSP48E1 is a
/// subset of the DSP48E2, and Yosys's own UltraScale mapping leaves accumulators outside); ECP5: synth_ecp5; iCE40:
/// synth_ice40 -dsp; Cyclone V: synth_intel_alm -family cyclonev. Throws Error(internal) for the generic family.
std::string yosys_script(const SynthDesign& design, const YosysOptions& options, const YosysOutputs& outputs);

}  // namespace erngen
