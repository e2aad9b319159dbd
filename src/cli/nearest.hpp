// What a mistyped word may have meant.
#pragma once

#include <string>
#include <vector>

namespace erngen::cli {

/// The candidate with the fewest insertions, deletions, replacements and swaps of neighbours from `word`, if they are
/// at most a third of its letters (1 at least); else "". The first of several.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace erngen::cli
