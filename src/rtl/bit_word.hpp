// A word of any width, built field by field, printed for $readmemh.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace erngen {

class BitWord {
 public:
  /// Puts the low `width` bits of `value` above what is there. Throws Error(internal) if the value, taken as
  /// unsigned or as two's complement, does not fit: a field that overflows is a planner's mistake.
  void append(std::int64_t value, int width);

  int width() const { return static_cast<int>(bits_.size()); }
  /// `width` bits from bit `first` on, or as many as there are.
  BitWord slice(int first, int width) const;
  std::string hex() const;      ///< ceil(width / 4) digits
  std::string literal() const;  ///< "36'h0123..."

 private:
  std::vector<bool> bits_;
};

}  // namespace erngen
