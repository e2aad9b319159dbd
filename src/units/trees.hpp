// Descriptor of the registered trees: ern_drain_mux and ern_adder_tree.
#pragma once

#include "base/bits.hpp"

namespace erngen {

/// Cycles of ern_drain_mux for n words: levels of 6.
constexpr int drain_mux_latency(int n) {
  int levels = 0;
  for (int left = n; left > 1; left = ceil_div(left, 6)) ++levels;
  return levels;
}

/// Cycles of ern_adder_tree for n terms.
constexpr int adder_tree_latency(int n) { return ceil_log2(n); }

}  // namespace erngen
