// Rotations without multipliers: products by the twiddles' constants as chains of shifted additions.
//
// For each angle of a 64th turn a graph of additions makes both C x and S x of one word x. Node 0 is x, node n is
// (node a << shift_a) +- (node b << shift_b). The graphs have the fewest nodes of those in which a result is at most
// three additions deep and one that serves others at most two (found by exhaustive search, iterative deepening);
// units_test.cpp checks what they compute. The template is ern_shift_add.v.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <string>
#include <utility>

#include "spectral/twiddle.hpp"

namespace erngen {

struct ShiftAdd {
  int a = 0, shift_a = 0, b = 0, shift_b = 0;
  bool minus = false;
};

/// Both products of one angle: `count` nodes; C x = node c << shift_c, S x = node s << shift_s.
struct AdderGraph {
  int count = 0;
  std::array<ShiftAdd, 7> nodes{};
  int c = 0, shift_c = 0, s = 0, shift_s = 0;
};

namespace detail {

/// Angles of n/64 turns, n = 1 .. 8. Those above an eighth of a turn exchange C and S.
inline constexpr std::array<AdderGraph, 8> eighth_graphs = {{
    {5,
     {{{0, 2, 0, 0, false}, {0, 5, 1, 0, true}, {0, 10, 1, 0, true}, {3, 4, 0, 0, false}, {3, 0, 2, 3, true}}},
     4,
     1,
     5,
     2},
    {6,
     {{{0, 1, 0, 0, false},
       {0, 2, 0, 0, false},
       {0, 8, 2, 0, true},
       {3, 6, 2, 0, false},
       {1, 10, 0, 0, true},
       {5, 1, 3, 0, false}}},
     4,
     1,
     6,
     0},
    {6,
     {{{0, 1, 0, 0, false},
       {0, 2, 0, 0, false},
       {2, 11, 1, 0, true},
       {2, 5, 2, 0, false},
       {4, 7, 3, 0, false},
       {0, 10, 4, 0, false}}},
     5,
     0,
     6,
     3},
    {5,
     {{{0, 4, 0, 0, true}, {1, 4, 0, 0, true}, {1, 6, 0, 0, false}, {3, 4, 2, 0, true}, {0, 12, 3, 0, true}}},
     4,
     1,
     5,
     2},
    {6,
     {{{0, 4, 0, 0, true},
       {0, 5, 0, 0, false},
       {0, 15, 0, 0, false},
       {1, 7, 1, 0, false},
       {3, 0, 4, 1, true},
       {4, 3, 2, 0, true}}},
     5,
     0,
     6,
     0},
    {7,
     {{{0, 1, 0, 0, false},
       {0, 3, 0, 0, false},
       {0, 3, 0, 0, true},
       {2, 6, 3, 0, true},
       {4, 5, 1, 0, true},
       {3, 7, 2, 0, true},
       {6, 4, 4, 0, true}}},
     7,
     1,
     5,
     0},
    {6,
     {{{0, 3, 0, 0, false},
       {0, 9, 1, 0, true},
       {1, 4, 0, 0, false},
       {1, 9, 1, 0, false},
       {2, 4, 4, 0, false},
       {3, 2, 4, 0, false}}},
     5,
     1,
     6,
     2},
    {4, {{{0, 1, 0, 0, false}, {0, 6, 0, 0, false}, {1, 4, 1, 0, true}, {3, 8, 2, 0, false}}}, 4, 1, 4, 1},
}};

}  // namespace detail

/// The graph of n/64 of a turn, 1 <= n <= 15.
constexpr AdderGraph adder_graph(int n) {
  if (n <= 8) return detail::eighth_graphs[n - 1];
  AdderGraph graph = detail::eighth_graphs[15 - n];
  std::swap(graph.c, graph.s);
  std::swap(graph.shift_c, graph.shift_s);
  return graph;
}

/// What a graph's nodes are for x = 1, and how many additions deep.
struct GraphValues {
  std::array<int, 8> value{1};
  std::array<int, 8> depth{0};
};
constexpr GraphValues graph_values(const AdderGraph& graph) {
  GraphValues v;
  for (int n = 1; n <= graph.count; ++n) {
    const ShiftAdd& node = graph.nodes[n - 1];
    const int a = v.value[node.a] << node.shift_a, b = v.value[node.b] << node.shift_b;
    v.value[n] = node.minus ? a - b : a + b;
    v.depth[n] = 1 + (v.depth[node.a] > v.depth[node.b] ? v.depth[node.a] : v.depth[node.b]);
  }
  return v;
}

/// LUTs of one rotation of words of `width` bits by n/64 of a turn: an adder a node for each component, and two sums.
constexpr int rotation_lut(int n, int width) {
  const AdderGraph graph = adder_graph(n);
  const GraphValues v = graph_values(graph);
  int lut = 2 * 2 * (width + 17);  // with the rounding
  for (int node = 1; node <= graph.count; ++node)
    lut += 2 * (width + std::bit_width(static_cast<unsigned>(v.value[node])));
  return lut;
}

/// A graph as ern_shift_add reads it: eight words, the nodes and the results.
constexpr std::array<std::uint32_t, 8> adder_words(const AdderGraph& graph) {
  const GraphValues v = graph_values(graph);
  const auto operand = [](int node, int shift) { return static_cast<std::uint32_t>(node << 5 | shift); };
  std::array<std::uint32_t, 8> words{};
  for (int n = 1; n <= graph.count; ++n) {
    const ShiftAdd& node = graph.nodes[n - 1];
    words[n - 1] = operand(node.b, node.shift_b) | operand(node.a, node.shift_a) << 9 |
                   std::uint32_t{node.minus} << 18 |
                   static_cast<std::uint32_t>(std::bit_width(static_cast<unsigned>(v.value[n]))) << 19 |
                   std::uint32_t{v.depth[n] == 3} << 24;
  }
  words[7] = operand(graph.s, graph.shift_s) | operand(graph.c, graph.shift_c) << 9;
  return words;
}

/// The parameter ADDERS of ern_fft and ern_ifft for K words: element n, at bits [256 n +: 256], is the graph of n/K of
/// a turn, 0 < n < K/4. required: K as for twiddle_parameter.
inline std::string adder_parameter(int K) {
  std::string literal = std::to_string(256 * (K / 4 + 1)) + "'h";
  for (int n = K / 4; n >= 0; --n) {
    const auto words =
        n > 0 && n < K / 4 ? adder_words(adder_graph(n * max_block_size / K)) : std::array<std::uint32_t, 8>{};
    for (int at = 7; at >= 0; --at)
      for (int shift = 28; shift >= 0; shift -= 4) literal += "0123456789abcdef"[words[at] >> shift & 15];
  }
  return literal;
}

}  // namespace erngen
