#include "fixed/fixed.hpp"

#include <cmath>

#include <fmt/format.h>

namespace erngen {

double Format::lsb() const { return std::ldexp(1.0, -fraction); }

std::string Format::name() const { return fmt::format("fixed<{},{},RND,SAT>", width, width - fraction); }

std::int64_t quantise(double x, Format format) {
  const double scaled = std::floor(std::ldexp(x, format.fraction) + 0.5);
  if (scaled >= static_cast<double>(format.max())) return format.max();
  if (scaled <= static_cast<double>(format.min())) return format.min();
  return static_cast<std::int64_t>(scaled);
}

double to_double(std::int64_t raw, Format format) { return std::ldexp(static_cast<double>(raw), -format.fraction); }

}  // namespace erngen
