#include "synth/tools.hpp"

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/parsed_number.hpp"
#include "simulate/process.hpp"

namespace erngen {
namespace {

bool can_run(const std::string& name) {
  if (name.find('/') != std::string::npos) return access(name.c_str(), X_OK) == 0;
  const char* path = std::getenv("PATH");
  std::istringstream places(path ? path : "");
  for (std::string place; std::getline(places, place, ':');)
    if (access(((place.empty() ? "." : place) + "/" + name).c_str(), X_OK) == 0) return true;
  return false;
}

}  // namespace

std::string find_tool(const std::vector<std::string>& names, const std::string& install) {
  for (const std::string& name : names)
    if (can_run(name))
      return name.find('/') == std::string::npos ? name : std::filesystem::absolute(name).lexically_normal().string();
  throw Error(ExitCode::tool, fmt::format("{}: program not found", fmt::join(names, " or ")), install);
}

std::string ToolVersion::text() const { return fmt::format("{}.{}", major, minor); }

ToolVersion require_version(const std::string& program, const std::vector<std::string>& arguments, const char* pattern,
                            ToolVersion least) {
  std::vector<std::string> command{program};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const std::string said =
      run_tool({command, {}, {}, {}, std::chrono::minutes(2)}, "asking for its version").last_lines;
  std::smatch match;
  if (!std::regex_search(said, match, std::regex(pattern)))
    throw Error(ExitCode::tool, fmt::format("{}: does not tell its version; it says:\n{}", program, said),
                "check that it is the right program");
  const ToolVersion version{parsed_number<int>(match[1].str()).value_or(0),
                            parsed_number<int>(match[2].str()).value_or(0)};
  if (std::pair(version.major, version.minor) < std::pair(least.major, least.minor))
    throw Error(ExitCode::tool, fmt::format("{}: version {} is too old", program, version.text()),
                fmt::format("install version {} or newer", least.text()));
  return version;
}

}  // namespace erngen
