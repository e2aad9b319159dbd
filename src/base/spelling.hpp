// Letters of words, and how far two words are apart.
#pragma once

#include <string>
#include <string_view>

namespace erngen {

/// `text` with its ASCII capitals as small letters, whatever the locale.
std::string lower_case(std::string_view text);

/// Insertions, deletions, replacements and swaps of neighbours that turn a into b (optimal string alignment).
int spelling_distance(const std::string& a, const std::string& b);

}  // namespace erngen
