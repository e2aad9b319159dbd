// What the integer steps of operations share: formats, activation tables, counts of saturations.
//
// The steps (lstm_step() and the others) are the models of the templates ern_cell_*.v, ern_linear.v and
// ern_nonlinear.v, bit by bit as docs/reference/arithmetic.md ("Cells") defines them. All their arrays hold raw
// integers; z has the fraction F_t, everything else the formats of CellFormats. A step works on n elements; arrays have
// n values.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "activation/activation.hpp"
#include "fixed/fixed.hpp"
#include "ops/output_end.hpp"

namespace erngen {

/// The formats that the element-wise operations see; symbols as in docs/reference/arithmetic.md.
struct CellFormats {
  int activation_width = 12;        ///< A, of h, m, s and y; their fractions are the operations' arguments
  int gate_width = 12;              ///< G, of gate and tanh values; fraction G - 1
  int preactivation_width = 14;     ///< P
  int preactivation_fraction = 10;  ///< f_p
  int sum_fraction = 15;            ///< F_t
  int cell_width = 16;              ///< CW
  int cell_fraction = 11;           ///< f_c, >= G - 1
  int state_width = 12;             ///< HW, of a GRU's state; fraction HW - 1 - E, HW >= G + E
  int open_bits = 0;                ///< E: candidates have G + E bits
  int weight_width = 12;            ///< W
  int peephole_fraction = 0;        ///< f_q
  int candidate_width = 18;         ///< V
  int candidate_fraction = 0;       ///< f_v

  int gate_fraction() const { return gate_width - 1; }
  int state_fraction() const { return state_width - 1 - open_bits; }
  int open_width() const { return gate_width + open_bits; }
};

/// How often a value met the end of its format, of how many.
struct SaturationCount {
  std::int64_t saturated = 0, values = 0;
};

/// Saturations of one phase's element-wise operation, by the place where they happen.
struct CellSaturations {
  SaturationCount preactivation[4];  ///< by gate; n of a GRU with reset after is the candidate's, at 2
  SaturationCount cell;              ///< c
  SaturationCount cell_argument;     ///< of tanh(c)
  SaturationCount candidate;         ///< v
  SaturationCount output;            ///< h, m, s or y
};

/// saturate(v, width), counted.
inline std::int64_t saturate_counted(std::int64_t v, int width, SaturationCount& count) {
  const std::int64_t result = saturate(v, width);
  ++count.values;
  count.saturated += result != v;
  return result;
}

/// v limited to low..high. A limit within the format is no saturation.
inline std::int64_t limited(std::int64_t v, Limits limits, Format format, SaturationCount& count) {
  ++count.values;
  count.saturated +=
      (v < format.min() && limits.low == format.min()) || (v > format.max() && limits.high == format.max());
  return std::clamp<std::int64_t>(v, limits.low, limits.high);
}

inline std::int32_t narrow(std::int64_t v) { return static_cast<std::int32_t>(v); }

/// An activation unit that remembers its value at each input, where these are not too many for a cache.
class ActivationTable {
 public:
  explicit ActivationTable(const ActivationUnit& unit)
      : unit_(unit), width_(unit.input().width), offset_(-unit.input().min()) {
    if (width_ <= 17) values_.assign(std::size_t{1} << width_, unknown);
  }

  /// f(saturate(x: any, P)) -> G.
  std::int32_t operator()(std::int64_t x, SaturationCount& count) const;

 private:
  static constexpr std::int32_t unknown = std::numeric_limits<std::int32_t>::min();

  ActivationUnit unit_;
  mutable std::vector<std::int32_t> values_;
  int width_;
  std::int64_t offset_;
};

/// The formats and activation units of a network's cells.
struct CellUnits {
  /// Throws Error(bad_input) when a unit's formats are not those of `formats_`.
  CellUnits(const CellFormats& formats_, const ActivationUnit& sigmoid_, const ActivationUnit& tanh_);

  /// act_in(z): the rounding before an activation; the unit itself saturates.
  std::int64_t preactivation(std::int64_t z) const {
    return round_shift(z, formats.sum_fraction - formats.preactivation_fraction);
  }

  /// The function of a candidate or of a cell state, of an argument that preactivation() rounded: a unit's value, or
  /// the argument within limits, saturated to G + E bits; the fraction is G - 1.
  std::int64_t function(const Activation& f, std::int64_t argument, SaturationCount& count) const;

  CellFormats formats;
  ActivationTable sigmoid;
  ActivationTable tanh;
};

}  // namespace erngen
