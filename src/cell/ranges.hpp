// What calibration shows of every signal: its extremes and its power.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <map>
#include <span>
#include <string>

namespace erngen {

/// Values of one signal, or weights of one matrix.
struct Range {
  double low = 0, high = 0;  ///< extremes; 0 lies between them
  double square_sum = 0;
  std::size_t count = 0;

  void add(std::span<const double> values) {
    for (const double v : values) {
      low = std::min(low, v);
      high = std::max(high, v);
      square_sum += v * v;
    }
    count += values.size();
  }
  void add(const Range& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
    square_sum += other.square_sum;
    count += other.count;
  }
  double limit() const { return std::max(-low, high); }  ///< largest absolute value
  double mean_square() const { return count == 0 ? 0 : square_sum / static_cast<double>(count); }
};

/// By signal (names: real_model.hpp).
using Ranges = std::map<std::string, Range>;

/// The range of a signal, empty if there is none.
inline Range range_of(const Ranges& ranges, const std::string& name) {
  const auto found = ranges.find(name);
  return found == ranges.end() ? Range{} : found->second;
}

/// Bits before the binary point, without the sign, that hold values up to `limit`; negative below 1/2.
inline int integer_bits(double limit) { return static_cast<int>(std::floor(std::log2(limit))) + 1; }

/// Largest f for which fixed<width, width - f> holds all values of the range; f is at most `max_fraction`. Two's
/// complement has one value more below zero: a range that ends at exactly -2^n needs no further bit.
int fraction_for(const Range& range, int width, int max_fraction);

/// Likewise for |x| <= limit.
int fraction_for(double limit, int width, int max_fraction);

}  // namespace erngen
