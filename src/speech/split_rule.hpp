// Which utterances train, which validate and which test: a rule on their names, kept in a small file.
#pragma once

#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace erngen {

enum class SplitPart { training, validation, test };
const char* part_name(SplitPart part);

/// A JSON file {"key": REGEX, "validation": [KEY, ...], "test": [KEY, ...]}. REGEX (ECMAScript) matches the whole name
/// of an utterance, and its first group is the utterance's key: its speaker, or its sentence. Utterances of one key are
/// in one part; keys that are not listed train. "^([0-9]+)-.*" is the speaker of LibriSpeech's names.
class SplitRule {
 public:
  /// Throws Error(bad_input) naming the file for unknown or missing members, a bad expression or one without a group,
  /// and a key that is in both lists or twice in one.
  explicit SplitRule(const std::filesystem::path& file);

  /// Throws Error(bad_input) when the expression does not match the name.
  std::string key_of(const std::string& name) const;
  SplitPart part_of(const std::string& key) const;

  /// Whether keys of this part are listed.
  bool lists(SplitPart part) const;

  /// Throws Error(bad_input) naming a listed key that none of the utterances has.
  void require_all(const std::set<std::string>& keys) const;

 private:
  std::string file_, expression_;
  std::regex key_;
  std::map<std::string, SplitPart> parts_;
};

}  // namespace erngen
