// Outputs against those of a model that the user trusts.
#pragma once

#include <optional>
#include <span>

#include "erngen/comparison.hpp"

namespace erngen {

/// Compares y with `reference`, both [frames][outputs]. required: equal lengths, at least one frame.
Comparison compare(std::span<const float> y, std::span<const float> reference, int outputs);

/// What the user demands of a comparison; nothing: it is only reported.
struct ComparisonLimits {
  std::optional<double> min_sqnr_db, max_error;
  bool any() const { return min_sqnr_db || max_error; }
  bool met_by(const Comparison& c) const {
    return !(min_sqnr_db && c.sqnr_db < *min_sqnr_db) && !(max_error && c.max_error > *max_error);
  }
};

}  // namespace erngen
