// Between dense matrices and the first columns of their projection onto block-circulant ones. (libtorch)
#pragma once

#include <torch/types.h>

namespace erngen {

/// For stacks of dense matrices [matrices, rows, cols] and block size k: with P = ceil(rows / k), Q = ceil(cols / k),
/// the columns are [matrices, P, Q, k], and C[r][c] = w[(r - c) mod k] in each block.
class CirculantProjection {
 public:
  CirculantProjection(std::int64_t rows, std::int64_t cols, std::int64_t block);

  std::int64_t block() const { return block_; }

  /// The sum over each wrapped diagonal: the gradient of the columns when x is that of the dense matrices.
  torch::Tensor sums(const torch::Tensor& x) const;

  /// The mean over each wrapped diagonal, of entries that the real matrix has (0 where it has none): the Euclidean
  /// projection, as project() of circulant/projection.hpp.
  torch::Tensor means(const torch::Tensor& x) const { return sums(x) * share_; }

  /// The dense matrices of columns; differentiable.
  torch::Tensor dense(const torch::Tensor& columns) const;

 private:
  std::int64_t rows_, cols_, block_;
  torch::Tensor diagonal_;  ///< [k * k], for the element r k + c its (r - c) mod k
  torch::Tensor element_;   ///< [k * k], for d k + c the element ((d + c) mod k) k + c
  torch::Tensor share_;     ///< [P, Q, k], one over the entries of each diagonal, 0 for none
};

}  // namespace erngen
