#include "circulant/product.hpp"

#include <algorithm>

namespace erngen {

CirculantProduct::CirculantProduct(const BlockMatrix& m)
    : rows_(m.rows), cols_(m.cols), block_(m.block), row_blocks_(m.row_blocks()), col_blocks_(m.col_blocks()) {
  const int copies = block_ == 1 ? 1 : 2;
  columns_.reserve(m.columns.size() * copies);
  for (int j = 0; j < col_blocks_; ++j)
    for (int i = 0; i < row_blocks_; ++i)
      for (int copy = 0; copy < copies; ++copy) columns_.insert(columns_.end(), m.at(i, j), m.at(i, j) + block_);
  padded_.resize(static_cast<size_t>(row_blocks_) * block_);
}

void CirculantProduct::add(std::span<const double> x, std::span<double> y) const {
  const double* w = columns_.data();
  if (block_ == 1) {
    for (int c = 0; c < cols_; ++c, w += rows_)
      for (int r = 0; r < rows_; ++r) y[r] += w[r] * x[c];
    return;
  }
  // Row r of column c of a block is w[(r - c) mod k] = twice[k - c + r]: contiguous in r.
  std::fill(padded_.begin(), padded_.end(), 0.0);
  for (int j = 0; j < col_blocks_; ++j)
    for (int i = 0; i < row_blocks_; ++i, w += 2 * block_) {
      double* out = padded_.data() + static_cast<size_t>(i) * block_;
      for (int c = 0; c < block_ && j * block_ + c < cols_; ++c) {
        const double factor = x[static_cast<size_t>(j) * block_ + c];
        for (int r = 0; r < block_; ++r) out[r] += w[block_ - c + r] * factor;
      }
    }
  for (int r = 0; r < rows_; ++r) y[r] += padded_[r];
}

}  // namespace erngen
