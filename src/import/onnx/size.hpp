// Sizes of a graph's axes as its shape arithmetic sees them: whole numbers, some of which the file leaves open.
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace erngen::onnx {

/// factor times the product of open sizes, each a symbol. What is not of this form is not known at all.
class Size {
 public:
  Size(std::int64_t value = 0) : factor_(value) {}
  static Size symbol(int id) {
    Size size(1);
    size.symbols_ = {id};
    return size;
  }
  static Size unknown() { return symbol(-1); }

  /// The number, if no symbol is in it.
  std::optional<std::int64_t> value() const { return symbols_.empty() ? std::optional(factor_) : std::nullopt; }
  bool is(std::int64_t number) const { return symbols_.empty() && factor_ == number; }
  /// Whether it is 1 or more whatever the open sizes are.
  bool is_positive() const { return !is_unknown() && factor_ > 0; }
  bool is_unknown() const { return !symbols_.empty() && symbols_.front() == -1; }

  friend Size operator*(const Size& a, const Size& b) {
    Size product;
    if (__builtin_mul_overflow(a.factor_, b.factor_, &product.factor_) || a.is_unknown() || b.is_unknown())
      return unknown();
    std::ranges::merge(a.symbols_, b.symbols_, std::back_inserter(product.symbols_));
    if (product.factor_ == 0) product.symbols_.clear();
    return product;
  }
  /// a / b, if it is of this form.
  friend std::optional<Size> exact_quotient(const Size& a, const Size& b) {
    if (a.is_unknown() || b.is_unknown() || a.factor_ < 0 || b.factor_ <= 0 || a.factor_ % b.factor_ != 0) return {};
    if (!std::ranges::includes(a.symbols_, b.symbols_)) return {};
    Size quotient(a.factor_ / b.factor_);
    std::ranges::set_difference(a.symbols_, b.symbols_, std::back_inserter(quotient.symbols_));
    return quotient;
  }
  /// Whether they are known to be equal.
  friend bool operator==(const Size& a, const Size& b) {
    return !a.is_unknown() && !b.is_unknown() && a.factor_ == b.factor_ && a.symbols_ == b.symbols_;
  }

  /// "12", "?".
  std::string text() const { return symbols_.empty() ? std::to_string(factor_) : "?"; }

 private:
  std::int64_t factor_;
  std::vector<int> symbols_;  ///< in order, each as often as it is in the product; -1: not known
};

/// "[2, ?, 8]".
inline std::string shape_text(const std::vector<Size>& shape) {
  std::string text;
  for (const Size& size : shape) text += (text.empty() ? "[" : ", ") + size.text();
  return text.empty() ? "[]" : text + "]";
}

}  // namespace erngen::onnx
