// For tests: how far an array lies from the one that is right.
#pragma once

#include <algorithm>
#include <cmath>

#include <doctest/doctest.h>

#include "base/npy.hpp"

namespace erngen {

/// The largest difference over the largest expected value. Both have one shape.
inline double relative_difference(const Array& y, const Array& expected) {
  REQUIRE(y.shape == expected.shape);
  double worst = 0, largest = 0;
  for (size_t n = 0; n < y.size(); ++n) {
    worst = std::max(worst, std::fabs(static_cast<double>(y.values[n]) - expected.values[n]));
    largest = std::max(largest, std::fabs(static_cast<double>(expected.values[n])));
  }
  return worst / largest;
}

}  // namespace erngen
