#include "speech/digits.hpp"

#include <array>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

struct Word {
  std::string_view spelling;
  std::vector<std::string_view> phones;
};

// ARPABET; where American dictionaries list several pronunciations, the first.
const std::array<Word, 10>& words() {
  static const std::array<Word, 10> table{{
      {"zero", {"Z", "IH", "R", "OW"}},
      {"one", {"W", "AH", "N"}},
      {"two", {"T", "UW"}},
      {"three", {"TH", "R", "IY"}},
      {"four", {"F", "AO", "R"}},
      {"five", {"F", "AY", "V"}},
      {"six", {"S", "IH", "K", "S"}},
      {"seven", {"S", "EH", "V", "AH", "N"}},
      {"eight", {"EY", "T"}},
      {"nine", {"N", "AY", "N"}},
  }};
  return table;
}

const Word& word(int digit) {
  if (digit < 0 || digit > 9) throw bad_input(fmt::format("digit {} is not in 0..9", digit));
  return words()[static_cast<size_t>(digit)];
}

}  // namespace

std::string_view digit_word(int digit) { return word(digit).spelling; }
const std::vector<std::string_view>& digit_phones(int digit) { return word(digit).phones; }

std::vector<std::string_view> to_phones(const std::vector<int>& digits) {
  std::vector<std::string_view> phones;
  for (int d : digits) {
    const auto& more = digit_phones(d);
    phones.insert(phones.end(), more.begin(), more.end());
  }
  return phones;
}

std::string to_text(const std::vector<int>& digits) { return fmt::format("{}", fmt::join(digits, " ")); }

std::vector<std::string> digit_labels() {
  std::vector<std::string> labels{"<blank>"};
  for (int d = 0; d <= 9; ++d) labels.push_back(std::to_string(d));
  return labels;
}

std::vector<int> labels_to_digits(const std::vector<int>& classes, const std::vector<std::string>& labels) {
  std::vector<int> digits;
  for (int c : classes) {
    if (c < 1 || static_cast<size_t>(c) >= labels.size()) throw bad_input(fmt::format("class {} has no label: there are {}", c, labels.size()));
    const std::string& label = labels[static_cast<size_t>(c)];
    if (label.size() != 1 || label[0] < '0' || label[0] > '9') {
      throw bad_input(fmt::format("label {} is \"{}\", not a digit", c, label), "this network is not a digit recogniser");
    }
    digits.push_back(label[0] - '0');
  }
  return digits;
}

}  // namespace erngen
