// The quantised network: integers and formats, nothing real left.
#pragma once

#include <algorithm>
#include <filesystem>

#include "activation/activation.hpp"
#include "base/bits.hpp"
#include "cell/graph.hpp"
#include "fixed/fixed.hpp"

namespace erngen {

/// The formats that all signals of a network share; symbols as in docs/arithmetic.md.
struct NumberFormats {
  int activation_width = 12;        ///< A
  int weight_width = 12;            ///< W
  int preactivation_width = 14;     ///< P
  int preactivation_fraction = 10;  ///< f_p
  int cell_width = 16;              ///< CW
  int cell_fraction = 11;           ///< f_c
  int readout_width = 20;           ///< WD
  int readout_fraction = 12;        ///< F_d
  int max_block = 8;                ///< kmax
  int spectrum_guard = 0;           ///< g_max
  int spectrum_drop = 0;            ///< d
  int peephole_fraction = 0;        ///< f_q
  int candidate_fraction = 0;       ///< f_v
  int max_terms = 1;                ///< most column blocks in one accumulation

  static constexpr int candidate_width = 18;  ///< of v
  static constexpr int max_cell_width = 32;
  static constexpr int max_spectrum_width = 18;  ///< the multiplier port that spectra use

  int state_fraction() const { return activation_width - 1; }                    ///< f_h
  int sum_fraction() const { return readout_fraction + log2_exact(max_block); }  ///< F_t
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
  /// Bits of a MAC accumulator over the most terms that any row sums.
  int accumulator_width() const { return spectrum_width() + weight_width + 2 + ceil_log2(max_terms); }

  Format activation() const { return {activation_width, state_fraction()}; }
  Format preactivation() const { return {preactivation_width, preactivation_fraction}; }
  Format cell() const { return {cell_width, cell_fraction}; }
};

struct QuantNetwork {
  NumberFormats formats;
  Graph<std::int32_t> graph;
  ActivationUnit sigmoid;
  ActivationUnit tanh;
  nlohmann::ordered_json metadata = nlohmann::ordered_json::object();

  Format input_format() const { return {formats.activation_width, graph.vectors.front().fraction}; }
  Format output_format() const { return {formats.activation_width, graph.vectors[graph.output_vector()].fraction}; }
};

/// Fraction of a vector's spectrum words: vector fraction + guard - drop.
inline int spectrum_fraction(const NumberFormats& formats, const Vector& vector, int spectrum) {
  return vector.fraction + vector.spectra[spectrum].guard - formats.spectrum_drop;
}

}  // namespace erngen
