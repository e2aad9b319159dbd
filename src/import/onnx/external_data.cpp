#include "import/onnx/external_data.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"

namespace erngen::onnx {
namespace {

/// The file, if no part of its path leads out of the folder.
std::filesystem::path inside(const std::filesystem::path& folder, const std::string& location,
                             const std::string& what) {
  const std::filesystem::path relative(location);
  if (location.empty() || relative.is_absolute())
    throw bad_input(fmt::format("{}: its external data '{}' is no path relative to the model", what, location));
  std::filesystem::path path = folder;
  for (const auto& part : relative) {
    if (part == "..")
      throw bad_input(fmt::format("{}: its external data '{}' leaves the model's folder", what, location));
    path /= part;
    std::error_code failed;
    if (std::filesystem::is_symlink(std::filesystem::symlink_status(path, failed)))
      throw bad_input(fmt::format("{}: its external data '{}' is a symbolic link", what, location),
                      "put the file itself beside the model");
  }
  return path;
}

}  // namespace

std::string ExternalData::read(const std::string& tensor, const std::string& location, std::uint64_t offset,
                               std::uint64_t bytes) {
  const std::string what = fmt::format("tensor '{}'", tensor);
  const std::filesystem::path path = inside(model_.parent_path(), location, what);
  const std::uint64_t size = require_regular_file(path);
  if (offset > size || bytes > size - offset)
    throw bad_input(
        fmt::format("{}: needs bytes {}..{} of {}, which has {}", what, offset, offset + bytes, path.string(), size));
  auto& taken = taken_[path.lexically_normal().string()];
  for (const Range& other : taken)
    if (offset < other.end && other.begin < offset + bytes)
      throw bad_input(fmt::format("{}: its bytes {}..{} of {} overlap those of tensor '{}' ({}..{})", what, offset,
                                  offset + bytes, path.string(), other.tensor, other.begin, other.end));
  taken.push_back({offset, offset + bytes, tensor});
  std::string contents(bytes, '\0');
  std::ifstream file(path, std::ios::binary);
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(contents.data(), static_cast<std::streamsize>(bytes));
  if (!file) throw bad_input(fmt::format("{}: {} cannot be read", what, path.string()));
  return contents;
}

}  // namespace erngen::onnx
