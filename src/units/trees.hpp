// Descriptor of the registered trees: ern_readout_mux and ern_adder_tree.
//
// LUTs are counted for six inputs and carry chains, one a bit of an adder; units_test.cpp compares them with Yosys's.
#pragma once

#include <algorithm>

#include "base/bits.hpp"

namespace erngen {

/// Cycles of ern_readout_mux for n words: a first level of 4, further ones of 8.
constexpr int readout_mux_latency(int n) {
  if (n <= 1) return 0;
  int levels = 1;
  for (int left = ceil_div(n, 4); left > 1; left = ceil_div(left, 8)) ++levels;
  return levels;
}

/// Cycles of ern_adder_tree for n terms.
constexpr int adder_tree_latency(int n) { return ceil_log2(n); }

struct Area {
  int lut = 0;
  int ff = 0;
  friend Area operator+(Area a, Area b) { return {a.lut + b.lut, a.ff + b.ff}; }
  friend bool operator==(const Area&, const Area&) = default;
};

/// ern_readout_mux where a LUT chooses among `choice` words, 4 with six inputs, 2 with four (wider ones join them):
/// none for a word that is alone; the selection, of 8, 6 and 3 bits, before each level.
constexpr Area readout_mux_area(int n, int width, int choice = 4) {
  Area area{0, 8};
  for (int left = n, fan = 4, selection = 6; left > 1; left = ceil_div(left, fan), fan = 8, selection -= 3) {
    const int full = left / fan, rest = left % fan;
    const int luts = full * ceil_div(fan, choice) + (rest > 1 ? ceil_div(rest, choice) : 0);
    area = area + Area{luts * width, ceil_div(left, fan) * width + std::max(selection, 0)};
  }
  return area;
}

/// ern_adder_tree.
constexpr Area adder_tree_area(int n, int values, int width, int out_width) {
  Area area;
  for (int left = n, bits = width; left > 1; left = ceil_div(left, 2)) {
    bits = bits < out_width ? bits + 1 : out_width;
    area = area + Area{left / 2 * values * bits, ceil_div(left, 2) * values * bits};
  }
  return area;
}

}  // namespace erngen
