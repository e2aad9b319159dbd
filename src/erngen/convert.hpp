// Between what the library shows and what it works with.
#pragma once

#include <string>

#include "erngen/comparison.hpp"
#include "erngen/frames.hpp"
#include "network/output_cut.hpp"
#include "network/sequences.hpp"

namespace erngen {

/// Throws Error(bad_input) for lengths that are not those of the values.
Sequences sequences_of(const Frames& x, const std::string& what = "input");

/// Frames of the same lengths as x: `values` [frames][features].
inline Frames frames_like(const Frames& x, std::vector<float> values, int features) {
  return {features, x.lengths, std::move(values)};
}

/// y in the form that the user's model has.
Frames finished(const Frames& y, const OutputForm& form);

/// y against `reference`. Throws Error(bad_input) unless both have the same lengths and features.
Comparison compare_frames(const Frames& y, const Frames& reference);

}  // namespace erngen
