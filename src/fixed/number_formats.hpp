// The formats that all signals of a network share, and the widths that follow from them.
#pragma once

#include <algorithm>
#include <cstdint>

#include "base/bits.hpp"
#include "fixed/fixed.hpp"

namespace erngen {

/// Symbols as in docs/reference/arithmetic.md.
struct NumberFormats {
  int activation_width = 12;        ///< A
  int weight_width = 12;            ///< W
  int gate_width = 12;              ///< G, of sigmoid and tanh values
  int preactivation_width = 14;     ///< P
  int preactivation_fraction = 10;  ///< f_p
  int cell_width = 16;              ///< CW
  int cell_fraction = 11;           ///< f_c
  int state_width = 12;             ///< HW, of a GRU's h as the element-wise operations keep it
  int readout_width = 20;           ///< WD
  int readout_fraction = 12;        ///< F_d of the cells
  int max_block = 8;                ///< kmax
  int spectrum_guard = 0;           ///< g_max
  int spectrum_drop = 0;            ///< d
  int peephole_fraction = 0;        ///< f_q
  int candidate_width = 18;         ///< V, of the part of a candidate that the reset gate multiplies
  int candidate_fraction = 0;       ///< f_v
  int max_terms = 1;                ///< most column blocks in one accumulation
  int open_bits =
      0;  ///< E: candidates, functions of cell states and a GRU's states lie in -2^E..2^E; 0 where tanh bounds them

  static constexpr int max_cell_width = 32;
  static constexpr int max_gate_width = 22;   ///< beyond 18, the narrow multiplier port, products take two multipliers
  static constexpr int max_state_width = 25;  ///< the wide multiplier port, as for V
  static constexpr int max_preactivation_width = 22;
  static constexpr int max_spectrum_width = 18;  ///< the multiplier port that spectra use

  /// Fraction of sigmoid and tanh values: they lie in [-1, 1].
  int gate_fraction() const { return gate_width - 1; }
  int state_fraction() const { return state_width - 1 - open_bits; }  ///< f_s
  int open_width() const { return gate_width + open_bits; }  ///< of candidates; their fraction is that of gates
  int sum_fraction() const { return sum_fraction(readout_fraction); }  ///< F_t of the cells
  /// F_t of a phase whose spectra are read out with the fraction `readout` (linear phases have one of their own).
  int sum_fraction(int readout) const { return readout + log2_exact(max_block); }
  /// SX: bits of a spectrum word.
  int spectrum_width() const { return activation_width + spectrum_guard + log2_exact(max_block) - spectrum_drop; }
  /// Bits of an inverse transform's result, aligned to F_t.
  int transform_width() const { return readout_width + log2_exact(max_block) + 1; }
  /// Bits of z: two transforms, the bias, and the peephole or candidate product; cannot overflow. A transform is at
  /// most sqrt(2) k 2^(WD-1) = 2^(TW-1.5), the bias 2^(TW-1): together below 5/4 2^TW.
  int sum_width() const {
    const int peephole = weight_width + cell_width - (peephole_fraction + cell_fraction) + sum_fraction();
    const int candidate = candidate_width - candidate_fraction + sum_fraction();
    const std::int64_t product = std::int64_t{1} << std::clamp(std::max(peephole, candidate) - 1, 0, 60);
    return 1 + ceil_log2((std::int64_t{5} << (transform_width() - 2)) + product + 1);
  }
  /// Bits of a bias: as wide as one transform, and a word of 32 bits.
  int bias_width() const { return std::min(transform_width(), 32); }
  /// Bits of a sum that is rounded to an activation's argument.
  int argument_width() const { return sum_width() + 1 - (sum_fraction() - preactivation_fraction); }
  /// Bits of a MAC accumulator over the most terms that any row sums.
  int accumulator_width() const { return spectrum_width() + weight_width + 2 + ceil_log2(max_terms); }

  Format gate() const { return {gate_width, gate_fraction()}; }
  Format state() const { return {state_width, state_fraction()}; }
  Format preactivation() const { return {preactivation_width, preactivation_fraction}; }
  Format cell() const { return {cell_width, cell_fraction}; }
};

}  // namespace erngen
