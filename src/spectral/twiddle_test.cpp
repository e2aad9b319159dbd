// Twiddles against the C library, their rounding, and the Verilog literal. Also the main of the spectral tests.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "spectral/twiddle.hpp"

#include <cmath>
#include <numbers>

#include <doctest/doctest.h>

#include "base/error.hpp"

using namespace erngen;

TEST_CASE("cosines agree with the C library") {
  for (int size = 1; size <= 64; size *= 2)
    for (int n = 0; n < 2 * size; ++n) {
      const long double angle = 2 * std::numbers::pi_v<long double> * n / size;
      CHECK(std::fabs(cos_turn(n, size) - std::cos(angle)) < 2e-16L);
      CHECK(std::fabs(sin_turn(n, size) - std::sin(angle)) < 2e-16L);
    }
}

TEST_CASE("integer twiddles are exactly rounded, far from any tie") {
  for (int m = 4; m <= 64; m *= 2)
    for (int b = 0; b <= m / 4; ++b) {
      const long double angle = 2 * std::numbers::pi_v<long double> * b / m;
      const long double c = 32768 * std::cos(angle), s = 32768 * std::sin(angle);
      CHECK(twiddle(b, m).c == std::lround(c));
      CHECK(twiddle(b, m).s == std::lround(s));
      CHECK(std::fabs(std::fabs(c - std::floor(c)) - 0.5L) > 1e-3L);
    }
}

TEST_CASE("the Verilog literal lists C of n/K turn from the low bits up") {
  CHECK(twiddle_parameter(2) == "16'h8000");
  CHECK(twiddle_parameter(4) == "32'h00008000");
  CHECK(twiddle_parameter(8) == "48'h00005a828000");
  CHECK(twiddle_parameter(16) == "80'h000030fc5a8276428000");
  for (int k : {0, 1, 3, 128, -8}) CHECK_THROWS_AS(twiddle_parameter(k), Error);
}
