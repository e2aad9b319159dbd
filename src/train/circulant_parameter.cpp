#include "train/circulant_parameter.hpp"

#include <algorithm>

namespace erngen {

CirculantParameter::CirculantParameter(std::span<const BlockMatrix> matrices)
    : projection_(matrices.front().rows, matrices.front().cols, matrices.front().block) {
  const BlockMatrix& first = matrices.front();
  std::vector<float> values;
  for (const BlockMatrix& m : matrices) values.insert(values.end(), m.columns.begin(), m.columns.end());
  const auto count = static_cast<std::int64_t>(matrices.size());
  columns_ = torch::tensor(values).reshape({count, first.row_blocks(), first.col_blocks(), first.block}).contiguous();
  columns_.set_requires_grad(true);
}

torch::Tensor CirculantParameter::dense() const {
  const torch::Tensor full = projection_.dense(columns_);
  return full.reshape({full.size(0) * full.size(1), full.size(2)});
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
