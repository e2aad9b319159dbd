// The features of many recordings, computed once and kept in a file. No libtorch.
#pragma once

#include <filesystem>
#include <vector>

#include "base/npy.hpp"
#include "speech/frontend_config.hpp"

namespace erngen {

/// The features [vectors, features] of each recording played `speed` times as fast (change_speed), not normalised. They
/// are computed on `threads` threads, or read from a file in `folder` when an earlier call with the same recordings
/// (path and size), front end and speed left them there; an empty folder: nothing is kept.
///
/// Throws Error(bad_input) naming a recording that cannot be read, has another sample rate, or is too short, and a kept
/// file that is damaged; Error(output) when the file cannot be written.
std::vector<Array> recording_features(const std::vector<std::filesystem::path>& recordings,
                                      const FrontendConfig& frontend, double speed, const std::filesystem::path& folder,
                                      int threads);

}  // namespace erngen
