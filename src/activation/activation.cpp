#include "activation/activation.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

constexpr std::int64_t one = 1;

/// f(x) + f(-x), in output lsb.
std::int64_t symmetry_sum(const ActivationShape& shape) {
  return sums_to_one(shape.function) ? one << (shape.output.width - 1) : 0;
}

/// f(infinity) in output lsb: 1.0 for sigmoid (only its mirror image 0 is ever seen), MAX for tanh.
std::int64_t value_at_infinity(const ActivationShape& shape) {
  return sums_to_one(shape.function) ? one << (shape.output.width - 1) : shape.output.max();
}

void require(bool ok, const char* parameter, std::int64_t value, const std::string& limit) {
  if (!ok) throw bad_input(fmt::format("activation unit: {} is {}, but must be {}", parameter, value, limit));
}

void check_shape(const ActivationShape& s) {
  require(s.input.width >= 2 && s.input.width <= max_activation_input, "input width", s.input.width,
          fmt::format("2 to {}", max_activation_input));
  require(s.output.width >= 2 && s.output.width <= max_activation_output, "output width", s.output.width,
          fmt::format("2 to {}", max_activation_output));
  require(s.output.fraction == s.output.width - 1, "output fraction", s.output.fraction, "the output width - 1");
  require(s.range_bits >= 1 && s.range_bits < s.input.width, "range_bits", s.range_bits, "1 to the input width - 1");
  require(s.beyond >= 0 && s.beyond <= value_at_infinity(s), "beyond", s.beyond,
          fmt::format("0 to {}", value_at_infinity(s)));
  const bool table = s.kind == UnitKind::table;
  const int least = table ? 1 : std::max(1, s.range_bits - max_place_bits);
  require(s.address_bits >= least && s.fraction_bits() >= (table ? 0 : 1), "address_bits", s.address_bits,
          fmt::format("{} to {}", least, s.range_bits - (table ? 0 : 1)));
  if (table) return;
  require(s.shift >= 1 && s.shift <= 24, "shift", s.shift, "1 to 24");
  require(s.entry_shift >= 1 && s.entry_shift <= s.shift, "entry_shift", s.entry_shift, "1 to the shift");
}

}  // namespace

const char* function_name(Function function) {
  constexpr const char* names[] = {"sigmoid", "tanh", "hard_sigmoid", "hard_tanh"};
  return names[static_cast<int>(function)];
}
const char* kind_name(UnitKind kind) { return kind == UnitKind::table ? "table" : "piecewise"; }

double real_value(Function function, double x) {
  switch (function) {
    case Function::sigmoid: return 1.0 / (1.0 + std::exp(-x));
    case Function::tanh: return std::tanh(x);
    case Function::hard_sigmoid: return std::clamp(x / 4 + 0.5, 0.0, 1.0);
    case Function::hard_tanh: return std::clamp(x, -1.0, 1.0);
  }
  return 0;
}

ActivationUnit::ActivationUnit()
    : ActivationUnit({.input = {2, 0}, .output = {2, 1}, .range_bits = 1, .address_bits = 1}, {1, 1}) {}

ActivationUnit::ActivationUnit(const ActivationShape& shape, std::vector<std::int32_t> entries,
                               std::vector<std::int32_t> slopes)
    : shape_(shape), entries_(std::move(entries)), slopes_(std::move(slopes)) {
  check_shape(shape_);
  const size_t count = size_t{1} << shape_.address_bits;
  require(entries_.size() == count, "number of entries", static_cast<std::int64_t>(entries_.size()),
          fmt::to_string(count));
  const bool piecewise = kind() == UnitKind::piecewise;
  const size_t slope_count = piecewise ? count : 0;
  require(slopes_.size() == slope_count, "number of slopes", static_cast<std::int64_t>(slopes_.size()),
          fmt::to_string(slope_count));

  const std::int64_t limit = piecewise ? (one << entry_width()) - 1 : value_at_infinity(shape_);
  for (const std::int32_t e : entries_) require(e >= 0 && e <= limit, "an entry", e, fmt::format("0 to {}", limit));
  for (const std::int32_t v : slopes_) {
    require(v >= 0 && v < (one << 18), "a slope", v, "0 to 2^18 - 1");
    slope_width_ = std::max(slope_width_, static_cast<int>(std::bit_width(static_cast<unsigned>(v))));
  }
  if (!piecewise) return;
  slope_width_ = std::max(slope_width_, 1);
  const std::int64_t low = symmetry_sum(shape_) - value_at_infinity(shape_);
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(count); ++i) {  // a line rises, so its ends are its limits
    const std::int64_t first = i << shape_.fraction_bits(), last = first + (one << shape_.fraction_bits()) - 1;
    for (const std::int64_t raw : {first, last, ~first, ~last}) {
      const std::int64_t y = evaluate(raw);
      if (y < low || y > output().max()) require(false, "a result", y, fmt::format("{} to {}", low, output().max()));
    }
  }
}

int ActivationUnit::entry_width() const {
  return kind() == UnitKind::table ? output().width : output().width - 1 + shape_.entry_shift;
}

std::int64_t ActivationUnit::evaluate(std::int64_t raw) const {
  const ActivationShape& s = shape_;
  const std::int64_t base = symmetry_sum(s);
  const std::int64_t top = output().max();
  const bool negative = raw < 0;
  const int b = s.fraction_bits();

  if (s.kind == UnitKind::table) {
    const std::int64_t magnitude = negative ? -raw : raw;
    const bool inside = magnitude >> s.range_bits == 0;
    const std::int64_t y = inside ? entries_[static_cast<size_t>(magnitude >> b)] : s.beyond;
    return negative ? base - y : std::min(y, top);
  }
  const std::int64_t folded = negative ? ~raw : raw;
  if (folded >> s.range_bits != 0) return negative ? base - s.beyond : std::min<std::int64_t>(s.beyond, top);
  const auto i = static_cast<size_t>(folded >> b);
  const std::int64_t along = (raw & ((one << b) - 1)) - (negative ? one << b : 0);
  const std::int64_t entry = entries_[i] * (one << (s.shift - s.entry_shift));
  const std::int64_t start = negative ? (base + 1) * (one << s.shift) - 1 - entry : entry;
  return (start + slopes_[i] * along) >> s.shift;
}

std::vector<std::int32_t> ActivationUnit::flat_table() const {
  std::vector<std::int32_t> values;
  values.reserve(size_t{1} << input().width);
  for (std::int64_t raw = input().min(); raw <= input().max(); ++raw) {
    values.push_back(static_cast<std::int32_t>(evaluate(raw)));
  }
  return values;
}

double activation_target(Function function, Format input, Format output, std::int64_t raw) {
  const double y = std::ldexp(real_value(function, to_double(raw, input)), output.fraction);
  const auto top = static_cast<double>(output.max());
  return std::clamp(y, -top, top);
}

double ActivationUnit::max_error_ulp() const {
  double worst = 0;
  for (std::int64_t raw = input().min(); raw <= input().max(); ++raw) {
    const double target = activation_target(function(), input(), output(), raw);
    worst = std::max(worst, std::abs(static_cast<double>(evaluate(raw)) - target));
  }
  return worst;
}

std::string activation_image(const ActivationUnit& unit) {
  const int digits = (unit.entry_width() + unit.slope_width() + 3) / 4;
  std::string text;
  for (size_t i = 0; i < unit.entries().size(); ++i) {
    std::uint64_t word = static_cast<std::uint64_t>(unit.entries()[i]);
    if (unit.kind() == UnitKind::piecewise) word |= static_cast<std::uint64_t>(unit.slopes()[i]) << unit.entry_width();
    text += fmt::format("{:0{}x}\n", word, digits);
  }
  return text;
}

std::string activation_parameter(const ActivationUnit& unit) {
  const ActivationShape& s = unit.shape();
  const auto word = [](std::int64_t v) { return static_cast<std::uint32_t>(v); };
  return fmt::format("{{32'd{}, 32'd{}, 32'd{}, 32'd{}, 32'd{}, 32'd{}, 32'd{}, 32'd{}, 32'd{}, 32'd{}}}",
                     word(unit.saturation_low()), word(unit.saturation_high()), s.entry_shift, s.shift,
                     unit.slope_width(), unit.entry_width(), s.address_bits, s.range_bits,
                     s.kind == UnitKind::piecewise ? 1 : 0, sums_to_one(s.function) ? 0 : 1);
}

}  // namespace erngen
