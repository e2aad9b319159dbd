#include "network/element_type.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/half.hpp"

namespace erngen {
namespace {

static_assert(std::endian::native == std::endian::little, "tensor data is little-endian");

// bfloat16 is the upper half of a float32.
double bfloat_to_double(std::uint16_t bits) { return std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16); }

/// Decodes little-endian elements of type Stored through `decode` into Target, refusing what does not fit.
template <class Target, class Stored, class Decode>
std::vector<Target> decode(std::string_view data, const std::string& what, Decode to_wide) {
  std::vector<Target> values(data.size() / sizeof(Stored));
  for (size_t n = 0; n < values.size(); ++n) {
    Stored stored;
    std::memcpy(&stored, data.data() + n * sizeof(Stored), sizeof(Stored));
    const auto wide = to_wide(stored);
    if (!(wide >= std::numeric_limits<Target>::lowest() && wide <= std::numeric_limits<Target>::max()))
      throw bad_input(fmt::format("{}: element {} is {}, {}", what, n, wide,
                                  std::is_floating_point_v<Target> ? "not a finite float32" : "outside 32 bits"));
    values[n] = static_cast<Target>(wide);
  }
  return values;
}

template <class Stored, double (*to_double)(Stored) = nullptr>
void read_float(Tensor& tensor, std::string_view data, const std::string& what) {
  tensor.values = decode<float, Stored>(data, what, [](Stored v) {
    if constexpr (to_double != nullptr)
      return to_double(v);
    else
      return static_cast<double>(v);
  });
}

template <class Stored>
void read_integer(Tensor& tensor, std::string_view data, const std::string& what) {
  tensor.values = decode<std::int32_t, Stored>(data, what, [](Stored v) { return static_cast<std::int64_t>(v); });
}

constexpr ElementType types[] = {
    {"F16", 2, read_float<std::uint16_t, half_to_double>},
    {"BF16", 2, read_float<std::uint16_t, bfloat_to_double>},
    {"F32", 4, read_float<float>},
    {"F64", 8, read_float<double>},
    {"BOOL", 1, read_integer<std::uint8_t>},
    {"U8", 1, read_integer<std::uint8_t>},
    {"I8", 1, read_integer<std::int8_t>},
    {"U16", 2, read_integer<std::uint16_t>},
    {"I16", 2, read_integer<std::int16_t>},
    {"U32", 4, read_integer<std::uint32_t>},
    {"I32", 4, read_integer<std::int32_t>},
    {"I64", 8, read_integer<std::int64_t>},
};

}  // namespace

const ElementType* find_element_type(std::string_view name) {
  const auto* found = std::ranges::find(types, name, [](const ElementType& t) { return std::string_view(t.name); });
  return found == std::end(types) ? nullptr : found;
}

}  // namespace erngen
