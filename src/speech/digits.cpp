#include "speech/digits.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <set>

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

std::vector<int> phones_to_digits(const std::vector<std::string_view>& phones) {
  // best[j]: the smallest distance of the first j phones to a sequence of whole words, whose last word is last[j] and
  // begins at from[j].
  const size_t count = phones.size();
  std::vector<int> best(count + 1, std::numeric_limits<int>::max()), last(count + 1, -1);
  std::vector<size_t> from(count + 1, 0);
  best[0] = 0;
  for (size_t i = 0; i < count; ++i) {
    for (int digit = 0; digit < 10; ++digit) {
      // row[n]: the distance of the word's first n phones to the phones i .. j - 1.
      const auto& spelled = digit_phones(digit);
      std::vector<int> row(spelled.size() + 1);
      for (size_t n = 0; n < row.size(); ++n) row[n] = static_cast<int>(n);
      for (size_t j = i + 1; j <= count; ++j) {
        int diagonal = row[0]++;
        for (size_t n = 1; n < row.size(); ++n) {
          const int substituted = diagonal + (spelled[n - 1] == phones[j - 1] ? 0 : 1);
          diagonal = row[n];
          row[n] = std::min({substituted, row[n] + 1, row[n - 1] + 1});
        }
        if (best[i] + row.back() >= best[j]) continue;
        best[j] = best[i] + row.back();
        last[j] = digit;
        from[j] = i;
      }
    }
  }
  std::vector<int> digits;
  for (size_t j = count; j > 0; j = from[j]) digits.push_back(last[j]);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string to_text(const std::vector<int>& digits) { return fmt::format("{}", fmt::join(digits, " ")); }

std::vector<std::string> digit_labels() {
  std::vector<std::string> labels{"<blank>"};
  for (int d = 0; d <= 9; ++d) labels.push_back(std::to_string(d));
  return labels;
}

std::vector<std::string> phone_labels() {
  std::set<std::string> phones;
  for (int d = 0; d <= 9; ++d) phones.insert(digit_phones(d).begin(), digit_phones(d).end());
  std::vector<std::string> labels{"<blank>"};
  labels.insert(labels.end(), phones.begin(), phones.end());
  return labels;
}

std::vector<int> to_phone_classes(const std::vector<int>& digits) {
  static const std::vector<std::string> labels = phone_labels();
  std::vector<int> classes;
  for (std::string_view phone : to_phones(digits))
    classes.push_back(static_cast<int>(std::find(labels.begin(), labels.end(), phone) - labels.begin()));
  return classes;
}

LabelUnit label_unit(const std::vector<std::string>& labels) {
  return labels == digit_labels() ? LabelUnit::digits : labels == phone_labels() ? LabelUnit::phones : LabelUnit::other;
}

std::vector<int> labels_to_digits(const std::vector<int>& classes, const std::vector<std::string>& labels) {
  std::vector<int> digits;
  for (int c : classes) {
    if (c < 1 || static_cast<size_t>(c) >= labels.size())
      throw bad_input(fmt::format("class {} has no label: there are {}", c, labels.size()));
    const std::string& label = labels[static_cast<size_t>(c)];
    if (label.size() != 1 || label[0] < '0' || label[0] > '9') {
      throw bad_input(fmt::format("label {} is \"{}\", not a digit", c, label),
                      "this network is not a digit recogniser");
    }
    digits.push_back(label[0] - '0');
  }
  return digits;
}

}  // namespace erngen
