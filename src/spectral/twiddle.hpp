// Twiddle factors: cosines of multiples of a 64th turn, as reals and as the integers of the hardware.
//
// All numbers come from IEEE additions, multiplications and divisions evaluated by the compiler, never
// from a libm, so that every machine gets the same bits.
#pragma once

#include <array>
#include <cstdint>
#include <string>

namespace erngen {

/// Largest block size; a power of two.
inline constexpr int max_block_size = 64;
/// Fraction bits of the integer twiddles.
inline constexpr int twiddle_fraction = 15;

namespace detail {

inline constexpr double two_pi = 6.283185307179586476925286766559;

/// Taylor series about 0; |x| <= pi/4, where fourteen terms leave a remainder below 1e-30.
constexpr double taylor(double x, bool sine) {
  double term = sine ? x : 1.0, sum = 0.0;
  std::array<double, 14> terms{};
  for (int n = 0; n < 14; ++n) {
    terms[n] = term;
    const int i = 2 * n + (sine ? 2 : 1);
    term = -term * x * x / (i * (i + 1));
  }
  for (int n = 13; n >= 0; --n) sum += terms[n];  // small terms first: the last addition alone rounds
  return sum;
}

/// cos(2 pi n / 64), 0 <= n <= 16. Above an eighth of a turn the sine of the complement is used.
constexpr auto quarter_cosine = [] {
  std::array<double, max_block_size / 4 + 1> table{};
  for (int n = 0; n <= 16; ++n)
    table[n] = n <= 8 ? taylor(two_pi * n / max_block_size, false) : taylor(two_pi * (16 - n) / max_block_size, true);
  return table;
}();

}  // namespace detail

/// cos(2 pi n / size). required: size a power of two, 1..64; n >= 0.
constexpr double cos_turn(int n, int size) {
  const int at = n * (max_block_size / size) % max_block_size;
  const int half = at <= 32 ? at : 64 - at;  // cosine is even
  return half <= 16 ? detail::quarter_cosine[half] : -detail::quarter_cosine[32 - half];
}

/// sin(2 pi n / size) = cos(2 pi (n / size + 3/4)). required: as cos_turn.
constexpr double sin_turn(int n, int size) { return cos_turn(n * (max_block_size / size) + 48, max_block_size); }

/// The rotation by b/m of a turn: C = round(2^15 cos), S = round(2^15 sin), 17-bit signed integers.
struct Twiddle {
  std::int32_t c = 0;
  std::int32_t s = 0;
};

/// Twiddle of bin b in a transform of m points. required: m a power of two, 1..64; 0 <= b <= m/4.
/// No product 2^15 cos(2 pi n / 64) lies within 1e-3 of a tie, so the rounding is exact (a test checks it).
constexpr Twiddle twiddle(int b, int m) {
  constexpr double scale = std::int32_t{1} << twiddle_fraction;
  return {static_cast<std::int32_t>(cos_turn(b, m) * scale + 0.5),
          static_cast<std::int32_t>(sin_turn(b, m) * scale + 0.5)};
}

/// The parameter TWIDDLES of ern_fft and ern_ifft for K words: a Verilog literal of 16 (K/4 + 1) bits whose
/// element n, at bits [16 n +: 16], is C of n/K of a turn, unsigned, 0 <= n <= K/4. S of n is element K/4 - n.
/// Throws Error(bad_input) unless K is a power of two, 2..64.
std::string twiddle_parameter(int K);

}  // namespace erngen
