#include "base/spelling.hpp"

#include <algorithm>
#include <numeric>
#include <vector>

namespace erngen {

std::string lower_case(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

int spelling_distance(const std::string& a, const std::string& b) {
  std::vector<int> two(b.size() + 1), one(b.size() + 1), now(b.size() + 1);
  std::iota(one.begin(), one.end(), 0);
  for (size_t i = 1; i <= a.size(); ++i) {
    now[0] = static_cast<int>(i);
    for (size_t j = 1; j <= b.size(); ++j) {
      now[j] = std::min({one[j] + 1, now[j - 1] + 1, one[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) now[j] = std::min(now[j], two[j - 2] + 1);
    }
    two.swap(one);
    one.swap(now);
  }
  return one[b.size()];
}

}  // namespace erngen
