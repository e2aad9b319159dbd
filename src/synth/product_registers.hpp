// Registers beside products, moved into the multipliers of the ECP5.
#pragma once

#include "base/json.hpp"

namespace erngen {

/// How many multipliers a netlist has, and how many of them got the registers of their operands and results.
struct ProductRegisters {
  int multipliers = 0, operands = 0, results = 0;
};

/// A MULT18X18D has registers at its operands and at its result (Lattice FPGA-TN-02205, sysDSP), which Yosys leaves
/// outside: a product then lies between two routed nets. In `netlist`, what Yosys's write_json wrote of an ECP5 design,
/// an operand whose bits are flip-flops, 0 or nothing reads what these read, and the product's register becomes the
/// multiplier's own. Only flip-flops of one clock without enable and reset, from 0 on, are moved, so that every net
/// keeps its value in every cycle; those that something else reads stay beside, and a multiplier that has registers
/// stays as it is. Throws Error(bad_input) starting with `what` for a netlist of another form.
ProductRegisters move_product_registers(Json& netlist, const std::string& what);

}  // namespace erngen
