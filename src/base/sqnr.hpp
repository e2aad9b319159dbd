// The signal-to-quantisation-noise ratio: one definition for every report.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

namespace erngen {

/// Power of a signal and of its error, summed over all elements.
struct Power {
  double signal = 0, error = 0, max_abs = 0, max_error = 0;

  void add(double wanted, double got) {
    signal += wanted * wanted;
    error += (got - wanted) * (got - wanted);
    max_abs = std::max(max_abs, std::abs(wanted));
    max_error = std::max(max_error, std::abs(got - wanted));
  }

  /// Signal over error in decibels: infinite without an error, minus infinite for errors without a signal.
  double sqnr_db() const {
    if (error == 0) return std::numeric_limits<double>::infinity();
    return 10 * std::log10(signal / error);
  }
};

}  // namespace erngen
