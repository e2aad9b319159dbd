#include "rtl/bit_word.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {

void BitWord::append(std::int64_t value, int width) {
  if (width < 63 && (value >= (std::int64_t{1} << width) || value < -(std::int64_t{1} << (width - 1))))
    throw Error(ExitCode::internal, fmt::format("value {} does not fit a field of {} bits", value, width));
  for (int i = 0; i < width; ++i) bits_.push_back(value >> std::min(i, 63) & 1);
}

BitWord BitWord::slice(int first, int width) const {
  BitWord part;
  part.bits_.assign(bits_.begin() + first, bits_.begin() + std::min(first + width, this->width()));
  return part;
}

std::string BitWord::hex() const {
  std::string digits((bits_.size() + 3) / 4, '0');
  for (size_t d = 0; d < digits.size(); ++d) {
    int nibble = 0;
    for (size_t b = 0; b < 4 && 4 * d + b < bits_.size(); ++b) nibble |= bits_[4 * d + b] << b;
    digits[digits.size() - 1 - d] = "0123456789abcdef"[nibble];
  }
  return digits;
}

std::string BitWord::literal() const { return fmt::format("{}'h{}", width(), hex()); }

}  // namespace erngen
