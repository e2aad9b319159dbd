// Standalone units in Icarus against their integer models, and with faults.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <cstdlib>

#include "base/file.hpp"
#include "base/test_directory.hpp"
#include "cores/unit_core.hpp"

using namespace erngen;

namespace {

bool has_icarus() { return std::system("command -v iverilog >/dev/null 2>&1") == 0; }

UnitVerdict verdict_of(const UnitCore& core, const TestDirectory& directory) {
  write_unit(core, "0.0.0", directory / "unit");
  return simulate_unit(directory / "unit");
}

}  // namespace

TEST_CASE("transforms of every size answer as their models") {
  if (!has_icarus()) return;
  for (const bool inverse : {false, true})
    for (const int size : {2, 4, 8, 16, 64}) {
      CAPTURE(inverse);
      CAPTURE(size);
      const TestDirectory directory;
      const UnitVerdict verdict = verdict_of(transform_core({inverse, size, inverse ? 20 : 12,
                                                             inverse      ? 0
                                                             : size == 16 ? 2
                                                                          : 0,
                                                             80},
                                                            "my_transform"),
                                             directory);
      CHECK(verdict.passed);
      CHECK(verdict.words == 80);
    }
}

TEST_CASE("activation units answer as their models for every input") {
  if (!has_icarus()) return;
  for (const Function function : {Function::sigmoid, Function::tanh})
    for (const Multiplier multiplier : {Multiplier::logic, Multiplier::dsp}) {
      const TestDirectory directory;
      const UnitVerdict verdict =
          verdict_of(activation_core({function, {10, 6}, 8, 1, KindChoice::piecewise, multiplier}, "act"), directory);
      CHECK(verdict.passed);
      CHECK(verdict.words == 1024);
    }
}

TEST_CASE("a fault is found") {
  if (!has_icarus()) return;
  const TestDirectory directory;
  UnitCore core = transform_core({false, 8, 12, 0, 50}, "fft8");
  std::string& expected = core.images[1].second;
  expected[3] = expected[3] == '0' ? '1' : '0';
  const UnitVerdict verdict = verdict_of(core, directory);
  CHECK(!verdict.passed);
  CHECK(verdict.text.find("1 wrong") != std::string::npos);
  core.latency += 1;
  CHECK(!verdict_of(core, directory).passed);
}

TEST_CASE("parameters that no unit has are refused") {
  CHECK_ERROR(transform_core({false, 12, 12, 0, 10}, "x"), ExitCode::usage, "transform size is 12");
  CHECK_ERROR(transform_core({false, 8, 1, 0, 10}, "x"), ExitCode::usage, "word width is 1");
  CHECK_ERROR(transform_core({true, 8, 12, 2, 10}, "x"), ExitCode::usage, "drop is 2");
  CHECK_ERROR(transform_core({false, 8, 12, 0, 0}, "x"), ExitCode::usage, "0 vectors");
  CHECK_ERROR(activation_core({Function::tanh, {18, 14}, 18, 0.5, KindChoice::table, Multiplier::logic}, "x"),
              ExitCode::capacity, "ulp");
}
