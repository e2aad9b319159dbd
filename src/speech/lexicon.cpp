#include "speech/lexicon.hpp"

#include <algorithm>
#include <sstream>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"

namespace erngen {
namespace {

std::string upper(std::string word) {
  for (char& c : word) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return word;
}

}  // namespace

Lexicon::Lexicon(const std::filesystem::path& file) {
  std::istringstream lines(read_file(file));
  std::map<std::string, std::vector<std::string>> words;
  std::map<std::string, int> classes;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream fields(line);
    std::string word;
    if (line.starts_with(";;;") || !(fields >> word)) continue;
    std::vector<std::string> phones;
    for (std::string phone; fields >> phone;) phones.push_back(phone);
    if (phones.empty())
      throw bad_input(fmt::format("{}: line {}: the word {} has no phones", file.string(), number, word),
                      "write WORD PHONE PHONE ...");
    for (const std::string& phone : phones) classes[phone] = 0;
    words.emplace(upper(word), phones);
  }
  if (words.empty()) throw bad_input(fmt::format("{}: holds no words", file.string()));
  labels_ = {"<blank>"};
  for (auto& [phone, number] : classes) {
    number = static_cast<int>(labels_.size());
    labels_.push_back(phone);
  }
  for (const auto& [word, phones] : words) {
    for (const std::string& phone : phones) words_[word].push_back(classes.at(phone));
  }
}

const std::vector<int>* Lexicon::classes(const std::string& word) const {
  const auto found = words_.find(upper(word));
  return found == words_.end() ? nullptr : &found->second;
}

}  // namespace erngen
