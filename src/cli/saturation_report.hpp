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

/// A table with the share of each that loses something, or one line if nothing does; and a line with the shares of
/// the others.
std::string saturations_text(const std::vector<SignalSaturation>& saturations);

}  // namespace erngen::cli
