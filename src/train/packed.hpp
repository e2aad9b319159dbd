// Sequences of different lengths without padding. (libtorch)
#pragma once

#include <memory>
#include <vector>

#include <torch/types.h>

namespace erngen {

/// How the frames of several sequences lie in the rows of a tensor [rows, width].
///
/// The sequences are sorted by length, longest first, and stored frame by frame: frame t holds the rows
/// [offset(t), offset(t) + active[t]), its row b belonging to sequence b. The sequences that end with frame t are the
/// last rows of it, so what frame t + 1 needs of frame t are the first active[t + 1] rows, and no arithmetic is spent
/// on padding.
class Packing {
 public:
  /// required: lengths descend and are at least 1.
  explicit Packing(const std::vector<std::int64_t>& lengths);

  std::int64_t frames() const { return static_cast<std::int64_t>(active_.size()); }
  std::int64_t sequences() const { return active_.front(); }
  std::int64_t rows() const { return offset_.back(); }
  std::int64_t active(std::int64_t t) const { return active_[static_cast<size_t>(t)]; }
  std::int64_t offset(std::int64_t t) const { return offset_[static_cast<size_t>(t)]; }

  /// For each row of the frames from 1 on, the row of the same sequence one frame before; int64 [rows - sequences].
  const torch::Tensor& previous() const { return previous_; }

  /// The row t * sequences + b of a padded tensor for each row; int64 [rows].
  const torch::Tensor& padded_rows() const { return padded_; }

  /// x [rows, width] one frame later: row (t, b) of the result is row (t - 1, b) of x, zero for t = 0.
  torch::Tensor delayed(const torch::Tensor& x) const;

  /// x [rows, width] as [frames, sequences, width], zero beyond the ends; differentiable.
  torch::Tensor padded(const torch::Tensor& x) const;

 private:
  std::vector<std::int64_t> active_, offset_;
  torch::Tensor previous_, padded_;
};

using PackingPointer = std::shared_ptr<const Packing>;

}  // namespace erngen
