// Ratios in decibels as reports have them.
#pragma once

#include <cmath>
#include <string>

#include <fmt/format.h>

#include "base/json.hpp"

namespace erngen {

/// JSON has no infinity: null means that nothing was lost (or that there was no signal).
inline Json decibels_json(double db) { return std::isfinite(db) ? Json(db) : Json(nullptr); }
inline std::string decibels_text(double db) {
  return std::isfinite(db) ? fmt::format("{:.1f}", db) : db > 0 ? "exact" : "-";
}

}  // namespace erngen
