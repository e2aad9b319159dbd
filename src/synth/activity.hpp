// Switching activity of a simulation, for the power reports of synthesis tools.
#pragma once

#include <filesystem>
#include <string>

namespace erngen {

/// Reads a VCD (IEEE 1364-2005, chapter 18) and returns a SAIF 2.0 backward file (IEEE 1801-2013, annex I) of the scope
/// named `top` and what is below: for each bit the time at 0, at 1, undefined, and the number of its toggles. Throws
/// Error(bad_input) naming the file if it is not a VCD, has no such scope, or ends before its first change.
std::string switching_activity(const std::filesystem::path& vcd, const std::string& top);

}  // namespace erngen
