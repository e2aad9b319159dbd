// Activation units: sigmoid, tanh and their hard forms as the hardware computes them, bit by bit (template
// ern_activation.v).
//
// A unit maps a signed `input` format of P bits to a signed `output` format of A bits with the fraction A - 1. Both
// functions are point symmetric, tanh(-x) = -tanh(x) and sigmoid(-x) = 1 - sigmoid(x), so only |x| is tabulated, and
// only below 2^range_bits input lsb: beyond it the function is a constant. With MAX = 2^(A-1) - 1, BASE = 2^(A-1)
// for sigmoid and 0 for tanh (the sum f(x) + f(-x) in output lsb):
//
//   table:      y = entry[|x| >> b];  x >= 0 ? min(y, MAX) : BASE - y
//   piecewise:  E = entry[i] * 2^(shift - entry_shift), i = |x| div 2^b in ones' complement (x < 0 ? ~x : x)
//               x >= 0:  (E + slope[i] * (x mod 2^b)) >> shift
//               x < 0 :  ((BASE + 1) * 2^shift - 1 - E + slope[i] * (x mod 2^b - 2^b)) >> shift
//
// with b = range_bits - address_bits. A piecewise entry holds the intercept plus 1/2 output lsb, so the shift rounds
// half up for x >= 0; for x < 0 the constant makes it round half down, and the result is exactly BASE minus the line's
// value at |x|. A segment's line is therefore used on 0 <= |x| - i 2^b <= 2^b, both ends included.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fixed/fixed.hpp"

namespace erngen {

/// hard_sigmoid is x / 4 + 1/2 limited to 0..1, hard_tanh x limited to -1..1; other slopes are scaled weights.
enum class Function { sigmoid, tanh, hard_sigmoid, hard_tanh };
enum class UnitKind { table, piecewise };

const char* function_name(Function function);  ///< "sigmoid", "tanh", "hard_sigmoid", "hard_tanh"
const char* kind_name(UnitKind kind);          ///< "table", "piecewise"

/// Whether f(-x) = 1 - f(x), as of sigmoid; else f(-x) = -f(x), as of tanh.
constexpr bool sums_to_one(Function function) {
  return function == Function::sigmoid || function == Function::hard_sigmoid;
}

/// f(x).
double real_value(Function function, double x);

/// Most bits of a unit's input and output.
inline constexpr int max_activation_input = 22;
inline constexpr int max_activation_output = 22;
/// Most bits of a place within a piecewise entry: with its sign it fits the narrow multiplier port.
inline constexpr int max_place_bits = 16;

/// The numbers that determine a unit's hardware, except for its contents.
struct ActivationShape {
  Function function = Function::sigmoid;
  UnitKind kind = UnitKind::table;
  Format input;          ///< P bits, 2 <= P <= max_activation_input
  Format output;         ///< A bits, 2 <= A <= max_activation_output, fraction A - 1
  int range_bits = 1;    ///< |x| below 2^range_bits is tabulated; 1 .. P - 1
  int address_bits = 1;  ///< log2 of the entries; 1 .. range_bits, piecewise: below range_bits
  int beyond = 1;  ///< |f| from 2^range_bits on, in output lsb; at most f(infinity): 2^(A-1) for sigmoid, MAX for tanh
  int entry_shift = 0;  ///< piecewise: fraction bits of an intercept, in output lsb; 1 .. shift
  int shift = 0;        ///< piecewise: fraction bits of a slope (output lsb per input lsb)

  int fraction_bits() const { return range_bits - address_bits; }  ///< b
  friend bool operator==(const ActivationShape&, const ActivationShape&) = default;
};

/// One activation unit: an immutable value.
class ActivationUnit {
 public:
  /// A unit of 2-bit formats; exists so that aggregates of units can be default-constructed.
  ActivationUnit();
  /// `entries` and, for piecewise units, `slopes`: [2^address_bits], not negative.
  /// Throws Error(bad_input) naming the parameter when the shape is illegal, when an entry or slope does not fit, or
  /// when a result would leave the output range.
  ActivationUnit(const ActivationShape& shape, std::vector<std::int32_t> entries,
                 std::vector<std::int32_t> slopes = {});

  const ActivationShape& shape() const { return shape_; }
  Function function() const { return shape_.function; }
  UnitKind kind() const { return shape_.kind; }
  Format input() const { return shape_.input; }
  Format output() const { return shape_.output; }
  const std::vector<std::int32_t>& entries() const { return entries_; }
  const std::vector<std::int32_t>& slopes() const { return slopes_; }
  int entry_width() const;                          ///< bits of an entry, unsigned
  int slope_width() const { return slope_width_; }  ///< bits of a slope, unsigned; 0 for tables

  /// evaluate(raw: P) -> A. required: raw fits the input format.
  std::int64_t evaluate(std::int64_t raw) const;
  /// Results beyond the range, above and below; what evaluate() gives for the format's extremes, so that
  /// evaluate(saturate(v, P)) needs no saturation in hardware.
  std::int64_t saturation_high() const { return evaluate(input().max()); }
  std::int64_t saturation_low() const { return evaluate(input().min()); }

  /// evaluate() of all inputs: [2^P], raw r at index r - input().min().
  std::vector<std::int32_t> flat_table() const;

  /// Largest |evaluate(x) - f(x)| over all 2^P inputs, in output lsb, where f is the real function clamped to what the
  /// output may hold: at most MAX, and for tanh at least -MAX.
  double max_error_ulp() const;

  friend bool operator==(const ActivationUnit&, const ActivationUnit&) = default;

 private:
  ActivationShape shape_;
  std::vector<std::int32_t> entries_, slopes_;
  int slope_width_ = 0;
};

/// f(x) clamped to the output range of a unit, in output lsb: the target of max_error_ulp().
double activation_target(Function function, Format input, Format output, std::int64_t raw);

/// The memory image of a unit for $readmemh: one word a line, {slope, entry} in hexadecimal.
std::string activation_image(const ActivationUnit& unit);

/// The UNIT parameter of ern_activation_bank and of the cells: ten 32-bit fields, "{32'd..., ...}", the last one
/// first: SAT_LOW, SAT_HIGH, ENTRY_SHIFT, SHIFT, SLOPE_WIDTH, ENTRY_WIDTH, ADDR_BITS, RANGE_BITS, KIND, FUNCTION.
std::string activation_parameter(const ActivationUnit& unit);

}  // namespace erngen
