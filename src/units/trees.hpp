// Descriptor of the registered trees: ern_readout_mux and ern_adder_tree.
//
// LUTs are counted for six inputs and carry chains, one a bit of an adder; units_test.cpp compares them with Yosys's.
#pragma once

#include <algorithm>

#include "base/bits.hpp"
#include "units/pipeline.hpp"

namespace erngen {

/// Cycles of ern_readout_mux for n words: a first level of 4 (Pipeline::choice), further ones of 8.
constexpr int readout_mux_latency(int n, const Pipeline& pipeline = {}) {
  if (n <= 1) return 0;
  int levels = 1;
  for (int left = ceil_div(n, pipeline.choice); left > 1; left = ceil_div(left, 8)) ++levels;
  return levels;
}

/// Cycles of ern_adder_tree for n terms.
constexpr int adder_tree_latency(int n, const Pipeline& pipeline = {}) {
  return ceil_div(ceil_log2(n), pipeline.additions);
}

struct Area {
  int lut = 0;
  int ff = 0;
  friend Area operator+(Area a, Area b) { return {a.lut + b.lut, a.ff + b.ff}; }
  friend bool operator==(const Area&, const Area&) = default;
};

/// ern_readout_mux where a LUT chooses among `choice` words, 4 with six inputs, 2 with four (wider ones join them):
/// none for a word that is alone; the selection, of 8, 6 and 3 bits, before each level. A first level of 8 words takes
/// what Yosys 0.23 makes of it, for 5 words as much as for 16.
constexpr Area readout_mux_area(int n, int width, int choice = 4, const Pipeline& pipeline = {}) {
  constexpr int of_eight[] = {0, 0, 1, 1, 1, 4, 2, 3, 3};
  Area area{0, 8};
  for (int left = n, fan = pipeline.choice, selection = fan == 4 ? 6 : 5; left > 1;
       left = ceil_div(left, fan), fan = 8, selection -= 3) {
    const int full = left / fan, rest = left % fan;
    const bool measured = left == n && fan == 8 && choice == 4;
    const int luts = measured ? full * of_eight[8] + of_eight[rest]
                              : full * ceil_div(fan, choice) + (rest > 1 ? ceil_div(rest, choice) : 0);
    area = area + Area{luts * width, ceil_div(left, fan) * width + std::max(selection, 0)};
  }
  return area;
}

/// ern_adder_tree. Yosys adds several words in one cycle without carry chains between them: 1475 LUTs for 7 words of 34
/// bits, 5 sums, where the chains have 1050.
constexpr Area adder_tree_area(int n, int values, int width, int out_width, const Pipeline& pipeline = {}) {
  Area area;
  int below = ceil_log2(n);  // levels that follow
  for (int left = n, bits = width; left > 1; left = ceil_div(left, 2)) {
    bits = bits < out_width ? bits + 1 : out_width;
    const bool registered = --below % pipeline.additions == 0;
    const int additions = left / 2 * values * bits;
    area = area + Area{pipeline.additions > 1 && n > 2 ? additions * 7 / 5 : additions,
                       registered ? ceil_div(left, 2) * values * bits : 0};
  }
  return area;
}

}  // namespace erngen
