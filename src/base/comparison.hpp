// Outputs against those of a model that the user trusts.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace erngen {

struct Comparison {
  size_t frames = 0;
  int outputs = 0;         ///< of a frame
  double max_error = 0;    ///< largest |y - reference|
  size_t worst_frame = 0;  ///< where it is, of all frames one after another
  int worst_output = 0;
  double max_reference = 0;         ///< largest |reference|
  double sqnr_db = 0;               ///< of y against the reference, see Power
  std::optional<double> agreement;  ///< frames whose largest output (the first of equals, as numpy.argmax) is the same
                                    ///< one, over all frames; only of several outputs
};

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
