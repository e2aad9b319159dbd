#include "cell/ranges.hpp"

#include <cstdint>

namespace erngen {

int fraction_for(const Range& range, int width, int max_fraction) {
  if (range.limit() <= 0) return std::min(width - 1, max_fraction);
  // One bit more than the power-of-two bound is tried; it holds a range that rounds to the extremes.
  int fraction = std::min(width - integer_bits(range.limit()), max_fraction);
  const auto most = static_cast<double>((std::int64_t{1} << (width - 1)) - 1);
  const auto rounded = [&](double value) { return std::floor(std::ldexp(value, fraction) + 0.5); };
  while (rounded(range.high) > most || rounded(range.low) < -most - 1) --fraction;
  return fraction;
}

int fraction_for(double limit, int width, int max_fraction) {
  return fraction_for(Range{-limit, limit, 0, 0}, width, max_fraction);
}

}  // namespace erngen
