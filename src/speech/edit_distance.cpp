#include "speech/edit_distance.hpp"

#include <algorithm>

namespace erngen {
namespace {

template <class T>
ErrorCount distance(const std::vector<T>& reference, const std::vector<T>& hypothesis) {
  const auto shift = [](ErrorCount c, int substitution, int deletion, int insertion) {
    c.substitutions += substitution;
    c.deletions += deletion;
    c.insertions += insertion;
    return c;
  };
  const auto better = [](const ErrorCount& a, const ErrorCount& b) {
    return a.errors() != b.errors() ? a.errors() < b.errors() : a.substitutions > b.substitutions;
  };
  // row[j]: the counts that turn the first i labels of the reference into the first j of the hypothesis.
  std::vector<ErrorCount> row(hypothesis.size() + 1);
  for (size_t j = 0; j < row.size(); ++j) row[j].insertions = static_cast<long>(j);
  for (size_t i = 1; i <= reference.size(); ++i) {
    ErrorCount diagonal = row[0];
    row[0].deletions = static_cast<long>(i);
    for (size_t j = 1; j < row.size(); ++j) {
      const ErrorCount matched = shift(diagonal, reference[i - 1] == hypothesis[j - 1] ? 0 : 1, 0, 0);
      const ErrorCount deleted = shift(row[j], 0, 1, 0);
      const ErrorCount inserted = shift(row[j - 1], 0, 0, 1);
      diagonal = row[j];
      row[j] = std::min({matched, deleted, inserted}, better);
    }
  }
  ErrorCount result = row.back();
  result.reference = static_cast<long>(reference.size());
  return result;
}

}  // namespace

ErrorCount& ErrorCount::operator+=(const ErrorCount& o) {
  substitutions += o.substitutions;
  deletions += o.deletions;
  insertions += o.insertions;
  reference += o.reference;
  return *this;
}

ErrorCount edit_distance(const std::vector<int>& reference, const std::vector<int>& hypothesis) {
  return distance(reference, hypothesis);
}
ErrorCount edit_distance(const std::vector<std::string_view>& reference,
                         const std::vector<std::string_view>& hypothesis) {
  return distance(reference, hypothesis);
}

}  // namespace erngen
