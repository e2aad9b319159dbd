#include "train/packed.hpp"

#include <ATen/ATen.h>

namespace erngen {

Packing::Packing(const std::vector<std::int64_t>& lengths) {
  offset_.push_back(0);
  for (std::int64_t t = 0; t < lengths.front(); ++t) {
    std::int64_t n = 0;
    while (n < static_cast<std::int64_t>(lengths.size()) && lengths[static_cast<size_t>(n)] > t) ++n;
    active_.push_back(n);
    offset_.push_back(offset_.back() + n);
  }
  std::vector<std::int64_t> previous, padded;
  for (std::int64_t t = 0; t < frames(); ++t) {
    for (std::int64_t b = 0; b < active(t); ++b) {
      if (t > 0) previous.push_back(offset(t - 1) + b);
      padded.push_back(t * sequences() + b);
    }
  }
  previous_ = torch::tensor(previous, torch::kInt64);
  padded_ = torch::tensor(padded, torch::kInt64);
}

torch::Tensor Packing::delayed(const torch::Tensor& x) const {
  torch::Tensor result = torch::zeros_like(x);
  if (frames() > 1) result.narrow(0, sequences(), rows() - sequences()).copy_(x.index_select(0, previous_));
  return result;
}

torch::Tensor Packing::padded(const torch::Tensor& x) const {
  return torch::zeros({frames() * sequences(), x.size(1)})
      .index_copy(0, padded_, x)
      .reshape({frames(), sequences(), x.size(1)});
}

}  // namespace erngen
