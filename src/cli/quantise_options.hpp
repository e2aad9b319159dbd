// The options of the quantiser, for `quantise` and `build`, and its report.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "cell/quantiser.hpp"

namespace erngen::cli {

/// Adds widths, limits and activation units.
void add_quantise_options(CLI::App& app, QuantiseOptions& quantise);

/// Formats of all signals, activation units, saturations and warnings.
std::string quantise_text(const QuantNetwork& network, const QuantiseReport& report);

}  // namespace erngen::cli
