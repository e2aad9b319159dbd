// Seeded random numbers whose values are the same on every platform.
//
// std::*_distribution leaves its algorithm to the library and libm differs in last bits, so uniform
// and normal draws are made here from integers and exact floating-point operations alone.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace erngen {

/// xoshiro256** (Blackman and Vigna, 2018), seeded through splitmix64 so that every seed, 0 included, is good.
class Rng {
 public:
  explicit Rng(std::uint64_t seed) {
    for (std::uint64_t& word : state_) {
      seed += 0x9e3779b97f4a7c15u;
      std::uint64_t z = seed;
      z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
      z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
      word = z ^ (z >> 31);
    }
  }

  /// 64 random bits.
  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }

  /// Uniform in [0, 1), a multiple of 2^-53.
  double uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

  /// Uniform in [low, high).
  double uniform(double low, double high) { return low + (high - low) * uniform(); }

  /// Uniform integer in [0, n). required: n > 0. Draws above the last whole multiple of n are rejected.
  std::uint64_t below(std::uint64_t n) {
    const std::uint64_t excess = (0 - n) % n;  // 2^64 mod n
    std::uint64_t draw;
    do draw = next();
    while (draw < excess);
    return draw % n;
  }

  /// Uniform integer in [low, high], both included. required: low <= high.
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(below(static_cast<std::uint64_t>(high - low) + 1));
  }

  /// Nearly normal, mean 0 and variance 1: twelve uniforms minus 6 (Irwin-Hall; each has variance 1/12).
  /// It needs no logarithm, so it is the same everywhere; it never leaves [-6, 6].
  double normal() {
    std::uint64_t sum = 0;
    for (int n = 0; n < 12; ++n) sum += next() >> 32;
    return static_cast<double>(sum) * 0x1p-32 - 6.0;
  }

 private:
  std::array<std::uint64_t, 4> state_;
};

}  // namespace erngen
