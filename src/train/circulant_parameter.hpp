// Trainable weights of block-circulant matrices. (libtorch)
#pragma once

#include <span>

#include <torch/types.h>

#include "network/network.hpp"
#include "train/circulant_projection.hpp"

namespace erngen {

/// Several block-circulant matrices of one shape (the gates of a layer), of which only the first columns are
/// parameters.
///
/// The dense matrix is gathered from them by index, so automatic differentiation adds the gradients of all elements of
/// a wrapped diagonal into their one parameter. With k = 1 the matrix is dense and the gather is the identity: dense
/// training (and ADMM, which adds a pull of the dense weights to their projection) needs no other class.
class CirculantParameter {
 public:
  /// Copies the values. required: all matrices have the same rows, cols and block.
  explicit CirculantParameter(std::span<const BlockMatrix> matrices);

  /// The leaf tensor [matrices, row blocks, column blocks, k].
  const torch::Tensor& columns() const { return columns_; }

  /// [matrices * rows, cols], differentiable, the matrices one below the other.
  torch::Tensor dense() const;

  /// Copies the present values back.
  void store(std::span<BlockMatrix> matrices) const;

 private:
  CirculantProjection projection_;
  torch::Tensor columns_;
};

}  // namespace erngen
