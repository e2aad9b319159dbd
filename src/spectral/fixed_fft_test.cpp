// The integer transforms: distance from FFTW in lsb, round trip, circulant products, bad sizes.
#include "spectral/fixed_fft.hpp"
#include "fixed/exact_double.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include <doctest/doctest.h>

#include "base/bits.hpp"
#include "base/error.hpp"
#include "base/random.hpp"
#include "spectral/fftw_oracle.hpp"
#include "spectral/packing.hpp"
#include "spectral/twiddle.hpp"

using namespace erngen;

namespace {

using Block = std::array<std::int64_t, max_block_size>;

/// Corner values often, else uniform in `width` bits.
std::int64_t draw(Rng& rng, int width) {
  const std::int64_t top = (std::int64_t{1} << (width - 1)) - 1;
  switch (rng.below(6)) {
    case 0: return top;
    case 1: return -top - 1;
    case 2: return rng.between(-1, 1);
    default: return rng.between(-top - 1, top);
  }
}

/// Upper bound of |integer result - exact result| of one forward transform of `width`-bit samples, in lsb.
/// A rotation rounds its result by at most 1/2 in each component; its integer constants are off by at most
/// 1/2 in 2^15 each, which moves a component by at most 2^-16 (|re| + |im|), and |re| + |im| <= sqrt 2 m/2 max.
/// Both errors enter the stages after it, where they are turned (a component can grow by sqrt 2) and added.
double forward_bound(int k, int width) {
  double bound = 0;
  for (int m = 2; m <= k; m *= 2) {
    const double turned = m >= 8 ? 0.5 + std::ldexp(std::sqrt(2.0) * m / 2 * std::ldexp(1.0, width - 1), -16) : 0.0;
    bound = bound + (m >= 8 ? std::sqrt(2.0) : 1.0) * bound + turned;
  }
  return bound;
}

}  // namespace

TEST_CASE("the forward transform stays within its error bound of FFTW") {
  Rng rng(3);
  for (int k = 1; k <= 64; k *= 2)
    for (int width : {4, 8, 12, 16, 18}) {
      double worst = 0;
      for (int trial = 0; trial < 300; ++trial) {
        Block x{}, result{};
        std::array<double, max_block_size> real{};
        for (int n = 0; n < k; ++n) x[n] = draw(rng, width), real[n] = static_cast<double>(x[n]);
        fft_fixed(x.data(), result.data(), k);
        const auto exact = fftw_packed_spectrum(real.data(), k);
        for (int n = 0; n < k; ++n) worst = std::max(worst, std::fabs(static_cast<double>(result[n]) - exact[n]));
      }
      INFO("k " << k << " width " << width << " worst " << worst << " lsb");
      CHECK(worst <= forward_bound(k, width));
      if (width <= 12) CHECK(worst < 6.0);  // the practical figure; constants add 2^-16 of the magnitude
    }
}

TEST_CASE("the inverse undoes the forward transform") {
  Rng rng(4);
  for (int k = 1; k <= 64; k *= 2) {
    double worst = 0;
    for (int trial = 0; trial < 300; ++trial) {
      Block x{}, spectrum{}, back{};
      for (int n = 0; n < k; ++n) x[n] = draw(rng, 12) * 16;  // four guard bits
      fft_fixed(x.data(), spectrum.data(), k);
      ifft_fixed(spectrum.data(), back.data(), k);
      for (int n = 0; n < k; ++n)
        worst = std::max(worst, std::fabs(static_cast<double>(back[n]) / k - static_cast<double>(x[n])));
    }
    INFO("k " << k << " worst " << worst << " lsb of 16 bits");
    CHECK(worst < 4.0);
    if (k <= 4) CHECK(worst == 0.0);
  }
}

TEST_CASE("32-bit and 64-bit transforms are the same, in place too") {
  Rng rng(5);
  for (int k = 1; k <= 64; k *= 2)
    for (int trial = 0; trial < 50; ++trial) {
      Block x{}, wide{}, inverse{};
      std::array<std::int32_t, max_block_size> narrow{}, narrow_inverse{};
      for (int n = 0; n < k; ++n) x[n] = draw(rng, 18), narrow[n] = static_cast<std::int32_t>(x[n]);
      narrow_inverse = narrow;
      fft_fixed(x.data(), wide.data(), k);
      ifft_fixed(x.data(), inverse.data(), k);
      fft_fixed(narrow.data(), narrow.data(), k);
      ifft_fixed(narrow_inverse.data(), narrow_inverse.data(), k);
      CHECK(std::equal(wide.begin(), wide.begin() + k, narrow.begin()));
      CHECK(std::equal(inverse.begin(), inverse.begin() + k, narrow_inverse.begin()));
    }
}

TEST_CASE("transforms of several blocks at a time are the same integers, whatever the instructions") {
  Rng rng(7);
  for (int k = 1; k <= 64; k *= 2)
    for (int trial = 0; trial < 200; ++trial) {
      std::array<Block, lane_count> x{};
      std::array<Lanes, max_block_size> lanes{};
      for (int n = 0; n < k; ++n)
        for (int lane = 0; lane < lane_count; ++lane) {
          x[lane][n] = draw(rng, trial % 2 ? max_lane_transform_width : 18);
          lanes[n][lane] = static_cast<double>(x[lane][n]);
        }
      for (const InstructionSet set : instruction_sets())
        for (const bool inverse : {false, true}) {
          INFO(instruction_set_name(set) << (inverse ? ", inverse" : ", forward"));
          std::array<Lanes, max_block_size> got = lanes;
          (inverse ? static_cast<void (*)(const Lanes*, Lanes*, int, InstructionSet)>(ifft_fixed)
                   : static_cast<void (*)(const Lanes*, Lanes*, int, InstructionSet)>(fft_fixed))(got.data(),
                                                                                                  got.data(), k, set);
          for (int lane = 0; lane < lane_count; ++lane) {
            Block expected = x[lane];
            inverse ? ifft_fixed(expected.data(), expected.data(), k) : fft_fixed(expected.data(), expected.data(), k);
            for (int n = 0; n < k; ++n) REQUIRE(static_cast<std::int64_t>(got[n][lane]) == expected[n]);
          }
        }
    }
}

TEST_CASE("rounding and saturation on exact doubles are those on integers") {
  Rng rng(8);
  for (int trial = 0; trial < 20000; ++trial) {
    const int shift = static_cast<int>(rng.between(-6, 30)), width = static_cast<int>(rng.between(2, 30));
    const std::int64_t v = draw(rng, 49) >> (shift < 0 ? 8 : rng.between(0, 40));
    const std::int64_t tie =
        (v & ~((std::int64_t{1} << std::max(shift, 0)) - 1)) + (shift > 0 ? std::int64_t{1} << (shift - 1) : 0);
    const Lanes got = round_shift(Lanes{static_cast<double>(v), static_cast<double>(tie)}, shift);
    REQUIRE(static_cast<std::int64_t>(got[0]) == round_shift(v, shift));
    REQUIRE(static_cast<std::int64_t>(got[1]) == round_shift(tie, shift));
    REQUIRE(static_cast<std::int64_t>(saturate(got, width)[0]) == saturate(round_shift(v, shift), width));
  }
}

TEST_CASE("circulant products through integer spectra") {
  // Weights and samples of 12 bits; the weight spectrum is exact to half an lsb of 2^-15.
  Rng rng(6);
  for (int k = 1; k <= 64; k *= 2)
    for (int trial = 0; trial < 20; ++trial) {
      std::array<double, max_block_size> w{}, spectrum_w{};
      Block x{}, spectrum_x{}, product{};
      for (int n = 0; n < k; ++n) w[n] = rng.uniform(-1, 1), x[n] = draw(rng, 12);
      packed_spectrum(w.data(), spectrum_w.data(), k);
      Block weights{};
      for (int n = 0; n < k; ++n) weights[n] = std::lround(std::ldexp(spectrum_w[n], 15));
      fft_fixed(x.data(), spectrum_x.data(), k);
      accumulate_packed_product(weights.data(), spectrum_x.data(), product.data(), k);
      ifft_fixed(product.data(), product.data(), k);
      double scale = 0;
      for (int n = 0; n < k; ++n) scale += std::fabs(w[n]) * 2048;
      for (int r = 0; r < k; ++r) {
        double dense = 0;
        for (int c = 0; c < k; ++c) dense += w[(r - c + k) % k] * static_cast<double>(x[c]);
        const double got = std::ldexp(static_cast<double>(product[r]), -15) / k;
        CHECK(std::fabs(got - dense) < 2e-3 * scale + 1e-2);
      }
    }
}

TEST_CASE("bad sizes are rejected") {
  Block x{};
  for (int k : {0, -2, 3, 6, 65, 128}) {
    CHECK_THROWS_AS(fft_fixed(x.data(), x.data(), k), Error);
    CHECK_THROWS_AS(ifft_fixed(x.data(), x.data(), k), Error);
  }
}
