// Block-circulant matrix times vector on packed integer spectra, fast.
//
// A pair (x0, x1) of operand words adds (w0 x0 - w1 x1, w0 x1 + w1 x0) at a complex bin and (w0 x0, w1 x1) at the two
// real bins (docs/reference/arithmetic.md): both are sums of two products of neighbours, which pair_sums.hpp forms of
// 16-bit words. An operand word has at most 18 bits and is split into two halves of 9.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "cell/pair_sums.hpp"
#include "fixed/lanes.hpp"
#include "ops/graph.hpp"

namespace erngen {

/// The packed spectra of a vector, prepared for the kernel.
struct Operand {
  std::vector<std::int32_t> words;  ///< [blocks][k]
  /// For each 16 words, padded with zeros: the factors that give the first word of a pair, (x0, -x1) or (x0, 0), and
  /// the second, (x1, x0) or (0, x1); of each the high and the low half: [words / 16][first hi, first lo, second hi,
  /// second lo][16].
  std::vector<std::int16_t> factors;

  /// required: |words| < 2^17; k the block size.
  void assign(std::span<const std::int32_t> spectra, int k);
};

/// One matrix, its words laid out for the kernel.
class BlockKernel {
 public:
  BlockKernel() = default;
  explicit BlockKernel(const SpectralMatrix<std::int32_t>& matrix, InstructionSet set = best_instruction_set());

  /// acc[k] (packed) of lane + n += row block row + n times x, for `count` rows, one or two: integers, exact below
  /// 2^53.
  void accumulate(int row, int count, const Operand& x, Lanes* acc, int lane) const;

 private:
  void accumulate_narrow(int row, int count, const Operand& x, Lanes* acc, int lane) const;
  void accumulate_wide(int row, const Operand& x, Lanes* acc, int lane) const;

  PairSums sums_ = nullptr;
  int block_ = 1, columns_ = 0;
  int stride_ = 0;                   ///< words a row, padded to 16
  int chain_ = 0;                    ///< 32-bit sums that cannot overflow
  std::vector<std::int16_t> words_;  ///< [rows][stride_], for weights of at most 16 bits
  std::vector<std::int32_t> wide_;   ///< [rows][columns][k], for others
};

}  // namespace erngen
