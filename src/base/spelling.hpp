// How far two words are apart.
#pragma once

#include <string>

namespace erngen {

/// Insertions, deletions, replacements and swaps of neighbours that turn a into b (optimal string alignment).
int spelling_distance(const std::string& a, const std::string& b);

}  // namespace erngen
