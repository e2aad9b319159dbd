#include "base/npy.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/half.hpp"
#include "base/npy_header.hpp"

namespace erngen {
namespace {

static_assert(std::endian::native == std::endian::little, ".npy data is read and written in place");

constexpr std::string_view magic = "\x93NUMPY";

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
double widen(Stored value) {
  return static_cast<double>(value);
}

/// Elements of type Stored as float32; `big_endian` bytes are turned round.
template <class Stored, double (*to_double)(Stored) = widen<Stored>>
std::vector<float> convert(std::string_view data, size_t count, bool big_endian, const std::string& file) {
  if (data.size() != count * sizeof(Stored))
    throw bad_input(
        fmt::format("{}: {} bytes of data where the header promises {}", file, data.size(), count * sizeof(Stored)),
        "the file is truncated or damaged: write it again");
  std::vector<float> values(count);
  for (size_t n = 0; n < count; ++n) {
    char bytes[sizeof(Stored)];
    std::memcpy(bytes, data.data() + n * sizeof(Stored), sizeof(Stored));
    if (big_endian) std::reverse(std::begin(bytes), std::end(bytes));
    const double wide = to_double(std::bit_cast<Stored>(bytes));
    if (!(std::fabs(wide) <= static_cast<double>(std::numeric_limits<float>::max())))
      throw bad_input(fmt::format("{}: element {} is {}, not a finite float32", file, n, wide));
    values[n] = static_cast<float>(wide);
  }
  return values;
}

struct ElementType {
  std::string_view name;  ///< descr without the byte order
  std::vector<float> (*read)(std::string_view, size_t, bool, const std::string&);
};

constexpr ElementType element_types[] = {
    {"f2", convert<std::uint16_t, half_to_double>},
    {"f4", convert<float>},
    {"f8", convert<double>},
    {"i1", convert<std::int8_t>},
    {"i2", convert<std::int16_t>},
    {"i4", convert<std::int32_t>},
    {"i8", convert<std::int64_t>},
    {"u1", convert<std::uint8_t>},
    {"u2", convert<std::uint16_t>},
    {"u4", convert<std::uint32_t>},
    {"u8", convert<std::uint64_t>},
    {"b1", convert<std::uint8_t>},
};

/// What elements of another kind are.
const char* kind_name(char kind) {
  switch (kind) {
    case 'c': return "complex numbers";
    case 'O': return "Python objects (a pickle)";
    case 'S':
    case 'U': return "text";
    case 'M':
    case 'm': return "dates or times";
    case 'f': return "numbers of extended precision";
    default: return "no numbers";
  }
}

std::vector<float> elements(const NpyHeader& header, std::string_view data, size_t count, const std::string& file) {
  const std::string& descr = header.descr;
  const bool ordered = !descr.empty() && std::string_view("<>=|").find(descr[0]) != std::string_view::npos;
  for (const ElementType& type : element_types)
    if (ordered && type.name == std::string_view(descr).substr(1)) return type.read(data, count, descr[0] == '>', file);
  throw bad_input(fmt::format("{}: holds {} (element type '{}'); erngen reads real numbers and integers", file,
                              kind_name(descr.size() > 1 ? descr[1] : '?'), descr),
                  npy_way_out);
}

/// Elements whose first index moves fastest, in C order.
std::vector<float> from_fortran_order(const std::vector<float>& values, const std::vector<int>& shape) {
  std::vector<float> result;
  result.reserve(values.size());
  std::vector<int> index(shape.size(), 0);
  for (size_t n = 0; n < values.size(); ++n) {
    size_t at = 0;
    for (size_t axis = shape.size(); axis-- > 0;)
      at = at * static_cast<size_t>(shape[axis]) + static_cast<size_t>(index[axis]);
    result.push_back(values[at]);
    for (size_t axis = shape.size(); axis-- > 0 && ++index[axis] == shape[axis];) index[axis] = 0;
  }
  return result;
}

std::string npy_file(const char* descr, const std::vector<int>& extents, std::string_view data) {
  std::string shape;
  for (const int extent : extents) shape += fmt::format("{}, ", extent);
  if (extents.size() == 1) shape.pop_back();               // (3,)
  if (extents.size() > 1) shape.resize(shape.size() - 2);  // (3, 4)
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, shape);
  header.append(63 - (magic.size() + 4 + header.size()) % 64, ' ');  // data starts at a multiple of 64
  header += '\n';

  std::string bytes(magic);
  bytes += '\x01';
  bytes += '\x00';
  bytes += static_cast<char>(header.size() & 0xff);
  bytes += static_cast<char>(header.size() >> 8);
  return bytes.append(header).append(data);
}

}  // namespace

Array read_npy(const std::filesystem::path& path) { return parse_npy(read_file(path), path.string()); }

Array parse_npy(std::string_view bytes, const std::string& file) {
  if (!bytes.starts_with(magic)) throw other_contents(file, bytes, "a .npy file", npy_way_out);
  const NpyHeader header = parse_npy_header(bytes, file);
  const size_t count = element_count(header.shape, file);
  Array array{header.shape, elements(header, bytes.substr(header.data), count, file)};
  if (header.fortran_order && header.shape.size() > 1) array.values = from_fortran_order(array.values, array.shape);
  return array;
}

std::string npy_bytes(const Array& array) {
  const std::string_view data(reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float));
  return npy_file("<f4", array.shape, data);
}

std::string npy_bytes(const std::vector<std::int64_t>& list) {
  const std::string_view data(reinterpret_cast<const char*>(list.data()), list.size() * sizeof(std::int64_t));
  return npy_file("<i8", {static_cast<int>(list.size())}, data);
}

void write_npy(const std::filesystem::path& file, const Array& array) { write_file_atomically(file, npy_bytes(array)); }

}  // namespace erngen
