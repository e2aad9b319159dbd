#include "train/circulant_projection.hpp"

#include <vector>

#include <ATen/ATen.h>

namespace erngen {

CirculantProjection::CirculantProjection(std::int64_t rows, std::int64_t cols, std::int64_t block)
    : rows_(rows), cols_(cols), block_(block) {
  std::vector<std::int64_t> diagonal, element;
  for (std::int64_t r = 0; r < block; ++r) {
    for (std::int64_t c = 0; c < block; ++c) {
      diagonal.push_back((r - c + block) % block);
      element.push_back((r + c) % block * block + c);
    }
  }
  diagonal_ = torch::tensor(diagonal);
  element_ = torch::tensor(element);
  const torch::Tensor entries = sums(torch::ones({1, rows, cols}))[0];
  share_ = at::where(entries > 0, 1 / entries, torch::zeros_like(entries));
}

torch::Tensor CirculantProjection::sums(const torch::Tensor& x) const {
  const auto g = x.size(0), k = block_, p = (rows_ + k - 1) / k, q = (cols_ + k - 1) / k;
  if (k == 1) return x.reshape({g, p, q, 1});
  torch::Tensor full = x;
  if (p * k != rows_ || q * k != cols_) full = at::constant_pad_nd(x, {0, q * k - cols_, 0, p * k - rows_});
  return full.reshape({g, p, k, q, k})
      .permute({0, 1, 3, 2, 4})
      .reshape({g, p, q, k * k})
      .index_select(3, element_)
      .reshape({g, p, q, k, k})
      .sum(4);
}

torch::Tensor CirculantProjection::dense(const torch::Tensor& columns) const {
  const auto g = columns.size(0), p = columns.size(1), q = columns.size(2), k = block_;
  torch::Tensor full = columns;
  if (k > 1) full = columns.index_select(3, diagonal_).reshape({g, p, q, k, k}).permute({0, 1, 3, 2, 4});
  return full.reshape({g, p * k, q * k}).narrow(1, 0, rows_).narrow(2, 0, cols_);
}

}  // namespace erngen
