#include "base/printable.hpp"

#include <algorithm>
#include <cstdint>

#include <fmt/format.h>

namespace erngen {
namespace {

constexpr size_t longest_line = 1000, longest_word = 200;

/// A character of UTF-8 at the start of `text`: its code point and its length in bytes, 0 if there is none.
struct Character {
  std::uint32_t code = 0;
  size_t length = 0;
};

Character first_character(std::string_view text) {
  const auto byte = [&](size_t n) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[n])); };
  const std::uint32_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return {};
  std::uint32_t code = lead & (0x7fu >> length);
  for (size_t n = 1; n < length; ++n) {
    if ((byte(n) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(n) & 0x3f);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  const bool surrogate = code >= 0xd800 && code < 0xe000;
  return overlong || surrogate || code > 0x10ffff ? Character{} : Character{code, length};
}

bool is_shown(std::uint32_t code) {
  const auto within = [code](std::uint32_t low, std::uint32_t high) { return code >= low && code <= high; };
  return !(within(0, 0x1f) || within(0x7f, 0x9f) || within(0x200b, 0x200f) || within(0x2028, 0x202e) ||
           within(0x2060, 0x206f) || code == 0xfeff);
}

/// Copies `text`; what is not shown and not in `kept` becomes escape(byte), byte by byte.
template <class Escape>
std::string escaped(std::string_view text, std::string_view kept, Escape&& escape) {
  std::string result;
  while (!text.empty()) {
    const Character c = first_character(text);
    const size_t length = std::max<size_t>(c.length, 1);
    const bool keep = c.length > 0 && (is_shown(c.code) || kept.find(text[0]) != std::string_view::npos);
    if (keep)
      result += text.substr(0, length);
    else
      for (const char byte : text.substr(0, length)) result += escape(static_cast<unsigned char>(byte));
    text.remove_prefix(length);
  }
  return result;
}

/// Whether a cut before text[n] leaves UTF-8 whole.
bool is_boundary(std::string_view text, size_t n) { return (static_cast<unsigned char>(text[n]) & 0xc0) != 0x80; }

/// The first two thirds and the last third of `limit` bytes, with what was left out between them.
std::string without_middle(std::string_view text, size_t limit) {
  if (text.size() <= limit) return std::string(text);
  size_t head = limit * 2 / 3, tail = text.size() - limit / 3;
  while (head > 0 && !is_boundary(text, head)) --head;
  while (tail < text.size() && !is_boundary(text, tail)) ++tail;
  return fmt::format("{}[... {} bytes ...]{}", text.substr(0, head), tail - head, text.substr(tail));
}

std::string short_line(std::string_view line) {
  std::string result;
  while (!line.empty()) {
    const size_t space = std::min(line.find(' '), line.size());
    result += without_middle(line.substr(0, space), longest_word);
    const size_t next = std::min(line.find_first_not_of(' ', space), line.size());
    result += line.substr(space, next - space);
    line.remove_prefix(next);
  }
  return without_middle(result, longest_line);
}

std::string hexadecimal(unsigned char byte) { return fmt::format("\\x{:02x}", byte); }

}  // namespace

std::string printable(std::string_view text) { return escaped(text, "\n\t", hexadecimal); }

std::string printable_message(std::string_view text) {
  const std::string safe = printable(text);
  std::string result;
  for (size_t start = 0; start <= safe.size();) {
    const size_t end = std::min(safe.find('\n', start), safe.size());
    const std::string_view line = std::string_view(safe).substr(start, end - start);
    if (start > 0) result += line.empty() ? "\n" : line.starts_with("  ") ? "\n" : "\n  ";
    result += short_line(line);
    start = end + 1;
  }
  return result;
}

std::string shell_word(std::string_view text) {
  constexpr std::string_view plain = "_-./:=,+@%";
  const auto is_plain = [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           plain.find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), is_plain)) return std::string(text);
  const bool ansi = escaped(text, "", hexadecimal) != text;
  std::string quoted = ansi ? "$'" : "'";
  for (const char c : text) {
    if (ansi && (c == '\\' || c == '\'')) quoted += '\\';
    if (!ansi && c == '\'')
      quoted += "'\\''";
    else
      quoted += c;
  }
  if (!ansi) return quoted + "'";
  // Octal has three digits at most, so that the next character cannot belong to it.
  return escaped(quoted, "", [](unsigned char byte) { return fmt::format("\\{:03o}", byte); }) + "'";
}

}  // namespace erngen
