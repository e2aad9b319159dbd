// Packed spectra against FFTW and against the dense circulant product.
#include "spectral/packing.hpp"

#include <array>
#include <cmath>
#include <complex>

#include <doctest/doctest.h>
#include <fftw3.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "spectral/fftw_oracle.hpp"

using namespace erngen;

TEST_CASE("packed spectra equal FFTW's r2hc") {
  Rng rng(1);
  for (int k = 1; k <= 64; k *= 2)
    for (int trial = 0; trial < 20; ++trial) {
      std::array<double, 64> x{}, packed{}, back{};
      for (int n = 0; n < k; ++n) x[n] = rng.uniform(-1, 1);
      packed_spectrum(x.data(), packed.data(), k);
      const auto expected = fftw_packed_spectrum(x.data(), k);
      inverse_packed_spectrum(packed.data(), back.data(), k);
      for (int n = 0; n < k; ++n) {
        CHECK(std::fabs(packed[n] - expected[n]) < 1e-14 * k);
        CHECK(std::fabs(back[n] - x[n]) < 1e-15 * k);
      }
    }
}

TEST_CASE("products of spectra are circulant products, first column") {
  Rng rng(2);
  for (int k = 1; k <= 64; k *= 2) {
    std::array<double, 64> w{}, x{}, product{};
    for (int n = 0; n < k; ++n) w[n] = rng.uniform(-1, 1), x[n] = rng.uniform(-1, 1);
    std::array<double, 64> spectrum_w{}, spectrum_x{};
    packed_spectrum(w.data(), spectrum_w.data(), k);
    packed_spectrum(x.data(), spectrum_x.data(), k);
    accumulate_packed_product(spectrum_w.data(), spectrum_x.data(), product.data(), k);
    inverse_packed_spectrum(product.data(), product.data(), k);
    for (int r = 0; r < k; ++r) {
      double dense = 0;
      for (int c = 0; c < k; ++c) dense += w[(r - c + k) % k] * x[c];
      CHECK(std::fabs(product[r] - dense) < 1e-14 * k);
    }
  }
}

TEST_CASE("pairs of a packed row") {
  CHECK_FALSE(is_complex_pair(0, 8));
  CHECK(is_complex_pair(3, 8));
  CHECK_FALSE(is_complex_pair(4, 8));
  CHECK_FALSE(is_complex_pair(1, 2));
  CHECK_FALSE(is_complex_pair(3, 1));
  CHECK(is_complex_pair(1, 4));
  CHECK_FALSE(is_complex_pair(2, 4));
}

TEST_CASE("bad sizes are rejected") {
  std::array<double, 64> x{};
  for (int k : {0, -1, 3, 12, 65, 128}) {
    CHECK_THROWS_AS(packed_spectrum(x.data(), x.data(), k), Error);
    CHECK_THROWS_AS(inverse_packed_spectrum(x.data(), x.data(), k), Error);
  }
}
