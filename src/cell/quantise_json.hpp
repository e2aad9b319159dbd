// The quantiser's report under the names that scripts rely on.
#pragma once

#include <vector>

#include "base/json.hpp"
#include "cell/quantiser.hpp"

namespace erngen {

/// [{"signal", "saturated", "values", "flat"}]: `flat` for arguments of activations, beyond whose range the function
/// has its last value.
Json saturations_json(const std::vector<SignalSaturation>& saturations);

/// Formats, signals, matrices, activation units, saturations and warnings: the JSON of `erngen quantise`.
Json quantise_json(const QuantNetwork& network, const QuantiseReport& report);

}  // namespace erngen
