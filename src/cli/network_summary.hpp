// What a network is, for reports.
#pragma once

#include <string>

#include "base/json.hpp"
#include "network/network.hpp"

namespace erngen::cli {

/// {"layers": [{"kind", "input", "hidden", "output", ..., "block": {...}, "parameters"}], "parameters",
///  "dense_parameters", "compression"}: compression is dense_parameters / parameters.
Json network_json(const Network& network);

/// The same as a table with one line a layer and a last line of totals.
std::string network_text(const Network& network);

}  // namespace erngen::cli
