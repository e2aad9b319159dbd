// How the verbs say that values met the end of their format.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "cell/fixed_model.hpp"

namespace erngen::cli {

/// [{"signal", "saturated", "values", "flat"}]: `flat` for arguments of activations, beyond whose range the function
/// has its last value.
Json saturations_json(const std::vector<SignalSaturation>& saturations);

/// A table with a share of each, or one line if nothing saturated.
std::string saturations_text(const std::vector<SignalSaturation>& saturations);

}  // namespace erngen::cli
