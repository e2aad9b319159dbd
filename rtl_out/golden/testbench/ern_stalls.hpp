// Random gaps and back-pressure, in bursts.
#pragma once

#include <cstdint>

namespace ern {

/// A small seeded generator (xorshift64*, Vigna 2016): the bench's numbers are the same everywhere.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15u + 0x2545f4914f6cdd1du) {
    if (state_ == 0) state_ = 1;
    for (int n = 0; n < 8; ++n) next();
  }
  std::uint32_t next() {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<std::uint32_t>((state_ * 0x2545f4914f6cdd1du) >> 32);
  }
  std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>((std::uint64_t{next()} * n) >> 32); }

 private:
  std::uint64_t state_;
};

/// Says each cycle whether a side may move. Uniform coin flips never fill or drain a deep buffer, so the
/// process has four moods: free flow, standstill, a fair coin, and one cycle in eight. A mood lasts 1 to 16 cycles, and
/// one time in sixteen up to 1024, which is long enough to fill every buffer of the design.
class Stalls {
 public:
  Stalls(bool enabled, std::uint64_t seed) : enabled_(enabled), random_(seed) {}

  bool go() {
    if (!enabled_) return true;
    if (left_ == 0) {
      mood_ = random_.below(4);
      left_ = 1 + random_.below(random_.below(16) == 0 ? 1024 : 16);
    }
    --left_;
    switch (mood_) {
      case 0: return true;
      case 1: return false;
      case 2: return random_.below(2) == 0;
      default: return random_.below(8) == 0;
    }
  }

 private:
  bool enabled_;
  Random random_;
  std::uint32_t mood_ = 0;
  std::uint32_t left_ = 0;
};

}  // namespace ern
