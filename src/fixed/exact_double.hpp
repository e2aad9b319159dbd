// Fixed-point integers held in double precision, two at a time, for models that must be fast.
//
// A double holds every integer up to 2^53 exactly, so sums, products and shifts by powers of two that stay below are
// the integer results; every x86-64 and ARMv8 machine has vectors of two doubles.
#pragma once

#include <bit>
#include <cstdint>

#include "fixed/fixed.hpp"

namespace erngen {

/// Two independent integers.
using Lanes = double __attribute__((vector_size(16)));

/// 2^exponent. required: |exponent| < 1000.
constexpr double power_of_two(int exponent) {
  return std::bit_cast<double>(static_cast<std::uint64_t>(1023 + exponent) << 52);
}

/// The rounding of round_shift (fixed.hpp) on each lane.
///
/// `scaled` = v 2^-s, s > 0. A tie lies at a half; a quarter of an lsb pushes ties, and nothing else, over it, and
/// adding and subtracting 3 * 2^51 rounds to the nearest integer. required: |v| < 2^50, |scaled| < 2^50.
inline Lanes round_scaled(Lanes scaled, int s) {
  constexpr double magic = 3.0 * (std::int64_t{1} << 51);
  return (scaled + power_of_two(-s - 2) + magic) - magic;
}

/// round_shift(v, s) on each lane. required: |v| < 2^50, and |v| 2^-s < 2^50 when s < 0.
inline Lanes round_shift(Lanes v, int s) {
  const Lanes scaled = v * power_of_two(-s);
  return s > 0 ? round_scaled(scaled, s) : scaled;
}

/// saturate(v, width) on each lane. required: width <= 50.
inline Lanes saturate(Lanes v, int width) {
  const double hi = power_of_two(width - 1) - 1;
  const Lanes most = {hi, hi}, least = -most - 1.0;
  v = v > most ? most : v;
  return v < least ? least : v;
}

}  // namespace erngen
