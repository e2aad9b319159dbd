// What an activation unit costs on a six-input-LUT FPGA, and how long it takes.
#pragma once

#include "activation/activation.hpp"

namespace erngen {

/// How a piecewise unit multiplies: in LUTs or in a DSP block.
enum class Multiplier { logic, dsp };

struct ActivationCost {
  double lut = 0;  ///< estimate for six-input LUTs, calibrated on Yosys 0.23 synth_xilinx (docs/concepts/activation.md)
  int dsp = 0;
  int bram_bits = 0;  ///< bits of the ROM when it goes to block RAM, else 0
  int latency = 0;    ///< cycles from x_i to y_o

  /// One figure to compare units by: LUTs, with a DSP block as 120 and 18 kbit of block RAM as 150 of them (their
  /// ratio on the XCKU060).
  double area() const;
};

/// Entries beyond which the ROM goes to block RAM, as log2.
constexpr int distributed_address_bits = 8;

/// Cycles of ern_activation: 3, and one more with `extra_stage` (the output register of a block RAM table, or a
/// second stage of a multiplier in logic).
constexpr int activation_latency(bool extra_stage) { return extra_stage ? 4 : 3; }

ActivationCost activation_cost(const ActivationUnit& unit, Multiplier multiplier, bool extra_stage = false);

/// The same from the numbers alone. `entry_width` and `slope_width` in bits.
ActivationCost activation_cost(const ActivationShape& shape, int entry_width, int slope_width, Multiplier multiplier,
                               bool extra_stage);

}  // namespace erngen
