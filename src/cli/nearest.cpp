#include "cli/nearest.hpp"

#include <algorithm>

#include "base/spelling.hpp"

namespace erngen::cli {

std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  constexpr size_t longest = 64;
  std::string best;
  if (word.size() > longest) return best;
  int least = std::max(1, static_cast<int>(word.size()) / 3) + 1;
  for (const std::string& candidate : candidates)
    if (const int changes = spelling_distance(word, candidate); changes < least) {
      least = changes;
      best = candidate;
    }
  return best;
}

}  // namespace erngen::cli
