// The power model's arithmetic, against sums by hand, and how it grows.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "plan/power.hpp"

#include <doctest/doctest.h>

using namespace erngen;

namespace {

constexpr PowerCounts design{.dsp = 100, .lut = 10000, .ff = 20000, .bram36 = 30, .busy = 0.5, .clock_mhz = 200};

Power power_of(const PowerCounts& counts, Family family = Family::series7, int device_lut = 63400) {
  return estimate_power(counts, family, device_lut).value();
}

}  // namespace

TEST_CASE("the parts are counts times energies") {
  const Power p = power_of(design);
  // 30 blocks at 24.3 pJ a clock and 200 MHz; 20,000 registers at 0.048 pJ; 63,400 LUTs at 1.5 uW.
  CHECK(p.block_ram.typical == doctest::Approx(30 * 24.3e-12 * 200e6));
  CHECK(p.clock.typical == doctest::Approx(20000 * 0.048e-12 * 200e6));
  CHECK(p.leakage.typical == doctest::Approx(63400 * 1.5e-6));
  const Estimate total = p.total();
  CHECK(total.typical == doctest::Approx(p.leakage.typical + p.clock.typical + p.logic.typical + p.registers.typical +
                                         p.dsp.typical + p.block_ram.typical));
  CHECK(total.low < total.typical);
  CHECK(total.typical < total.high);
  CHECK(p.energy_uj(1e6) == doctest::Approx(total.typical));
  CHECK(p.frames_per_second_per_watt(1e6) == doctest::Approx(1e6 / total.typical));
}

TEST_CASE("reports that the model was made of lie within its bounds") {
  // Of the two designs, what does not depend on toggles; and leakage.
  const Power a = power_of({.dsp = 16, .lut = 7683, .ff = 3778, .bram36 = 9.5, .busy = 0, .clock_mhz = 50});
  CHECK(a.clock.low <= 0.008);
  CHECK(a.clock.high >= 0.0079);
  CHECK(a.block_ram.low <= 0.00801);
  const Power b = power_of({.dsp = 32, .lut = 14783, .ff = 20291, .bram36 = 49.5, .busy = 0, .clock_mhz = 50});
  CHECK(b.clock.high >= 0.0547);
  CHECK(b.block_ram.high >= 0.0870);
  CHECK(power_of({}, Family::series7, 63400).total().low < 0.084);
  CHECK(power_of({}, Family::series7, 63400).total().high > 0.101);
  CHECK(power_of({}, Family::ultrascale, 663360).total().typical == doctest::Approx(1.27).epsilon(0.02));
}

TEST_CASE("more of anything, a higher clock and a busier array take more power") {
  const double before = power_of(design).total().typical;
  const auto more = [&](auto change) {
    PowerCounts counts = design;
    change(counts);
    CHECK(power_of(counts).total().typical > before);
    CHECK(power_of(counts).total().low > power_of(design).total().low);
    CHECK(power_of(counts).total().high > power_of(design).total().high);
  };
  more([](PowerCounts& n) { n.dsp += 1; });
  more([](PowerCounts& n) { n.lut += 1; });
  more([](PowerCounts& n) { n.ff += 1; });
  more([](PowerCounts& n) { n.bram36 += 0.5; });
  more([](PowerCounts& n) { n.busy += 0.01; });
  more([](PowerCounts& n) { n.clock_mhz += 1; });
  CHECK(power_of(design, Family::series7, 134600).total().typical > before);
}

TEST_CASE("toggles lie between those of an idle and of a busy array") {
  const auto at = [](double busy) {
    PowerCounts counts = design;
    counts.busy = busy;
    return power_of(counts);
  };
  for (const auto part : {&Power::logic, &Power::registers, &Power::dsp}) {
    CHECK((at(0.5).*part).typical == doctest::Approx(((at(0).*part).typical + (at(1).*part).typical) / 2));
    CHECK((at(0).*part).low < (at(1).*part).low);
    CHECK((at(0).*part).high < (at(1).*part).high);
  }
  CHECK(at(0).block_ram.typical == at(1).block_ram.typical);
}

TEST_CASE("smaller nodes switch with less energy, and less is known of them") {
  const Power old = power_of(design), young = power_of(design, Family::ultrascale_plus);
  CHECK(young.dsp.typical < old.dsp.typical);
  CHECK(young.dsp.high / young.dsp.low > old.dsp.high / old.dsp.low);
  CHECK_FALSE(estimate_power(design, Family::ecp5, 43848));
  CHECK_FALSE(estimate_power(design, Family::ice40, 5280));
}
