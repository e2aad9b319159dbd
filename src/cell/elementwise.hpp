// The element-wise cell operations on integers, bit by bit as docs/arithmetic.md ("Cells") defines them.
//
// These are the models of the templates ern_cell_*.v, ern_linear.v and ern_nonlinear.v. All arrays hold raw integers; z
// has the fraction F_t, everything else the formats of CellFormats. An operation works on n elements; arrays have n
// values.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "activation/activation.hpp"
#include "fixed/fixed.hpp"
#include "network/network.hpp"

namespace erngen {

/// The formats that the element-wise operations see; symbols as in docs/arithmetic.md.
struct CellFormats {
  int activation_width = 12;        ///< A, of h, m, s and y; their fractions are the operations' arguments
  int gate_width = 12;              ///< G, of gate and tanh values; fraction G - 1
  int preactivation_width = 14;     ///< P
  int preactivation_fraction = 10;  ///< f_p
  int sum_fraction = 15;            ///< F_t
  int cell_width = 16;              ///< CW
  int cell_fraction = 11;           ///< f_c, >= G - 1
  int state_width = 12;             ///< HW, of a GRU's state; fraction HW - 1, HW >= G
  int weight_width = 12;            ///< W
  int peephole_fraction = 0;        ///< f_q
  int candidate_width = 18;         ///< V
  int candidate_fraction = 0;       ///< f_v

  int gate_fraction() const { return gate_width - 1; }
  int state_fraction() const { return state_width - 1; }
};

/// The smallest and the largest word of a result.
struct Limits {
  std::int32_t low = 0, high = 0;
  friend bool operator==(const Limits&, const Limits&) = default;
};

/// How often a value met the end of its format, of how many.
struct SaturationCount {
  std::int64_t saturated = 0, values = 0;
};

/// saturate(v, width), counted.
inline std::int64_t saturate_counted(std::int64_t v, int width, SaturationCount& count) {
  const std::int64_t result = saturate(v, width);
  ++count.values;
  count.saturated += result != v;
  return result;
}

/// Saturations of one phase's element-wise operation, by the place where they happen.
struct CellSaturations {
  SaturationCount preactivation[4];  ///< by gate; n of a GRU with reset after is the candidate's, at 2
  SaturationCount cell;              ///< c
  SaturationCount cell_argument;     ///< of tanh(c)
  SaturationCount candidate;         ///< v
  SaturationCount output;            ///< h, m, s or y
};

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

  CellFormats formats;
  ActivationTable sigmoid;
  ActivationTable tanh;
};

/// The weights that let LSTM gates see the cell state, [n] each, W bits, fraction f_q; all empty: none.
struct Peepholes {
  std::span<const std::int32_t> i, f, o;
};

/// One LSTM step. z_*: [n]. c [n]: c(t-1) in, c(t) out. m [n]: out, with the fraction `fraction`.
void lstm_step(const CellUnits& units, Activation candidate, std::span<const std::int64_t> z_i,
               std::span<const std::int64_t> z_f, std::span<const std::int64_t> z_g, std::span<const std::int64_t> z_o,
               const Peepholes& peepholes, std::span<std::int32_t> c, int fraction, std::span<std::int32_t> m,
               CellSaturations& saturations);

/// First pass of a GRU with reset before the product: s = r . h' with the fraction `fraction`, and the update gate q.
/// state [n]: h', HW bits; s, q [n]: out.
void gru_before_gates(const CellUnits& units, std::span<const std::int64_t> z_r, std::span<const std::int64_t> z_z,
                      std::span<const std::int32_t> state, int fraction, std::span<std::int32_t> s,
                      std::span<std::int32_t> q, CellSaturations& saturations);

/// Second pass: the state h(t), HW bits, from h(t-1) and the candidate's sum; and h [n], the vector that matrices read,
/// with the fraction `fraction`.
void gru_before_output(const CellUnits& units, std::span<const std::int64_t> z_n, std::span<const std::int32_t> q,
                       std::span<std::int32_t> state, int fraction, std::span<std::int32_t> h,
                       CellSaturations& saturations);

/// One step of a GRU with reset after the product; z_nx = W_n x + b_n, z_nh = U_n h' + b_hn; state and h as above.
void gru_after_step(const CellUnits& units, std::span<const std::int64_t> z_r, std::span<const std::int64_t> z_z,
                    std::span<const std::int64_t> z_nx, std::span<const std::int64_t> z_nh,
                    std::span<std::int32_t> state, int fraction, std::span<std::int32_t> h,
                    CellSaturations& saturations);

/// The vector h of a state: saturate(round_shift(state, f_s - fraction), A).
std::int32_t state_output(const CellFormats& formats, std::int64_t state, int fraction, SaturationCount& count);

/// y = round_shift(z, shift) limited to low..high, shift = F_t - f_y. A limit within the format of A bits is no
/// saturation.
void linear_step(const CellFormats& formats, int shift, Limits limits, std::span<const std::int64_t> z,
                 std::span<std::int32_t> y, CellSaturations& saturations);

/// y = saturate(round_shift(f(z), G - 1 - fraction), A), f sigmoid or tanh.
void nonlinear_step(const CellUnits& units, const Activation& f, std::span<const std::int64_t> z, int fraction,
                    std::span<std::int32_t> y, CellSaturations& saturations);

}  // namespace erngen
