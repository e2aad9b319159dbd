// Views of packed tensors for the element-wise work of the recurrent layers. (libtorch)
#pragma once

#include <torch/types.h>
#include <Eigen/Core>

namespace erngen {

/// One vector of a row; Eigen computes on several of its elements at once.
using Row = Eigen::Map<Eigen::Array<float, Eigen::Dynamic, 1>>;

/// The elements [first, first + count) of a row of a contiguous float tensor [rows, width].
inline Row row_of(const torch::Tensor& x, std::int64_t row, std::int64_t first, std::int64_t count) {
  return {x.data_ptr<float>() + row * x.size(1) + first, count};
}

}  // namespace erngen
