// What a user must be told of a quantised network: in one sentence the signal, the reason and the option that helps.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cell/quantiser.hpp"

namespace erngen {

/// What calibration data look like.
struct CalibrationLook {
  long frames = 0;
  bool zero = false, constant = false;  ///< all values 0; all frames the same
};

/// The sentences for a report that is complete but for them. `sqnr(weights, activations)` quantises the same network
/// with other widths, and is called only where that tells which option helps.
std::vector<std::string> format_advice(const QuantiseReport& report, const CalibrationLook& look,
                                       const QuantiseOptions& options, const std::function<double(int, int)>& sqnr);

}  // namespace erngen
