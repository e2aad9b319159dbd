// Lines of reports that are matched by regular expressions.
#pragma once

#include <cstddef>

namespace erngen {

/// No tool's report has longer lines; std::regex descends a step a character.
inline constexpr std::size_t longest_report_line = 4096;

}  // namespace erngen
