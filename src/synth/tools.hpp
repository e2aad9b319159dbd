// The external tools of the flows: finding them and asking for their versions.
#pragma once

#include <string>
#include <vector>

namespace erngen {

/// The first of `names` that can be run (looked up in PATH unless it holds a '/', then made absolute). Throws
/// Error(tool) naming all of them, with `install` as the way out.
std::string find_tool(const std::vector<std::string>& names, const std::string& install);

struct ToolVersion {
  int major = 0;
  int minor = 0;
  std::string text() const;
};

/// Runs `program arguments...` and takes the version from its output by `pattern` (a regular expression with two groups
/// of digits). Throws Error(tool) if the program fails, says nothing of the kind, or is older than `least`.
ToolVersion require_version(const std::string& program, const std::vector<std::string>& arguments, const char* pattern,
                            ToolVersion least);

}  // namespace erngen
