// The integer cell operations against the textbook formulas in real numbers, and by hand at the corners.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "activation/search.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "cell/elementwise.hpp"

using namespace erngen;

namespace {

using Sums = std::vector<std::int64_t>;
using Raw = std::vector<std::int32_t>;

constexpr int count = 2000;

CellFormats wide_formats() {
  return {.activation_width = 16,
          .preactivation_width = 18,
          .preactivation_fraction = 14,
          .sum_fraction = 20,
          .cell_width = 20,
          .cell_fraction = 16,
          .weight_width = 14,
          .peephole_fraction = 11,
          .candidate_fraction = 13};
}

CellUnits units_of(const CellFormats& f) {
  const Format input{f.preactivation_width, f.preactivation_fraction};
  const Format output{f.activation_width, f.activation_width - 1};
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
  for (const bool peephole : {false, true}) {
    for (const Candidate candidate : {Candidate::tanh, Candidate::sigmoid}) {
      Rng rng(peephole ? 1 : 2);
      Sums z[4];
      for (Sums& sums : z) sums = draw_sums(rng, f.sum_fraction, 5.0);
      Raw p[3];
      for (Raw& weights : p) weights = draw_raw(rng, f.peephole_fraction, 0.9);
      const Raw before = draw_raw(rng, f.cell_fraction, 3.0);
      Raw c = before, m(count);
      Peepholes peepholes;
      if (peephole) peepholes = {p[0], p[1], p[2]};
      lstm_step(units, candidate, z[0], z[1], z[2], z[3], peepholes, c, m);

      double worst_c = 0, worst_m = 0;
      for (int n = 0; n < count; ++n) {
        const double previous = real(before[n], f.cell_fraction);
        const auto hole = [&](int gate, double state) {
          return peephole ? real(p[gate][n], f.peephole_fraction) * state : 0.0;
        };
        const auto sum = [&](int gate) { return real(z[gate][n], f.sum_fraction); };
        const double i = sigmoid(sum(0) + hole(0, previous)), forget = sigmoid(sum(1) + hole(1, previous));
        const double g = candidate == Candidate::tanh ? std::tanh(sum(2)) : sigmoid(sum(2));
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
  const Raw previous = draw_raw(rng, one, 0.999);
  Raw s(count), q(count), h_before(count), h_after(count);
  gru_before_gates(units, z_r, z_z, previous, s, q);
  gru_before_output(units, z_x, q, previous, h_before);
  gru_after_step(units, z_r, z_z, z_x, z_h, previous, h_after);

  double worst_s = 0, worst_before = 0, worst_after = 0;
  for (int n = 0; n < count; ++n) {
    const double r = sigmoid(real(z_r[n], f.sum_fraction)), z = sigmoid(real(z_z[n], f.sum_fraction));
    const double h = real(previous[n], one), x = real(z_x[n], f.sum_fraction), u = real(z_h[n], f.sum_fraction);
    worst_s = std::max(worst_s, std::abs(real(s[n], one) - r * h));
    worst_before = std::max(worst_before, std::abs(real(h_before[n], one) - ((1 - z) * std::tanh(x) + z * h)));
    worst_after = std::max(worst_after, std::abs(real(h_after[n], one) - ((1 - z) * std::tanh(x + r * u) + z * h)));
  }
  CHECK(worst_s < 4 * std::ldexp(1.0, -one));
  CHECK(worst_before < 6 * std::ldexp(1.0, -one));
  CHECK(worst_after < 9 * std::ldexp(1.0, -one));
  CHECK(h_before != h_after);
}

TEST_CASE("a state that is updated in place is the same as one that is not") {
  const CellUnits units = units_of(wide_formats());
  Rng rng(4);
  const Sums z = draw_sums(rng, 20, 3.0);
  const Raw q = draw_raw(rng, 15, 0.5), previous = draw_raw(rng, 15, 0.99);
  Raw apart(count), in_place = previous;
  gru_before_output(units, z, q, previous, apart);
  gru_before_output(units, z, q, in_place, in_place);
  CHECK(apart == in_place);
}

TEST_CASE("the cell state saturates and an open GRU gate copies the state") {
  CellFormats f;
  f.cell_width = 13;  // range [-2, 2) at fraction 11
  const CellUnits units = units_of(f);
  const std::int64_t large = std::int64_t{20} << f.sum_fraction;
  Raw c = {4095, -4096}, m(2);
  lstm_step(units, Candidate::tanh, Sums{large, large}, Sums{large, large}, Sums{large, -large}, Sums{large, large}, {},
            c, m);
  CHECK(c == Raw{4095, -4096});
  CHECK(m[0] > 0);
  CHECK(m[1] < 0);

  Raw h = {1234, -2047};
  gru_before_output(units, Sums{0, 0}, Raw{2047, 2047}, h, h);  // q = 1 - 2^-11
  CHECK(h == Raw{1233, -2046});
  gru_before_output(units, Sums{large, -large}, Raw{0, 0}, h, h);
  CHECK(h == Raw{2047, -2047});
}

TEST_CASE("a linear step rounds half up and saturates") {
  CellFormats f;
  f.activation_width = 4;
  Raw y(6);
  linear_step(f, 2, Sums{5, 6, -6, -7, 1000, -1000}, y);
  CHECK(y == Raw{1, 2, -1, -2, 7, -8});
  linear_step(f, -1, Sums{1, 3, 4, -4, -5, 0}, y);
  CHECK(y == Raw{2, 6, 7, -8, -8, 0});
}

TEST_CASE("units of other formats are refused") {
  const CellFormats f = wide_formats();
  const CellUnits units = units_of(f);
  const ActivationUnit other = smallest_unit(Function::sigmoid, {14, 10}, {12, 11});
  const ActivationUnit tanh = smallest_unit(Function::tanh, {18, 14}, {16, 15});
  CHECK_THROWS_AS(CellUnits(f, other, tanh), Error);
  CHECK_THROWS_AS(CellUnits(f, tanh, tanh), Error);
  CellFormats narrow = f;
  narrow.cell_fraction = 14;
  const ActivationUnit sigmoid = smallest_unit(Function::sigmoid, {18, 14}, {16, 15});
  CHECK_THROWS_AS(CellUnits(narrow, sigmoid, tanh), Error);
}
