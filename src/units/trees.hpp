// Descriptor of the registered trees: ern_drain_mux and ern_adder_tree.
#pragma once

#include "base/bits.hpp"

namespace erngen {

/// Cycles of ern_drain_mux for n words: a first level of 4, further ones of 8.
constexpr int drain_mux_latency(int n) {
  if (n <= 1) return 0;
  int levels = 1;
  for (int left = ceil_div(n, 4); left > 1; left = ceil_div(left, 8)) ++levels;
  return levels;
}

/// Cycles of ern_adder_tree for n terms.
constexpr int adder_tree_latency(int n) { return ceil_log2(n); }

}  // namespace erngen
