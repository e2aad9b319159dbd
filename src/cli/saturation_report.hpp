// How the verbs say that values met the end of their format.
#pragma once

#include <string>
#include <vector>

#include "cell/fixed_model.hpp"
#include "cell/quantise_json.hpp"

namespace erngen::cli {

/// A table with the share of each that loses something, or one line if nothing does; and a line with the shares of
/// the others.
std::string saturations_text(const std::vector<SignalSaturation>& saturations);

}  // namespace erngen::cli
