// Integer helpers shared by every layer.
#pragma once

#include <bit>
#include <cstdint>

namespace erngen {

constexpr bool is_power_of_two(int n) { return n > 0 && std::has_single_bit(static_cast<unsigned>(n)); }

/// ceil(a / b) for a >= 0, b > 0.
constexpr int ceil_div(int a, int b) { return (a + b - 1) / b; }

/// Smallest e with 2^e >= n, for n >= 1: the bits of an index into n entries.
constexpr int ceil_log2(std::int64_t n) {
  return n <= 1 ? 0 : 64 - std::countl_zero(static_cast<std::uint64_t>(n - 1));
}

/// log2 of a power of two.
constexpr int log2_exact(int n) { return std::countr_zero(static_cast<unsigned>(n)); }

}  // namespace erngen
