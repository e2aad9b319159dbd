// What models and simulations take and give: frames of one or several sequences.
#pragma once

#include <filesystem>
#include <vector>

#include "erngen/export.hpp"

namespace erngen {

/// Sequences one after another; each starts from the network's initial state.
struct Frames {
  int features = 0;           ///< values of a frame
  std::vector<int> lengths;   ///< of the sequences, in frames
  std::vector<float> values;  ///< [sum of the lengths][features]
};

/// Reads .npy [frames, features] or [sequences, frames, features], or .npz with `features` and `lengths`
/// (docs/how-to/checking.md). Throws Error(bad_input) naming the file.
ERNGEN_API Frames read_frames(const std::filesystem::path& file);

}  // namespace erngen
