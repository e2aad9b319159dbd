// The ten English digits as words and as phone sequences.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace erngen {

/// "zero" .. "nine".
std::string_view digit_word(int digit);

/// The phones of a digit in ARPABET without stress marks, most common American pronunciation.
const std::vector<std::string_view>& digit_phones(int digit);

/// The phones of a digit sequence, one after the other.
std::vector<std::string_view> to_phones(const std::vector<int>& digits);

/// The digits whose pronunciations, one after the other, have the smallest edit distance to these phones: what a phone
/// recogniser's output says when only digits can have been spoken. Of equally near sequences the one with lower digits
/// first.
std::vector<int> phones_to_digits(const std::vector<std::string_view>& phones);

/// "3 1 4".
std::string to_text(const std::vector<int>& digits);

/// The output classes of a connected-digit network: the blank, then "0" .. "9".
std::vector<std::string> digit_labels();

/// The output classes of a network of digit phones: the blank, then the phones of the ten words in alphabetical order.
std::vector<std::string> phone_labels();

/// Digits as classes of phone_labels().
std::vector<int> to_phone_classes(const std::vector<int>& digits);

/// What a network's output classes are.
enum class LabelUnit { digits, phones, other };
LabelUnit label_unit(const std::vector<std::string>& labels);

/// The digits of the labels that a decoder returned, by the network's own label list (class i is labels[i]).
/// Throws Error(bad_input) when the list is not the blank and then decimal digits.
std::vector<int> labels_to_digits(const std::vector<int>& classes, const std::vector<std::string>& labels);

}  // namespace erngen
