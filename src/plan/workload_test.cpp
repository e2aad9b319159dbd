// What a workload says of quantised networks.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "plan/workload.hpp"
#include "ops/gru_after.hpp"
#include "ops/linear.hpp"
#include "ops/lstm.hpp"

#include <algorithm>

#include <doctest/doctest.h>

#include "cell/quantiser.hpp"
#include "cell/test_networks.hpp"

using namespace erngen;

namespace {

QuantNetwork quantised(NetworkShape shape) {
  shape.input = 12;
  shape.hidden = 16;
  return quantise(random_network(shape), random_frames({20, 12}, 3), {}, nullptr);
}

}  // namespace

TEST_CASE("an LSTM with a projection, two block sizes and a dense layer") {
  NetworkShape shape;
  shape.projection = 8;
  shape.peephole = true;
  shape.dense = 4;
  shape.block.all = {4, 4, 4, 2};
  const QuantNetwork network = quantised(shape);
  const Workload work(network);
  CHECK(work.has(lstm_template));
  CHECK(work.has(linear_template));
  CHECK(!work.has(gru_after_template));
  CHECK(work.peephole);
  CHECK(work.max_gates == 4);
  CHECK(work.max_readout() == 4);
  CHECK(work.part_modes == (4 | 2));  // bit 2 is block size 4
  CHECK(work.spectrum_modes[0] == 4);
  CHECK(work.spectrum_modes[1] == 2);  // the projection's vector is read by both
  CHECK(work.second_spectrum());
  for (const auto& phase : network.graph.phases)
    for (const auto& part : phase.parts)
      CHECK(std::count(work.readout_shifts.begin(), work.readout_shifts.end(), work.readout_shift(phase, part)) == 1);
  for (size_t v = 1; v < network.graph.vectors.size(); ++v)
    for (size_t s = 0; s < network.graph.vectors[v].spectra.size(); ++s)
      CHECK((work.guards[s] >> network.graph.vectors[v].spectra[s].guard & 1) == 1);
}

TEST_CASE("a GRU with reset after the product leaves its candidate's sums") {
  NetworkShape shape;
  shape.cell = CellKind::gru;
  shape.reset = Reset::after;
  shape.block.all = {4, 4, 4, 4};
  const QuantNetwork network = quantised(shape);
  const Workload work(network);
  CHECK(work.has(gru_after_template));
  CHECK(work.takes_sums);
  CHECK(work.max_gates == 2);
  CHECK(work.max_readout() == 8);
  CHECK(!work.second_spectrum());
  CHECK(!work.shortcut());
  CHECK(work.output_shift_numbers == std::vector<int>{0, 0, 0});
  // r, z and the candidate: 3 x 4 rows of blocks over 3 columns of x and 4 of h, of 5 products each; transforms of four
  // words have none.
  CHECK(work.multiplications == 3 * 4 * (3 + 4) * 5);
}
