#include "train/circulant_parameter.hpp"

#include <algorithm>

namespace erngen {

CirculantParameter::CirculantParameter(std::span<const BlockMatrix> matrices) {
  const BlockMatrix& first = matrices.front();
  rows_ = first.rows;
  cols_ = first.cols;
  const std::int64_t k = first.block;
  std::vector<float> values;
  for (const BlockMatrix& m : matrices) values.insert(values.end(), m.columns.begin(), m.columns.end());
  const auto count = static_cast<std::int64_t>(matrices.size());
  columns_ = torch::tensor(values).reshape({count, first.row_blocks(), first.col_blocks(), k}).contiguous();
  columns_.set_requires_grad(true);
  std::vector<std::int64_t> index;
  for (std::int64_t r = 0; r < k; ++r) {
    for (std::int64_t c = 0; c < k; ++c) index.push_back((r - c + k) % k);
  }
  index_ = torch::tensor(index);
}

torch::Tensor CirculantParameter::dense() const {
  const auto g = columns_.size(0);
  const auto p = columns_.size(1);
  const auto q = columns_.size(2);
  const auto k = columns_.size(3);
  torch::Tensor full = columns_;
  if (k > 1) full = columns_.index_select(3, index_).reshape({g, p, q, k, k}).permute({0, 1, 3, 2, 4});
  return full.reshape({g, p * k, q * k}).narrow(1, 0, rows_).narrow(2, 0, cols_).reshape({g * rows_, cols_});
}

void CirculantParameter::store(std::span<BlockMatrix> matrices) const {
  const torch::Tensor values = columns_.detach().contiguous();
  const float* from = values.data_ptr<float>();
  for (BlockMatrix& m : matrices) {
    std::copy_n(from, m.columns.size(), m.columns.begin());
    from += m.columns.size();
  }
}

}  // namespace erngen
