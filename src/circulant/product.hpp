// Block-circulant matrix times vector in double precision, by the definition and without a transform.
#pragma once

#include <span>
#include <vector>

#include "network/network.hpp"

namespace erngen {

/// A BlockMatrix prepared for many products. Independent of the spectral code on purpose: the fixed-point model
/// and the hardware are compared with it.
class CirculantProduct {
 public:
  CirculantProduct() = default;
  explicit CirculantProduct(const BlockMatrix& matrix);

  /// y += C x. x: [cols], y: [rows].
  void add(std::span<const double> x, std::span<double> y) const;

 private:
  int rows_ = 0, cols_ = 0, block_ = 1, row_blocks_ = 0, col_blocks_ = 0;
  /// For each column block, for each row block: its first column twice, so that column c of the block is the k
  /// numbers from k - c. For blocks of 1 the matrix in column-major order.
  std::vector<double> columns_;
  mutable std::vector<double> padded_;  ///< [row_blocks * block]
};

}  // namespace erngen
