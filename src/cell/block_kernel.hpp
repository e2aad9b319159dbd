// Block-circulant matrix times vector on packed integer spectra, fast.
//
// Integers up to 2^53 are exact in double precision, and an accumulator has at most 48 bits (ern_lane.v), so the sums are
// the integer sums, in any order; compilers vectorise them on every machine.
#pragma once

#include <cstdint>
#include <vector>

#include "cell/graph.hpp"

namespace erngen {

/// Splits packed spectra of k words: out = [first words of the pairs][second words] for each block, k values a block.
void split_spectra(const std::vector<std::int32_t>& words, int k, std::vector<double>& out);

/// One matrix, its words laid out for the kernel.
///
/// A pair (x0, x1) of an operand adds (u x0 - v x1, s x1 + t x0): a complex bin has u = s = wr and v = t = wi; two real
/// bins have u = w0, s = w1, v = t = 0. A block is [u][v][s][t], k/2 values each; for k = 1 one value.
class BlockKernel {
 public:
  BlockKernel() = default;
  explicit BlockKernel(const SpectralMatrix<std::int32_t>& matrix);

  bool empty() const { return words_.empty(); }
  /// acc[k] (split) += row block `row` times x (split spectra of all columns).
  void accumulate(int row, const double* x, double* acc) const;

 private:
  int block_ = 1, columns_ = 0;
  std::vector<double> words_;
};

}  // namespace erngen
