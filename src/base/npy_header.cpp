#include "base/npy_header.hpp"

#include <cstdint>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"

// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
namespace erngen {
namespace {

/// Reads the dictionary literal, character by character.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  NpyHeader parse() {
    NpyHeader header;
    bool have_descr = false, have_order = false, have_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      bool& have = key == "descr" ? have_descr : key == "fortran_order" ? have_order : have_shape;
      if (have) fail("a repeated key");
      have = true;
      if (key == "descr")
        header.descr = element_type();
      else if (key == "fortran_order")
        header.fortran_order = boolean();
      else if (key == "shape")
        header.shape = tuple();
      else
        fail("an unknown key");
      if (!accept(',')) {
        expect('}');
        break;
      }
    }
    skip_space();
    if (position_ != text_.size()) fail("text after the dictionary");
    if (!have_descr || !have_order || !have_shape) fail("a missing key");
    return header;
  }

 private:
  [[noreturn]] void fail(const char* why) const {
    throw bad_input(fmt::format("{}: damaged .npy header: {} at character {}", file_, why, position_), npy_way_out);
  }
  void skip_space() {
    while (position_ < text_.size() && (text_[position_] == ' ' || text_[position_] == '\n')) ++position_;
  }
  bool accept(char c) {
    skip_space();
    if (position_ == text_.size() || text_[position_] != c) return false;
    ++position_;
    return true;
  }
  void expect(char c) {
    if (!accept(c)) fail("an unexpected character");
  }
  std::string element_type() {
    if (accept('['))
      throw bad_input(file_ + ": its elements are records of named fields, not numbers",
                      "save one field: numpy.save(FILE, x['FIELD'].astype('float32'))");
    return string();
  }
  std::string string() {
    const char quote = accept('\'') ? '\'' : '"';
    if (quote == '"') expect('"');
    const size_t end = text_.find(quote, position_);
    if (end == std::string_view::npos) fail("an open string");
    const std::string result(text_.substr(position_, end - position_));
    position_ = end + 1;
    return result;
  }
  bool boolean() {
    skip_space();
    for (const std::string_view word : {std::string_view("True"), std::string_view("False")})
      if (text_.substr(position_, word.size()) == word) {
        position_ += word.size();
        return word == "True";
      }
    fail("neither True nor False");
  }
  std::vector<int> tuple() {
    std::vector<int> shape;
    expect('(');
    while (!accept(')')) {
      if (shape.size() == 32) fail("more than 32 dimensions");
      shape.push_back(integer());
      if (!accept(',')) {
        expect(')');
        break;
      }
    }
    return shape;
  }
  int integer() {
    skip_space();
    std::int64_t value = 0;
    const size_t start = position_;
    for (; position_ < text_.size() && text_[position_] >= '0' && text_[position_] <= '9'; ++position_) {
      value = 10 * value + (text_[position_] - '0');
      if (value > std::numeric_limits<int>::max()) fail("a dimension beyond 2147483647");
    }
    if (position_ == start) fail("no number");
    return static_cast<int>(value);
  }

  std::string_view text_;
  const std::string& file_;
  size_t position_ = 0;
};

}  // namespace

NpyHeader parse_npy_header(std::string_view bytes, const std::string& what) {
  const auto truncated = [&] { return bad_input(what + ": truncated .npy header", npy_way_out); };
  if (bytes.size() < 10) throw truncated();
  const auto byte = [&](size_t n) { return static_cast<std::uint32_t>(static_cast<unsigned char>(bytes[n])); };
  const std::uint32_t version = byte(6);
  if (version < 1 || version > 3 || byte(7) != 0)
    throw bad_input(fmt::format("{}: .npy version {}.{}, erngen reads 1.0 to 3.0", what, version, byte(7)),
                    npy_way_out);
  const size_t start = version == 1 ? 10 : 12;
  if (bytes.size() < start) throw truncated();
  std::uint32_t length = byte(8) | byte(9) << 8;
  if (version > 1) length |= byte(10) << 16 | byte(11) << 24;
  if (length > bytes.size() - start) throw truncated();
  NpyHeader header = HeaderParser(bytes.substr(start, length), what).parse();
  header.data = start + length;
  return header;
}

}  // namespace erngen
