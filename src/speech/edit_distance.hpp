// The edit distance between two label sequences, with the kinds of errors counted.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace erngen {

/// Errors of hypotheses against references; adds up over utterances.
struct ErrorCount {
  long substitutions = 0;
  long deletions = 0;   ///< in the reference, not in the hypothesis
  long insertions = 0;  ///< in the hypothesis, not in the reference
  long reference = 0;   ///< labels in the references

  long errors() const { return substitutions + deletions + insertions; }
  /// errors / reference; may exceed 1. 0 without references and errors.
  double rate() const {
    return reference == 0 ? (errors() == 0 ? 0.0 : 1.0)
                          : static_cast<double>(errors()) / static_cast<double>(reference);
  }
  ErrorCount& operator+=(const ErrorCount& o);
};

/// The smallest number of substitutions, deletions and insertions (weight 1 each) that turns the reference into the
/// hypothesis. Of several smallest alignments the one with most substitutions is counted.
ErrorCount edit_distance(const std::vector<int>& reference, const std::vector<int>& hypothesis);
ErrorCount edit_distance(const std::vector<std::string_view>& reference,
                         const std::vector<std::string_view>& hypothesis);

}  // namespace erngen
