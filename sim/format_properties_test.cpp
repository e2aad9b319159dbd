// What number formats promise, on a sample of the study of docs/results/formats.md; the whole of it is
// build/sim/format_study.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <cmath>
#include <map>

#include "cell/format_trials.hpp"
#include "ops/lowering.hpp"
#include "study_networks.hpp"

using namespace erngen;

namespace {

/// SQNR of the outputs in decibels with the formats that quantise() takes, for widths of both or of activations alone.
struct Measured {
  std::map<int, double> both, eight;
};

Measured measure(const StudyCase& c) {
  static UnitCache units;
  QuantiseOptions options;
  options.units = &units;
  const Sequences x(c.x);
  FormatTrials trials(c.network, x, options);
  const auto output_sqnr = [&](const Widths& widths) { return trials.output_sqnr(trials.choose(widths)); };
  Measured result;
  for (int bits = 8; bits <= 18; ++bits) {
    result.both[bits] = output_sqnr({bits, bits});
    result.eight[bits] = output_sqnr({8, bits});
  }
  return result;
}

/// No bit more loses more than half a decibel.
void require_no_loss(const std::map<int, double>& sqnr) {
  for (int bits = 9; bits <= 18; ++bits) {
    CAPTURE(bits);
    CHECK(sqnr.at(bits) >= sqnr.at(bits - 1) - 0.5);
  }
}

}  // namespace

TEST_CASE("where rounding errors cancel at one width and not at the next, fewer bits are taken") {
  for (const int seed : {65, 163, 170}) {  // of exact widths, one bit more loses 9.5, 6.4 and 11.3 dB somewhere
    const StudyCase c = study_case(static_cast<std::uint64_t>(seed), 200);
    CAPTURE(c.name);
    const Measured measured = measure(c);
    require_no_loss(measured.both);
    require_no_loss(measured.eight);
  }
}

TEST_CASE("the SQNR follows the bits: 5 dB a bit, no bit that harms, no less than an 18-bit spectrum leaves") {
  for (const int seed : {2, 76, 78, 80}) {  // reset before, reset after; an LSTM with k = 1; a projection with k = 16
    const StudyCase c = study_case(static_cast<std::uint64_t>(seed), 200);
    CAPTURE(c.name);
    const int block = lower(c.network).max_block(), whole = 18 - log2_exact(block);
    auto [both, eight] = measure(c);
    CHECK((both[whole] - both[12]) / (whole - 12) >= 5);
    require_no_loss(both);
    require_no_loss(eight);
    for (int bits = whole + 1; bits <= 18; ++bits) {  // docs/results/formats.md, "What an 18-bit spectrum sets"
      CAPTURE(bits);
      const double dropped = (2 - 2.0 / block) / block;
      CHECK(both[bits] >= both[whole] - 10 * std::log10(std::pow(4.0, whole - bits) + dropped) - 2);
    }
  }
}
