// Widths under those asked for, on made-up networks whose rounding errors cancel where it is said.
#include "cell/best_widths.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace erngen;

namespace {

/// Decibels of a network of which weights and activations add equal errors, with `luck` where errors cancel.
template <class Luck>
Setting choose(const Widths& asked, const Luck& luck, int* searches = nullptr) {
  return best_widths(
      asked, 3,
      [&](const Widths& w) {
        if (searches) ++*searches;
        return Precision{.gate_bits = w.activations};  // so that it is seen to be that of these widths
      },
      [&](const Setting& s) {
        const double noise = std::pow(4.0, -s.widths.weights) + std::pow(4.0, -s.widths.activations);
        return -10 * std::log10(noise) + luck(s.widths);
      });
}

}  // namespace

TEST_CASE("widths stay where fewer bits lose more, and few of them are looked at") {
  int searches = 0;
  const Setting s = choose(
      {12, 12}, [](const Widths&) { return 0.0; }, &searches);
  CHECK(s.widths == Widths{12, 12});
  CHECK(s.precision.gate_bits == 12);
  CHECK(searches <= 3);
}

TEST_CASE("a narrower setting that loses less is found, several bits away and of either kind") {
  const auto lucky = [](const Widths& good) { return [good](const Widths& w) { return w == good ? 12.0 : 0.0; }; };
  for (const Widths good : {Widths{8, 9}, Widths{8, 15}}) {
    CHECK(choose({8, 16}, lucky(good)).widths == good);
    CHECK(choose({8, 16}, lucky(good)).precision.gate_bits == good.activations);
  }
  CHECK(choose({14, 8}, lucky({10, 8})).widths == Widths{10, 8});
  CHECK(choose({12, 12}, lucky({11, 11})).widths == Widths{11, 11});
}

TEST_CASE("less than what is worth fewer bits is left") {
  const auto by = [](double decibels) {
    return [decibels](const Widths& w) { return w == Widths{8, 15} ? decibels : 0.0; };
  };
  CHECK(choose({8, 16}, by(worth_fewer_bits / 2)).widths == Widths{8, 16});
  CHECK(choose({8, 16}, by(worth_fewer_bits * 2)).widths == Widths{8, 15});
}

TEST_CASE("a bit more never loses more than what is worth fewer bits") {
  // Chance of up to 2 dB a setting, another for each.
  for (unsigned seed = 1; seed < 20; ++seed) {
    const auto luck = [seed](const Widths& w) {
      unsigned h = seed * 2654435761u ^ static_cast<unsigned>(w.weights * 97 + w.activations) * 40503u;
      h ^= h >> 15, h *= 2246822519u, h ^= h >> 13;
      return 2.0 * (h % 1000) / 1000.0;
    };
    const auto decibels = [&](int weights, int activations) {
      const Setting s = choose({weights, activations}, luck);
      return -10 * std::log10(std::pow(4.0, -s.widths.weights) + std::pow(4.0, -s.widths.activations)) + luck(s.widths);
    };
    for (int a = 9; a <= 18; ++a) {
      CHECK(decibels(8, a) >= decibels(8, a - 1) - worth_fewer_bits - 1e-9);
      CHECK(decibels(a, a) >= decibels(a - 1, a - 1) - worth_fewer_bits - 1e-9);
    }
  }
}
