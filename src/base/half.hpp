// IEEE half precision, the float16 of NumPy and PyTorch.
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

namespace erngen {

/// The value of 1 sign, 5 exponent (bias 15) and 10 fraction bits; NaN and infinity as they are.
inline double half_to_double(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double magnitude = std::ldexp(fraction, -24);
  if (exponent == 31)
    magnitude = fraction ? std::numeric_limits<double>::quiet_NaN() : std::numeric_limits<double>::infinity();
  else if (exponent > 0)
    magnitude = std::ldexp(1024 + fraction, exponent - 25);
  return bits >> 15 ? -magnitude : magnitude;
}

}  // namespace erngen
