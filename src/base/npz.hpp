// NumPy .npz archives: arrays by name.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/npy.hpp"

namespace erngen {

/// The arrays called `names` that the archive has, stored or deflated; empty: all. Throws Error(bad_input) naming the
/// file, and the array that is not readable.
std::map<std::string, Array> read_npz(const std::filesystem::path& file, const std::vector<std::string>& names = {});

/// The same of a file's bytes; messages begin with `what`.
std::map<std::string, Array> parse_npz(std::string_view bytes, const std::string& what,
                                       const std::vector<std::string>& names = {});

/// The bytes of an archive as numpy.savez makes one: names and npy_bytes(), in the order given.
std::string npz_bytes(std::vector<std::pair<std::string, std::string>> arrays);

}  // namespace erngen
