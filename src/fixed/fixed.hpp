// Fixed-point formats and the only two operations that drop bits.
//
// A fixed-point number is an integer `raw` with the value raw * 2^-fraction. Raw values travel as
// std::int64_t; a Format says how many bits the hardware keeps. All other arithmetic is exact.
#pragma once

#include <cstdint>
#include <string>

namespace erngen {

/// A signed two's-complement format: `width` bits, `fraction` of them behind the binary point.
/// In HLS notation fixed<width, width - fraction, RND, SAT>. `fraction` may be negative or exceed
/// `width`.
struct Format {
  int width = 0;
  int fraction = 0;

  constexpr std::int64_t max() const { return (std::int64_t{1} << (width - 1)) - 1; }
  constexpr std::int64_t min() const { return -(std::int64_t{1} << (width - 1)); }
  double lsb() const;
  std::string name() const;  ///< "fixed<12,1,RND,SAT>"
  friend bool operator==(const Format&, const Format&) = default;
};

/// round_shift(v: any, s) -> floor(v / 2^s + 1/2), RND (half up); for s <= 0: v * 2^-s, exact.
/// required: |v| < 2^62, and |v| * 2^-s < 2^62 when s < 0.
/// Hardware: add 2^(s-1), then an arithmetic shift right.
constexpr std::int64_t round_shift(std::int64_t v, int s) {
  if (s <= 0) return v * (std::int64_t{1} << -s);
  return (v + (std::int64_t{1} << (s - 1))) >> s;
}

/// saturate(v: any, w) -> v clamped to w bits, SAT.
constexpr std::int64_t saturate(std::int64_t v, int width) {
  const std::int64_t hi = (std::int64_t{1} << (width - 1)) - 1;
  const std::int64_t lo = -hi - 1;
  return v < lo ? lo : v > hi ? hi : v;
}

/// Nearest representable raw value of x (half up, saturating). required: x is finite.
std::int64_t quantise(double x, Format format);

/// raw * 2^-fraction.
double to_double(std::int64_t raw, Format format);

}  // namespace erngen
