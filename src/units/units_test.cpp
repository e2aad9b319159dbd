// Unit descriptors: products against the operation counts, areas against synthesis.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <cmath>

#include <doctest/doctest.h>

#include "units/shift_add.hpp"
#include "units/spectral_area.hpp"

using namespace erngen;

TEST_CASE("products of a lane are those of the three-multiplication form, 1.5 k - 1") {
  CHECK(lane_dsp(2) == 2);
  CHECK(lane_dsp(8) == 11);
  CHECK(lane_dsp(16) == 23);
  CHECK(lane_dsp(64) == 95);
}

TEST_CASE("products of a transform: three a rotation, two at an eighth of a turn") {
  CHECK(transform_products(4, 4) == 0);
  CHECK(transform_products(8, 8) == 2);
  CHECK(transform_products(16, 16) == 2 * 2 + 2 + 3 + 3);
  CHECK(transform_products(16, 8) == 2 * 2);
  CHECK(transform_products(16, 24) == transform_products(16, 16));
  for (int words = 16; words <= 64; words *= 2)  // two halves and a stage of words/4 - 1 rotations
    CHECK(transform_products(words, words) == 2 * transform_products(words / 2, words / 2) + 3 * (words / 4 - 1) - 1);
}

TEST_CASE("graphs of shifted additions make the twiddles, three additions deep") {
  for (int n = 1; n < 16; ++n) {
    const AdderGraph graph = adder_graph(n);
    const GraphValues v = graph_values(graph);
    CAPTURE(n);
    CHECK((v.value[graph.c] << graph.shift_c) == twiddle(n, 64).c);
    CHECK((v.value[graph.s] << graph.shift_s) == twiddle(n, 64).s);
    for (int node = 1; node <= graph.count; ++node) {
      const ShiftAdd& sum = graph.nodes[node - 1];
      CHECK(std::max(sum.a, sum.b) < node);
      CHECK(v.value[node] > 0);
      CHECK(v.depth[node] <= 3);
      CHECK(std::max(v.depth[sum.a], v.depth[sum.b]) <= 2);  // what others use lies before the register
    }
  }
  CHECK(adder_graph(8).count == 4);
}

TEST_CASE("latencies grow with the largest used size only") {
  CHECK(fft_latency(8, 0) == 5);
  CHECK(fft_latency(8, 2) == 6);
  CHECK(fft_latency(12, 0) == 5);
  CHECK(ifft_latency(8) == 5);
  CHECK(ifft_latency(12) == 6);
  CHECK(fft_latency(1, 0) == 0);
  CHECK(drain_mux_latency(4) == 1);
  CHECK(drain_mux_latency(32) == 2);
  CHECK(drain_mux_latency(33) == 3);
  CHECK(adder_tree_latency(5) == 3);
}

TEST_CASE("counted areas are near the synthesised ones") {
  // Measured: LUT and SRL together, inverters at carry chains included; flip-flops. Yosys 0.23, synth_xilinx -family xc7.
  const auto near = [](Area counted, int lut, int ff, double tolerance) {
    INFO("counted " << counted.lut << " LUT " << counted.ff << " FF, synthesised " << lut << " LUT " << ff << " FF");
    CHECK(std::fabs(counted.lut - lut) <= tolerance * lut);
    CHECK(std::fabs(counted.ff - ff) <= tolerance * ff);
  };
  near(fft_area(4, 4, 12, 0), 87, 117, 0.20);
  near(fft_area(8, 8, 12, 0), 421, 218, 0.20);
  near(fft_area(8, 8, 16, 0), 537, 278, 0.20);
  near(fft_area(16, 16, 12, 0), 1477, 588, 0.20);
  near(fft_area(8, 12, 12, 0), 664, 240, 0.20);
  near(fft_area(16, 24, 12, 0), 2056, 605, 0.25);
  near(ifft_area(8, 8, 20, 8), 636, 397, 0.20);
  near(ifft_area(16, 16, 20, 16), 2126, 937, 0.20);
  near(lane_area(4, 12), 1, 25, 0.0);
  near(lane_area(8, 12), 1, 75, 0.0);
  near(lane_area(16, 12), 1, 175, 0.0);
  near(column_area(8, 8, 16), 144, 179, 0.25);
  near(column_area(8, 12, 16), 272, 310, 0.05);
  near(recombine_area(8, 8, 36, 20, 1), 372, 545, 0.20);
  near(recombine_area(8, 12, 36, 20, 2), 554, 546, 0.30);
  near(drain_mux_area(4, 36), 36, 50, 0.25);
  near(drain_mux_area(10, 36), 144, 161, 0.1);
  near(adder_tree_area(3, 11, 36, 36), 792, 1188, 0.0);
}
