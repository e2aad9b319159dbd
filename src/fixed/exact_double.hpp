// Fixed-point integers held in double precision, four at a time, for models that must be fast.
//
// A double holds every integer up to 2^53 exactly, so sums, products and shifts by powers of two that stay below are
// the integer results; every x86-64 and ARMv8 machine has vectors of two doubles, AVX2 of four. Functions of lanes are
// always inlined: how a vector is passed depends on the instructions of the caller.
#pragma once

#include <bit>
#include <cstdint>

#include "fixed/fixed.hpp"
#include "fixed/lanes.hpp"

namespace erngen {

/// 2^exponent. required: |exponent| < 1000.
constexpr double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent) << 52);
}

/// Added and subtracted again it rounds to the nearest integer.
inline constexpr double exact_double_magic = 3.0 * (std::int64_t{1} << 51);

/// The same as 64-bit integers. required: |v| < 2^51: beside 3 * 2^51 they are the double's lowest bits.
[[gnu::always_inline]] inline LaneIntegers to_integers(const Lanes& v) {
  return std::bit_cast<LaneIntegers>(v + exact_double_magic) - std::bit_cast<long long>(exact_double_magic);
}

/// The rounding of round_shift (fixed.hpp) on each lane.
///
/// `scaled` = v 2^-s, s > 0. A tie lies at a half; a quarter of an lsb pushes ties, and nothing else, over it, and
/// adding and subtracting 3 * 2^51 rounds to the nearest integer. required: |v| < 2^50, |scaled| < 2^50.
[[gnu::always_inline]] inline Lanes round_scaled(Lanes scaled, int s) {
  return (scaled + power_of_two(-s - 2) + exact_double_magic) - exact_double_magic;
}

/// round_shift(v, s) on each lane. required: |v| < 2^50, and |v| 2^-s < 2^50 when s < 0.
[[gnu::always_inline]] inline Lanes round_shift(Lanes v, int s) {
  const Lanes scaled = v * power_of_two(-s);
  return s > 0 ? round_scaled(scaled, s) : scaled;
}

/// saturate(v, width) on each lane. required: width <= 50.
[[gnu::always_inline]] inline Lanes saturate(Lanes v, int width) {
  const double hi = power_of_two(width - 1) - 1;
  const Lanes most = Lanes{} + hi, least = -most - 1.0;
  v = v > most ? most : v;
  return v < least ? least : v;
}

}  // namespace erngen
