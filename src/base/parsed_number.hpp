// Numbers in text that somebody else wrote.
#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <type_traits>

namespace erngen {

/// The number that `text` is, with nothing before or behind it; empty where it is none, or none that T holds.
template <class T>
std::optional<T> parsed_number(std::string_view text, int base = 10) {
  T value{};
  std::from_chars_result end{};
  if constexpr (std::is_floating_point_v<T>)
    end = std::from_chars(text.data(), text.data() + text.size(), value);
  else
    end = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (end.ec != std::errc() || end.ptr != text.data() + text.size()) return std::nullopt;
  if constexpr (std::is_floating_point_v<T>)
    if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace erngen
