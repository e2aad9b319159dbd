// Unit descriptors: products against the operation counts, areas against synthesis.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <cmath>

#include <doctest/doctest.h>

#include "units/lane.hpp"
#include "units/shift_add.hpp"
#include "units/transform.hpp"
#include "units/trees.hpp"

using namespace erngen;

TEST_CASE("products of a lane are those of the three-multiplication form, 1.5 k - 1") {
  CHECK(lane_dsp(2) == 2);
  CHECK(lane_dsp(8) == 11);
  CHECK(lane_dsp(16) == 23);
  CHECK(lane_dsp(64) == 95);
}

TEST_CASE(
    "lanes by Winograd's inner product: k a block, or the three-multiplication form's for two; sums fit the narrow "
    "port") {
  CHECK(lane_dsp(8, LaneForm::bins) == 8);
  CHECK(lane_dsp(16, LaneForm::blocks) == 23);
  CHECK(lane_columns(LaneForm::blocks) == 2);
  CHECK(lane_form_fits(LaneForm::bins, 8, 17, 12, 18));
  CHECK_FALSE(lane_form_fits(LaneForm::bins, 8, 18, 12, 18));
  CHECK_FALSE(lane_form_fits(LaneForm::bins, 8, 12, 18, 18));
  CHECK_FALSE(lane_form_fits(LaneForm::bins, 2, 12, 12, 18));  // no complex bin
  CHECK(lane_form_fits(LaneForm::blocks, 2, 16, 12, 18));
  CHECK_FALSE(lane_form_fits(LaneForm::blocks, 8, 17, 12, 18));
  CHECK(lane_accumulator_width(16, 12, 84, LaneForm::bins) == 35);  // 84 2^27 < 2^34
  CHECK(lane_accumulator_width(16, 12, 64, LaneForm::bins) == 35);  // 64 2^27 = 2^33 needs a bit above it
  CHECK(lane_accumulator_width(16, 12, 63, LaneForm::bins) == 34);
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
  CHECK(fft_latency(8, 0, pipeline_of(1)) == 6);
  CHECK(ifft_latency(48, pipeline_of(1)) == 1 + 1 + 4 + 4 + 4 + 1);
  CHECK(fft_latency(4, 0, pipeline_of(1)) == 2);  // no rotation
  CHECK(readout_mux_latency(4) == 1);
  CHECK(readout_mux_latency(32) == 2);
  CHECK(readout_mux_latency(33) == 3);
  CHECK(adder_tree_latency(5) == 3);
}

TEST_CASE("the lowest level takes small stages together, eight words and three levels of additions in a cycle") {
  constexpr Pipeline shallow = pipeline_of(lowest_pipeline);
  CHECK(fft_latency(1, 0, shallow) == 0);
  CHECK(fft_latency(2, 0, shallow) == 1);
  CHECK(fft_latency(4, 0, shallow) == 1);
  CHECK(fft_latency(8, 1, shallow) == 5);
  CHECK(readout_mux_latency(8, shallow) == 1);
  CHECK(readout_mux_latency(9, shallow) == 2);
  CHECK(adder_tree_latency(8, shallow) == 1);
  CHECK(adder_tree_latency(9, shallow) == 2);
  CHECK(lane_latency(lane_pipeline(shallow, LaneForm::plain)) == 2);
  CHECK(lane_latency(lane_pipeline(shallow, LaneForm::bins)) == 4);
}

TEST_CASE("each level of the pipeline has the registers of those before it, level 0 the usual ones") {
  CHECK(pipeline_of(0) == Pipeline{});
  for (int level = lowest_pipeline + 1; level <= highest_pipeline; ++level) {
    const Pipeline &more = pipeline_of(level), &less = pipeline_of(level - 1);
    for (const auto cycles : {&Pipeline::activation, &Pipeline::rotation, &Pipeline::fetch, &Pipeline::lane,
                              &Pipeline::recombination, &Pipeline::small_stages, &Pipeline::addend, &Pipeline::sums})
      CHECK(more.*cycles >= less.*cycles);
    for (const auto joined : {&Pipeline::choice, &Pipeline::additions}) CHECK(more.*joined <= less.*joined);
    CHECK(pipeline_of(level) != pipeline_of(level - 1));
  }
}

TEST_CASE("counted areas are the synthesised ones") {
  // Yosys 0.23, synth_xilinx -family xc7.
  CHECK(readout_mux_area(1, 36) == Area{0, 8});
  CHECK(readout_mux_area(4, 36) == Area{36, 50});
  CHECK(readout_mux_area(10, 36) == Area{144, 161});
  constexpr Pipeline shallow = pipeline_of(lowest_pipeline);
  CHECK(readout_mux_area(5, 34, 4, shallow) == Area{136, 47});
  CHECK(readout_mux_area(6, 34, 4, shallow).lut == 68);
  CHECK(readout_mux_area(8, 34, 4, shallow).lut == 102);
  CHECK(adder_tree_area(3, 11, 36, 36) == Area{792, 1188});
}
