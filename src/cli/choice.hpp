// Options whose value is one of a few words.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace erngen::cli {

/// For CLI::Option::transform(): replaces a word by the number of its enumerator, refuses others by name.
template <class Enum>
CLI::Validator one_of(std::vector<std::pair<std::string, Enum>> words) {
  const auto replace = [words = std::move(words)](std::string& value) -> std::string {
    std::string known;
    for (const auto& [word, enumerator] : words) {
      if (word == value) {
        value = std::to_string(static_cast<int>(enumerator));
        return "";
      }
      known += (known.empty() ? "" : ", ") + word;
    }
    return fmt::format("'{}' is not one of {}", value, known);
  };
  return CLI::Validator(replace, "");
}

/// The same for all of `enumerators`, which name_of() names.
template <class Enum, std::size_t count>
CLI::Validator one_of(const Enum (&enumerators)[count]) {
  std::vector<std::pair<std::string, Enum>> words;
  for (const Enum enumerator : enumerators) words.emplace_back(name_of(enumerator), enumerator);
  return one_of<Enum>(std::move(words));
}

}  // namespace erngen::cli
