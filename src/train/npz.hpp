// NumPy .npz archives: arrays by name. No libtorch.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "base/npy.hpp"

namespace erngen {

/// All arrays of the archive, stored or deflated. Throws Error(bad_input) naming the file, and the array that is not
/// readable.
std::map<std::string, Array> read_npz(const std::filesystem::path& file);

}  // namespace erngen
