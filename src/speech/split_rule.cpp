#include "speech/split_rule.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/json.hpp"

namespace erngen {

const char* part_name(SplitPart part) {
  static constexpr std::array<const char*, 3> names{"training", "validation", "test"};
  return names[static_cast<size_t>(part)];
}

SplitRule::SplitRule(const std::filesystem::path& file) : file_(file.string()) {
  const Json json = read_json(file_);
  require_known_keys(json, {"key", "validation", "test"}, file_);
  for (const char* member : {"key", "validation", "test"}) {
    if (!json.contains(member))
      throw bad_input(fmt::format("{}: has no \"{}\"", file_, member),
                      R"(write {"key": REGEX, "validation": [KEY, ...], "test": [KEY, ...]})");
  }
  if (!json.at("key").is_string()) throw bad_input(fmt::format("{}: \"key\" is not a string", file_));
  expression_ = json.at("key").get<std::string>();
  try {
    key_ = std::regex(expression_, std::regex::ECMAScript);
  } catch (const std::regex_error& e) {
    throw bad_input(fmt::format("{}: \"key\": \"{}\" is no regular expression: {}", file_, expression_, e.what()));
  }
  if (key_.mark_count() < 1)
    throw bad_input(fmt::format("{}: \"key\": \"{}\" has no group", file_, expression_),
                    "put what tells the speaker or sentence in round brackets");
  for (const SplitPart part : {SplitPart::validation, SplitPart::test}) {
    const char* member = part_name(part);
    const Json& list = json.at(member);
    if (!list.is_array()) throw bad_input(fmt::format("{}: \"{}\" is not a list", file_, member));
    for (const Json& entry : list) {
      if (!entry.is_string())
        throw bad_input(fmt::format("{}: \"{}\": {} is not a string", file_, member, entry.dump()));
      const auto [known, is_new] = parts_.emplace(entry.get<std::string>(), part);
      if (!is_new)
        throw bad_input(fmt::format("{}: \"{}\": {} is listed twice, in \"{}\" before", file_, member, known->first,
                                    part_name(known->second)),
                        "a speaker or sentence is in one part only");
    }
  }
}

std::string SplitRule::key_of(const std::string& name) const {
  std::smatch match;
  if (!std::regex_match(name, match, key_))
    throw bad_input(fmt::format("{}: \"key\": \"{}\" does not match the utterance {}", file_, expression_, name));
  return match[1];
}

SplitPart SplitRule::part_of(const std::string& key) const {
  const auto found = parts_.find(key);
  return found == parts_.end() ? SplitPart::training : found->second;
}

bool SplitRule::lists(SplitPart part) const {
  return std::any_of(parts_.begin(), parts_.end(), [part](const auto& entry) { return entry.second == part; });
}

void SplitRule::require_all(const std::set<std::string>& keys) const {
  for (const auto& [key, part] : parts_) {
    if (!keys.contains(key))
      throw bad_input(fmt::format("{}: \"{}\": no utterance has the key {}", file_, part_name(part), key));
  }
}

}  // namespace erngen
