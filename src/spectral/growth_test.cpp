// The widths of docs/reference/arithmetic.md: no word of any stage leaves its bits, for any input.
//
// Without rounding a stage's word is a linear form of the inputs, so its extremes over all inputs of w bits
// are reached at inputs that are each at one end of the range: max = sum over |coefficients| with the right
// ends. The coefficients come from unit vectors through the real-valued flow. Rounding adds at most the
// error that `rounding` tracks. Then the worst input of every word is run through the integers as well.
#include <array>
#include <cmath>
#include <vector>

#include <doctest/doctest.h>

#include "base/bits.hpp"
#include "spectral/fixed_rotate.hpp"
#include "spectral/real_flow.hpp"

using namespace erngen;

namespace {

template <int direction>
struct Exact {
  std::pair<double, double> operator()(double re, double im, int b, int m) const {
    const double c = cos_turn(b, m), s = direction * sin_turn(b, m);
    return {re * c - im * s, re * s + im * c};
  }
};

/// A bound on the accumulated error of a word: |error| <= e. Additions add bounds.
struct ErrorBound {
  double e = 0;
  friend ErrorBound operator+(ErrorBound a, ErrorBound b) { return {a.e + b.e}; }
  friend ErrorBound operator-(ErrorBound a, ErrorBound b) { return {a.e + b.e}; }
  ErrorBound operator-() const { return *this; }
};

/// Turns both bounds and adds the rounding (1/2) and the constants' error, 2^-16 (|re| + |im|) <= 2^-16 * 2 limit.
struct TurnError {
  double limit;
  std::pair<ErrorBound, ErrorBound> operator()(ErrorBound re, ErrorBound im, int b, int m) const {
    const double c = cos_turn(b, m), s = sin_turn(b, m), own = 0.5 + limit * 0x1p-15;
    return {{c * re.e + s * im.e + own}, {s * re.e + c * im.e + own}};
  }
};

/// The words after each stage, stage by stage, of a transform of K words.
template <int K, bool forward, class T, class Rotate>
std::vector<std::array<T, K>> stages(const std::array<T, K>& x, const Rotate& rotate) {
  std::vector<std::array<T, K>> result;
  std::array<T, K> now{};
  for (int n = 0; n < K; ++n) now[n] = forward ? x[flow::bit_reverse(n, K)] : x[n];
  const auto stage = [&]<int M>() {
    std::array<T, K> next{};
    if constexpr (forward)
      flow::forward_groups<K, M>(now.data(), next.data(), rotate);
    else
      flow::inverse_groups<K, M>(now.data(), next.data(), rotate);
    result.push_back(now = next);
  };
  [&]<int... E>(std::integer_sequence<int, E...>) { (stage.template operator()<(forward ? 2 << E : K >> E)>(), ...); }
  (std::make_integer_sequence<int, log2_exact(K)>{});
  return result;
}

/// Checks a transform of K words of `width` bits; stage s (from 0) has width + s + 1 bits, one more if inverse.
template <int K, bool forward>
void check_growth(int width) {
  const double low = -std::ldexp(1.0, width - 1), high = -low - 1;
  const auto stage_width = [&](size_t s) { return width + static_cast<int>(s) + (forward ? 1 : 2); };
  const int direction = forward ? -1 : 1;

  std::vector<std::vector<std::array<double, K>>> responses;  // [input][stage][word]
  for (int n = 0; n < K; ++n) {
    std::array<double, K> unit{};
    unit[n] = 1;
    responses.push_back(stages<K, forward>(unit, Exact<direction>{}));
  }
  // Limit of any component that is rotated: the output range of the last stage.
  const double limit = std::ldexp(1.0, stage_width(log2_exact(K) - 1));
  const auto errors = stages<K, forward>(std::array<ErrorBound, K>{}, TurnError{limit});

  for (size_t s = 0; s < errors.size(); ++s)
    for (int word = 0; word < K; ++word) {
      double most = 0, least = 0;
      std::array<std::int64_t, K> worst_high{}, worst_low{};
      for (int n = 0; n < K; ++n) {
        const double c = responses[n][s][word];
        most += c > 0 ? c * high : c * low;
        least += c > 0 ? c * low : c * high;
        worst_high[n] = static_cast<std::int64_t>(c > 0 ? high : low);
        worst_low[n] = static_cast<std::int64_t>(c > 0 ? low : high);
      }
      INFO("K " << K << " forward " << forward << " width " << width << " stage " << s << " word " << word);
      CHECK(most + errors[s][word].e <= std::ldexp(1.0, stage_width(s) - 1) - 1);
      CHECK(least - errors[s][word].e >= -std::ldexp(1.0, stage_width(s) - 1));

      for (const auto& input : {worst_high, worst_low}) {
        std::vector<std::array<std::int64_t, K>> integers;
        if constexpr (forward)
          integers = stages<K, forward>(input, ForwardRotation{});
        else
          integers = stages<K, forward>(input, InverseRotation{});
        for (size_t at = 0; at < integers.size(); ++at)
          for (int w = 0; w < K; ++w) CHECK(saturate(integers[at][w], stage_width(at)) == integers[at][w]);
      }
    }
}

template <int K>
void check_both() {
  for (int width : {4, 5, 8, 12, 16, 18, 24}) {
    check_growth<K, true>(width);
    check_growth<K, false>(width);
  }
}

}  // namespace

TEST_CASE("no stage can overflow: 2, 4, 8 words") { check_both<2>(), check_both<4>(), check_both<8>(); }
TEST_CASE("no stage can overflow: 16 words") { check_both<16>(); }
TEST_CASE("no stage can overflow: 32 words") { check_both<32>(); }
TEST_CASE("no stage can overflow: 64 words") { check_both<64>(); }

TEST_CASE("exhaustive: every input of 4 words of 4 bits, forward and inverse") {
  for (int code = 0; code < 1 << 16; ++code) {
    std::array<std::int64_t, 4> x{};
    for (int n = 0; n < 4; ++n) x[n] = ((code >> (4 * n)) & 15) - 8;
    const auto up = stages<4, true>(x, ForwardRotation{});
    const auto down = stages<4, false>(x, InverseRotation{});
    for (size_t s = 0; s < 2; ++s)
      for (int w = 0; w < 4; ++w) {
        REQUIRE(saturate(up[s][w], 5 + static_cast<int>(s)) == up[s][w]);
        REQUIRE(saturate(down[s][w], 6 + static_cast<int>(s)) == down[s][w]);
      }
  }
}
