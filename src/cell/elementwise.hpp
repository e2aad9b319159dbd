// The element-wise cell operations on integers, bit by bit as docs/arithmetic.md ("Cells") defines them.
//
// These are the models of the templates ern_cell_*.v and ern_linear.v. All arrays hold raw integers; z has the
// fraction F_t, everything else the formats of CellFormats. An operation works on n elements; arrays have n values.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "activation/activation.hpp"
#include "fixed/fixed.hpp"
#include "network/network.hpp"

namespace erngen {

/// The formats that the element-wise operations see; symbols as in docs/arithmetic.md.
struct CellFormats {
  int activation_width = 12;        ///< A; h, m, s, q and gate values have the fraction A - 1
  int preactivation_width = 14;     ///< P
  int preactivation_fraction = 10;  ///< f_p
  int sum_fraction = 15;            ///< F_t
  int cell_width = 16;              ///< CW
  int cell_fraction = 11;           ///< f_c, >= A - 1
  int weight_width = 12;            ///< W
  int peephole_fraction = 0;        ///< f_q
  int candidate_fraction = 0;       ///< f_v

  static constexpr int candidate_width = 18;  ///< of v, the part of a candidate that the reset gate multiplies
};

/// An activation unit unrolled to one value an input, for speed.
class ActivationTable {
 public:
  explicit ActivationTable(const ActivationUnit& unit)
      : values_(unit.flat_table()), width_(unit.input().width), offset_(-unit.input().min()) {}

  /// f(saturate(x: any, P)) -> A.
  std::int32_t operator()(std::int64_t x) const {
    return values_[static_cast<std::size_t>(saturate(x, width_) + offset_)];
  }

 private:
  std::vector<std::int32_t> values_;
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

/// One LSTM step. z_*: [n]. c [n]: c(t-1) in, c(t) out. m [n]: out.
void lstm_step(const CellUnits& units, Candidate candidate, std::span<const std::int64_t> z_i,
               std::span<const std::int64_t> z_f, std::span<const std::int64_t> z_g, std::span<const std::int64_t> z_o,
               const Peepholes& peepholes, std::span<std::int32_t> c, std::span<std::int32_t> m);

/// First pass of a GRU with reset before the product: s = r . h', and the update gate q. h_previous [n]; s, q [n]: out.
void gru_before_gates(const CellUnits& units, std::span<const std::int64_t> z_r, std::span<const std::int64_t> z_z,
                      std::span<const std::int32_t> h_previous, std::span<std::int32_t> s, std::span<std::int32_t> q);

/// Second pass: h from the candidate's sum. h may be h_previous.
void gru_before_output(const CellUnits& units, std::span<const std::int64_t> z_n, std::span<const std::int32_t> q,
                       std::span<const std::int32_t> h_previous, std::span<std::int32_t> h);

/// One step of a GRU with reset after the product; z_nx = W_n x + b_n, z_nh = U_n h' + b_hn. h may be h_previous.
void gru_after_step(const CellUnits& units, std::span<const std::int64_t> z_r, std::span<const std::int64_t> z_z,
                    std::span<const std::int64_t> z_nx, std::span<const std::int64_t> z_nh,
                    std::span<const std::int32_t> h_previous, std::span<std::int32_t> h);

/// y = saturate(round_shift(z, shift), A), shift = F_t - f_y.
void linear_step(const CellFormats& formats, int shift, std::span<const std::int64_t> z, std::span<std::int32_t> y);

}  // namespace erngen
