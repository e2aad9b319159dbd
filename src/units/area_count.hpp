// Quantities of area that several templates are counted by.
#pragma once

#include <algorithm>

#include "units/cell.hpp"

namespace erngen {

/// Delay lines, ern_delay and ern_valid_delay: up to two cycles, or with a reset, registers; else a shift register a
/// bit where LUTs have them, which on Lattice parts they do not.
struct Delays {
  double registers = 0, lines = 0, line_bits = 0;
  void line(double width, int depth) {
    if (depth <= 2)
      registers += width * std::max(depth, 0);
    else
      lines += width, line_bits += width * depth;
  }
  /// Registers that the terms of a template count and a level of the pipeline leaves out.
  void leave_out(double bits) { registers -= bits; }
  void valid(double width, int depth) { registers += width * std::max(depth, 0); }
  Delays& operator+=(const Delays& other) {
    registers += other.registers;
    lines += other.lines;
    line_bits += other.line_bits;
    return *this;
  }
};

/// Products and their registers in the elements of the cells: those of ern_multiply_add, or of ern_preactivation.
struct ElementProducts {
  double bits = 0, lut = 0;
  void add(double count, int a, int b) {
    bits += count * (a + b);
    lut += count * product_lut(a, b);
  }
};

}  // namespace erngen
