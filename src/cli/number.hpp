// Options that are numbers.
#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace erngen::cli {

/// For CLI::Option::transform(): a decimal number from `low` to `high`, of which nothing is left over, lost or wrapped;
/// others are refused with the limits. An option with a limit of T means what it says: 0 is a number, too.
template <class T>
CLI::Validator within(T low, T high) {
  const auto check = [low, high](std::string& text) -> std::string {
    T value{};
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    bool good = parsed.ec == std::errc() && parsed.ptr == end && value >= low && value <= high;
    if constexpr (std::is_floating_point_v<T>) good = good && std::isfinite(value);
    if (!good)
      return fmt::format("'{}' is not {} from {} to {}", text,
                         std::is_floating_point_v<T> ? "a number" : "a whole number", low, high);
    text = fmt::format("{}", value);  // CLI11 would read 010 as octal
    return "";
  };
  return CLI::Validator(check, "");
}

/// A number whose limits depend on other options: whole numbers from 0.
template <class T>
CLI::Validator number() {
  if constexpr (std::is_floating_point_v<T>)
    return within<T>(T(-1e9), T(1e9));
  else
    return within<T>(0, std::numeric_limits<T>::max());
}

/// A seed: any number of 64 bits without a sign.
inline CLI::Validator seed() { return number<std::uint64_t>(); }

/// A clock in MHz.
inline CLI::Validator megahertz() { return within(0.001, 2000.0); }

/// Seconds that a tool may take, up to a year.
inline CLI::Validator time_limit() { return within(0.1, 31536000.0); }

}  // namespace erngen::cli
