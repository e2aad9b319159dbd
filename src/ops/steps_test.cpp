// The integer cell operations against the textbook formulas in real numbers, and by hand at the corners.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "activation/search.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "fixed/number_formats.hpp"
#include "ops/gru_after.hpp"
#include "ops/gru_before.hpp"
#include "ops/linear.hpp"
#include "ops/lstm.hpp"
#include "ops/nonlinear.hpp"

using namespace erngen;

namespace {

using Sums = std::vector<std::int64_t>;
using Raw = std::vector<std::int32_t>;

constexpr int count = 2000;

CellFormats wide_formats() {
  return {.activation_width = 16,
          .gate_width = 17,
          .preactivation_width = 18,
          .preactivation_fraction = 14,
          .sum_fraction = 20,
          .cell_width = 22,
          .cell_fraction = 18,
          .state_width = 21,
          .weight_width = 14,
          .peephole_fraction = 11,
          .candidate_width = 18,
          .candidate_fraction = 13};
}

/// All of A bits, as networks of version 1 have them.
CellFormats plain_formats() {
  CellFormats f;
  f.gate_width = f.state_width = f.activation_width;
  return f;
}

CellUnits units_of(const CellFormats& f) {
  const Format input{f.preactivation_width, f.preactivation_fraction};
  const Format output{f.gate_width, f.gate_fraction()};
  return {f, smallest_unit(Function::sigmoid, input, output), smallest_unit(Function::tanh, input, output)};
}

double real(std::int64_t raw, int fraction) { return std::ldexp(static_cast<double>(raw), -fraction); }
double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

/// Sums of |value| < `limit`.
Sums draw_sums(Rng& rng, int fraction, double limit) {
  Sums z(count);
  for (auto& v : z) v = static_cast<std::int64_t>(std::ldexp(rng.uniform(-limit, limit), fraction));
  return z;
}

Raw draw_raw(Rng& rng, int fraction, double limit) {
  const Sums wide = draw_sums(rng, fraction, limit);
  return Raw(wide.begin(), wide.end());
}

}  // namespace

TEST_CASE("an LSTM step is the real LSTM within its rounding") {
  const CellFormats f = wide_formats();
  const CellUnits units = units_of(f);
  const int one = f.activation_width - 1;
  CellSaturations saturations;
  for (const bool peephole : {false, true}) {
    for (const Activation candidate : {Nonlinearity::tanh, Nonlinearity::sigmoid}) {
      Rng rng(peephole ? 1 : 2);
      Sums z[4];
      for (Sums& sums : z) sums = draw_sums(rng, f.sum_fraction, 5.0);
      Raw p[3];
      for (Raw& weights : p) weights = draw_raw(rng, f.peephole_fraction, 0.9);
      const Raw before = draw_raw(rng, f.cell_fraction, 3.0);
      Raw c = before, m(count);
      Peepholes peepholes;
      if (peephole) peepholes = {p[0], p[1], p[2]};
      lstm_step(units, candidate, Nonlinearity::tanh, z[0], z[1], z[2], z[3], peepholes, c, one, m, saturations);

      double worst_c = 0, worst_m = 0;
      for (int n = 0; n < count; ++n) {
        const double previous = real(before[n], f.cell_fraction);
        const auto hole = [&](int gate, double state) {
          return peephole ? real(p[gate][n], f.peephole_fraction) * state : 0.0;
        };
        const auto sum = [&](int gate) { return real(z[gate][n], f.sum_fraction); };
        const double i = sigmoid(sum(0) + hole(0, previous)), forget = sigmoid(sum(1) + hole(1, previous));
        const double g = candidate == Nonlinearity::tanh ? std::tanh(sum(2)) : sigmoid(sum(2));
        const double cell = forget * previous + i * g;
        const double o = sigmoid(sum(3) + hole(2, cell));
        worst_c = std::max(worst_c, std::abs(real(c[n], f.cell_fraction) - cell));
        worst_m = std::max(worst_m, std::abs(real(m[n], one) - o * std::tanh(cell)));
      }
      // Gates are off by 1 ulp (2^-15) and half an lsb of their argument times the slope; c multiplies one by |c'| < 3.
      CHECK(worst_c < 8 * std::ldexp(1.0, -one));
      CHECK(worst_m < 10 * std::ldexp(1.0, -one));
      CHECK(worst_c > 0);
    }
  }
}

TEST_CASE("GRU steps are the real GRUs within their rounding, and the two resets differ") {
  const CellFormats f = wide_formats();
  const CellUnits units = units_of(f);
  const int one = f.activation_width - 1;
  Rng rng(3);
  const Sums z_r = draw_sums(rng, f.sum_fraction, 4.0), z_z = draw_sums(rng, f.sum_fraction, 4.0);
  const Sums z_x = draw_sums(rng, f.sum_fraction, 2.0), z_h = draw_sums(rng, f.sum_fraction, 2.0);
  const Raw previous = draw_raw(rng, f.state_fraction(), 0.999);
  Raw s(count), q(count), h_before(count), h_after(count), state_before = previous, state_after = previous;
  CellSaturations saturations;
  gru_before_gates(units, z_r, z_z, previous, one, s, q, saturations);
  gru_before_output(units, Nonlinearity::tanh, z_x, q, state_before, one, h_before, saturations);
  gru_after_step(units, Nonlinearity::tanh, z_r, z_z, z_x, z_h, state_after, one, h_after, saturations);

  double worst_s = 0, worst_before = 0, worst_after = 0, worst_state = 0;
  for (int n = 0; n < count; ++n) {
    const double r = sigmoid(real(z_r[n], f.sum_fraction)), z = sigmoid(real(z_z[n], f.sum_fraction));
    const double h = real(previous[n], f.state_fraction()), x = real(z_x[n], f.sum_fraction),
                 u = real(z_h[n], f.sum_fraction);
    worst_s = std::max(worst_s, std::abs(real(s[n], one) - r * h));
    const double expected = (1 - z) * std::tanh(x) + z * h;
    worst_before = std::max(worst_before, std::abs(real(h_before[n], one) - expected));
    worst_state = std::max(worst_state, std::abs(real(state_before[n], f.state_fraction()) - expected));
    worst_after = std::max(worst_after, std::abs(real(h_after[n], one) - ((1 - z) * std::tanh(x + r * u) + z * h)));
  }
  CHECK(worst_s < 4 * std::ldexp(1.0, -one));
  CHECK(worst_before < 6 * std::ldexp(1.0, -one));
  CHECK(worst_after < 9 * std::ldexp(1.0, -one));
  CHECK(worst_state < worst_before);
  CHECK(h_before != h_after);
}

TEST_CASE("a GRU's state moves by less than an lsb of the vector that matrices read, and that vector is its rounding") {
  CellFormats f = plain_formats();
  f.state_width = 20;
  const CellUnits units = units_of(f);
  // q = 1 - 2^-11, n = 2047/2048: each step brings the state 2^-11 of the way.
  const std::int64_t large = std::int64_t{20} << f.sum_fraction;
  Raw state = {0}, h = {0};
  CellSaturations saturations;
  double real_state = 0;
  for (int t = 0; t < 500; ++t) {
    gru_before_output(units, Nonlinearity::tanh, Sums{large}, Raw{2047}, state, 11, h, saturations);
    real_state += std::ldexp(std::ldexp(2047.0, -11) - real_state, -11);
    CHECK(h[0] == round_shift(state[0], 8));
  }
  CHECK(std::abs(real(state[0], 19) - real_state) < 500 * std::ldexp(0.5, -19));
  CHECK(state[0] > 100000);
  // A finer vector saturates where its range ends.
  CHECK(state_output(f, state[0], 15, saturations.output) == 2047);
  CHECK(state_output(f, -state[0], 15, saturations.output) == -2048);
  CHECK(state_output(f, 1000, 15, saturations.output) == 63);  // 1000 / 16, rounded half up
  CHECK(saturations.output.saturated == 2);
}

TEST_CASE("the cell state saturates and an open GRU gate copies the state") {
  CellFormats f = plain_formats();
  f.cell_width = 13;  // range [-2, 2) at fraction 11
  const CellUnits units = units_of(f);
  const std::int64_t large = std::int64_t{20} << f.sum_fraction;
  Raw c = {4095, -4096}, m(2);
  CellSaturations saturations;
  lstm_step(units, Nonlinearity::tanh, Nonlinearity::tanh, Sums{large, large}, Sums{large, large}, Sums{large, -large},
            Sums{large, large}, {}, c, 11, m, saturations);
  CHECK(c == Raw{4095, -4096});
  CHECK(m[0] > 0);
  CHECK(m[1] < 0);
  CHECK(saturations.cell.saturated == 2);
  CHECK(saturations.cell.values == 2);
  CHECK(saturations.preactivation[0].saturated == 2);
  CHECK(saturations.output.saturated == 0);

  Raw state = {1234, -2047}, h(2);
  gru_before_output(units, Nonlinearity::tanh, Sums{0, 0}, Raw{2047, 2047}, state, 11, h,
                    saturations);  // q = 1 - 2^-11
  CHECK(state == Raw{1233, -2046});
  CHECK(h == state);
  gru_before_output(units, Nonlinearity::tanh, Sums{large, -large}, Raw{0, 0}, state, 11, h, saturations);
  CHECK(h == Raw{2047, -2047});
}

TEST_CASE("an LSTM's output takes the fraction of its vector and saturates there") {
  const CellFormats f = plain_formats();
  const CellUnits units = units_of(f);
  CellSaturations saturations;
  // c = 1/8 and o = 1/2: o tanh(c) = 0.0622, in which 15 fraction bits find 3 more than 11 do.
  const Sums zero = {0}, closed = {-(std::int64_t{20} << f.sum_fraction)};
  Raw coarse(1), fine(1), finest(1);
  for (auto [fraction, m] : {std::pair{11, &coarse}, {14, &fine}, {15, &finest}}) {
    Raw c = {512};  // half of it stays
    lstm_step(units, Nonlinearity::tanh, Nonlinearity::tanh, closed, zero, zero, zero, {}, c, fraction, *m,
              saturations);
    CHECK(c[0] == 256);
  }
  const std::int64_t product = 1024 * static_cast<std::int64_t>(std::lround(2048 * std::tanh(0.125)));
  CHECK(coarse[0] == round_shift(product, 11));
  CHECK(fine[0] == round_shift(product, 8));
  CHECK(finest[0] == round_shift(product, 7));
  CHECK(saturations.output.values == 3);
}

TEST_CASE("a linear step rounds half up and saturates") {
  CellFormats f;
  f.activation_width = 4;
  Raw y(6);
  CellSaturations saturations;
  const Limits whole{-8, 7};
  linear_step(f, 2, whole, Sums{5, 6, -6, -7, 1000, -1000}, y, saturations);
  CHECK(y == Raw{1, 2, -1, -2, 7, -8});
  linear_step(f, -1, whole, Sums{1, 3, 4, -4, -5, 0}, y, saturations);
  CHECK(y == Raw{2, 6, 7, -8, -8, 0});
  CHECK(saturations.output.saturated == 4);
  CHECK(saturations.output.values == 12);
}

TEST_CASE("limits of relu and clip are no saturations, the ends of the format are") {
  CellFormats f;
  f.activation_width = 4;
  Raw y(5);
  CellSaturations saturations;
  linear_step(f, 0, {0, 7}, Sums{-100, -1, 3, 7, 100}, y, saturations);
  CHECK(y == Raw{0, 0, 3, 7, 7});
  CHECK(saturations.output.saturated == 1);
  linear_step(f, 0, {-2, 5}, Sums{-100, -2, 5, 6, 100}, y, saturations);
  CHECK(y == Raw{-2, -2, 5, 5, 5});
  CHECK(saturations.output.saturated == 1);
  CHECK(output_limits(Nonlinearity::relu, {4, 1}) == Limits{0, 7});
  CHECK(output_limits({Nonlinearity::clip, -0.5f, 2.5f}, {4, 1}) == Limits{-1, 5});
  CHECK(output_limits({Nonlinearity::clip, 0, 6}, {4, 1}) == Limits{0, 7});  // beyond the format
  CHECK(output_limits({}, {4, 1}) == Limits{-8, 7});
}

TEST_CASE("a nonlinear step is the unit's value, rounded half up") {
  const CellFormats f = wide_formats();
  const Format input{18, 14}, gate{17, 16};
  const CellUnits units(f, smallest_unit(Function::sigmoid, input, gate), smallest_unit(Function::tanh, input, gate));
  const Sums z = {0, 1 << 12, -(1 << 14), 1 << 20, -(1 << 20)};
  Raw fine(5), coarse(5);
  CellSaturations saturations;
  for (const Nonlinearity kind : {Nonlinearity::sigmoid, Nonlinearity::tanh}) {
    nonlinear_step(units, kind, z, 16, fine, saturations);
    nonlinear_step(units, kind, z, f.activation_width - 1, coarse, saturations);
    for (size_t n = 0; n < z.size(); ++n) {
      const double x = std::ldexp(static_cast<double>(z[n]), -f.sum_fraction);
      const double expected = Activation(kind)(x);
      const int shift = 16 - (f.activation_width - 1);
      if (f.activation_width >= 17) CHECK(std::fabs(std::ldexp(fine[n], -16) - expected) < 4e-5);
      CHECK(std::fabs(std::ldexp(coarse[n], 1 - f.activation_width) - expected) <=
            std::ldexp(1.0, 1 - f.activation_width) + 4e-5);
      if (f.activation_width >= 17) CHECK(coarse[n] == saturate(round_shift(fine[n], shift), f.activation_width));
    }
  }
  CHECK(saturations.preactivation[0].values == 20);
}

TEST_CASE("units of other formats are refused") {
  const CellFormats f = wide_formats();
  const Format input{18, 14}, gate{17, 16};
  const ActivationUnit other = smallest_unit(Function::sigmoid, {14, 10}, {12, 11});
  const ActivationUnit sigmoid = smallest_unit(Function::sigmoid, input, gate);
  const ActivationUnit tanh = smallest_unit(Function::tanh, input, gate);
  CHECK_NOTHROW(CellUnits(f, sigmoid, tanh));
  CHECK_THROWS_AS(CellUnits(f, other, tanh), Error);
  CHECK_THROWS_AS(CellUnits(f, tanh, tanh), Error);
  CellFormats narrow = f;
  narrow.cell_fraction = 15;
  CHECK_THROWS_AS(CellUnits(narrow, sigmoid, tanh), Error);
  narrow = f;
  narrow.state_width = 16;
  CHECK_THROWS_AS(CellUnits(narrow, sigmoid, tanh), Error);
}
