// What number formats promise, on a sample of the study of docs/formats.md; the whole of it is build/sim/format_study.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "cell/format_trials.hpp"
#include "ops/lowering.hpp"
#include "study_networks.hpp"

using namespace erngen;

namespace {

/// SQNR of the outputs in decibels, with the formats that quantise() takes.
double output_sqnr(const StudyCase& c, int weights, int activations) {
  static UnitCache units;
  QuantiseOptions options;
  options.units = &units;
  options.weight_width = weights;
  options.activation_width = activations;
  const Sequences x(c.x);
  FormatTrials trials(c.network, x, options);
  return trials.output_sqnr(trials.search());
}

}  // namespace

TEST_CASE("the SQNR follows the bits: 5 dB a bit, no bit that harms, no less than an 18-bit spectrum leaves") {
  for (const int seed : {2, 76, 78, 80}) {  // reset before, reset after; an LSTM with k = 1; a projection with k = 16
    const StudyCase c = study_case(static_cast<std::uint64_t>(seed), 200);
    CAPTURE(c.name);
    const int block = lower(c.network).max_block(), whole = 18 - log2_exact(block);
    std::map<int, double> both, eight;
    for (int bits = 8; bits <= 18; ++bits) {
      both[bits] = output_sqnr(c, bits, bits);
      eight[bits] = bits == 8 ? both[8] : output_sqnr(c, 8, bits);
    }
    CHECK((both[whole] - both[12]) / (whole - 12) >= 5);
    for (int bits = 9; bits <= 18; ++bits) {
      CAPTURE(bits);
      CHECK(both[bits] >= both[bits - 1] - 0.5);
      CHECK(eight[bits] >= eight[bits - 1] - 0.5);
    }
    for (int bits = whole + 1; bits <= 18; ++bits) {  // docs/formats.md, "What an 18-bit spectrum sets"
      CAPTURE(bits);
      const double dropped = (2 - 2.0 / block) / block;
      CHECK(both[bits] >= both[whole] - 10 * std::log10(std::pow(4.0, whole - bits) + dropped) - 2);
    }
  }
}
