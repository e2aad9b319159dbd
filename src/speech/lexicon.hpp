// A pronunciation lexicon: the phones of words.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace erngen {

/// A file of lines "WORD PHONE PHONE ..."; empty lines and lines that begin with ";;;" (comments of the CMU Pronouncing
/// Dictionary) are skipped. Of a word that stands there more than once the first pronunciation counts. Words are the
/// same in any case of ASCII letters; phones stand for themselves.
class Lexicon {
 public:
  /// Throws Error(bad_input) naming the file and the line of a word without phones, or when there are no words.
  explicit Lexicon(const std::filesystem::path& file);

  /// The output classes of a network: "<blank>", then all phones of the file in alphabetical order.
  const std::vector<std::string>& labels() const { return labels_; }

  /// The classes of a word's phones; nullptr for a word that is not in the lexicon.
  const std::vector<int>* classes(const std::string& word) const;

 private:
  std::map<std::string, std::vector<int>> words_;
  std::vector<std::string> labels_;
};

}  // namespace erngen
