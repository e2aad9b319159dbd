#include "base/npy.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "base/file.hpp"

// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
namespace erngen {
namespace {

static_assert(std::endian::native == std::endian::little, ".npy data is read and written in place");

constexpr std::string_view magic = "\x93NUMPY";
constexpr const char* way_out = "write it with numpy.save(FILE, x.astype('float32'))";

/// What the header says: a Python dictionary literal with the keys descr, fortran_order and shape.
struct Header {
  std::string descr;
  bool fortran_order = false;
  std::vector<int> shape;
};

/// Reads the dictionary literal, character by character.
class HeaderParser {
 public:
  HeaderParser(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  Header parse() {
    Header header;
    bool have_descr = false, have_order = false, have_shape = false;
    expect('{');
    while (!accept('}')) {
      const std::string key = string();
      expect(':');
      bool& have = key == "descr" ? have_descr : key == "fortran_order" ? have_order : have_shape;
      if (have) fail("a repeated key");
      have = true;
      if (key == "descr")
        header.descr = string();
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
    throw bad_input(fmt::format("{}: damaged .npy header: {} at character {}", file_, why, position_), way_out);
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

/// The number of elements; refuses products that cannot be the size of a file.
size_t element_count(const std::vector<int>& shape, const std::string& file) {
  std::uint64_t count = 1;
  for (const int extent : shape) {
    count *= static_cast<std::uint64_t>(extent);
    if (count > (std::uint64_t{1} << 31))
      throw bad_input(fmt::format("{}: shape {} has more than 2^31 elements", file, shape));
  }
  return count;
}

template <class Stored>
std::vector<float> convert(std::string_view data, size_t count, const std::string& file) {
  if (data.size() != count * sizeof(Stored))
    throw bad_input(
        fmt::format("{}: {} bytes of data where the header promises {}", file, data.size(), count * sizeof(Stored)),
        "the file is truncated or damaged: write it again");
  std::vector<float> values(count);
  for (size_t n = 0; n < count; ++n) {
    Stored stored;
    std::memcpy(&stored, data.data() + n * sizeof(Stored), sizeof(Stored));
    const double wide = static_cast<double>(stored);
    if (!(std::fabs(wide) <= static_cast<double>(std::numeric_limits<float>::max())))
      throw bad_input(fmt::format("{}: element {} is {}, not a finite float32", file, n, wide));
    values[n] = static_cast<float>(stored);
  }
  return values;
}

}  // namespace

Array read_npy(const std::filesystem::path& path) { return parse_npy(read_file(path), path.string()); }

Array parse_npy(std::string_view view, const std::string& file) {
  if (view.substr(0, magic.size()) != magic) throw bad_input(file + ": is not a .npy file", way_out);
  if (view.size() < 10) throw bad_input(file + ": truncated .npy header", way_out);
  const auto byte = [&](size_t n) { return static_cast<std::uint32_t>(static_cast<unsigned char>(view[n])); };
  const std::uint32_t version = byte(6);
  if (version < 1 || version > 2 || byte(7) != 0)
    throw bad_input(fmt::format("{}: .npy version {}.{}, erngen reads 1.0 and 2.0", file, version, byte(7)), way_out);
  const size_t header_start = version == 1 ? 10 : 12;
  if (view.size() < header_start) throw bad_input(file + ": truncated .npy header", way_out);
  std::uint32_t length = byte(8) | byte(9) << 8;
  if (version == 2) length |= byte(10) << 16 | byte(11) << 24;
  if (length > view.size() - header_start) throw bad_input(file + ": truncated .npy header", way_out);

  const Header header = HeaderParser(view.substr(header_start, length), file).parse();
  if (header.fortran_order && header.shape.size() > 1)
    throw bad_input(file + ": is stored in Fortran order",
                    "write it with numpy.save(FILE, numpy.ascontiguousarray(x))");
  const size_t count = element_count(header.shape, file);
  const std::string_view data = view.substr(header_start + length);
  Array array{header.shape, {}};
  if (header.descr == "<f4")
    array.values = convert<float>(data, count, file);
  else if (header.descr == "<f8")
    array.values = convert<double>(data, count, file);
  else if (header.descr == "<i2")
    array.values = convert<std::int16_t>(data, count, file);
  else if (header.descr == "<i4")
    array.values = convert<std::int32_t>(data, count, file);
  else if (header.descr == "<i8")
    array.values = convert<std::int64_t>(data, count, file);
  else
    throw bad_input(fmt::format("{}: element type '{}'; erngen reads <f4, <f8, <i2, <i4 and <i8", file, header.descr),
                    way_out);
  return array;
}

void write_npy(const std::filesystem::path& file, const Array& array) {
  std::string shape;
  for (const int extent : array.shape) shape += fmt::format("{}, ", extent);
  if (array.shape.size() == 1) shape.pop_back();               // (3,)
  if (array.shape.size() > 1) shape.resize(shape.size() - 2);  // (3, 4)
  std::string header = fmt::format("{{'descr': '<f4', 'fortran_order': False, 'shape': ({}), }}", shape);
  header.append(63 - (magic.size() + 4 + header.size()) % 64, ' ');  // data starts at a multiple of 64
  header += '\n';

  std::string start(magic);
  start += '\x01';
  start += '\x00';
  start += static_cast<char>(header.size() & 0xff);
  start += static_cast<char>(header.size() >> 8);
  AtomicFile output(file);
  output.write(start + header);
  output.write({reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float)});
  output.commit();
}

}  // namespace erngen
