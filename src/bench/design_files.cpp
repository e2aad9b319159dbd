#include "bench/design_files.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

constexpr const char* again = "generate the design again";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
         c == '.' || c == '/';
}

/// A relative name that does not leave its directory.
bool stays_below(const fs::path& name) {
  return name.is_relative() &&
         std::none_of(name.begin(), name.end(), [](const fs::path& part) { return part == ".."; });
}

}  // namespace

std::vector<std::string> design_files(const fs::path& directory) {
  const fs::path list = directory / "rtl/files.f";
  std::istringstream lines(read_file(list, 1 << 20));
  std::vector<std::string> names;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    if (line[0] == '-' || !std::all_of(line.begin(), line.end(), is_plain) || !stays_below(line))
      throw bad_input(fmt::format("{}: '{}' is not a plain name of a file of the design", list.string(), line), again);
    if (std::error_code ignored; !fs::is_regular_file(directory / line, ignored))
      throw bad_input(fmt::format("{}: missing, but rtl/files.f names it", (directory / line).string()), again);
    names.push_back(line);
  }
  if (names.empty()) throw bad_input(fmt::format("{}: names no file", list.string()), again);
  return names;
}

}  // namespace erngen
