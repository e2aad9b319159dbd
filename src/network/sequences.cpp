#include "network/sequences.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"

namespace erngen {

Sequences::Sequences(Array x, const std::string& what) {
  const auto& shape = x.shape;
  if (shape.size() != 2 && shape.size() != 3)
    throw bad_input(
        fmt::format("{}: has shape {}, expected [frames, features] or [sequences, frames, features]", what, shape));
  several_ = shape.size() == 3;
  lengths_.assign(several_ ? static_cast<size_t>(shape[0]) : 1, shape[shape.size() - 2]);
  features_ = shape.back();
  if (x.values.empty()) throw bad_input(fmt::format("{}: has shape {}: there is no frame in it", what, shape));
  values_ = std::move(x.values);
}

Sequences::Sequences(Array x, std::vector<int> lengths, const std::string& what)
    : several_(true), lengths_(std::move(lengths)) {
  const auto& shape = x.shape;
  if (shape.size() != 2 && shape.size() != 3)
    throw bad_input(
        fmt::format("{}: features have shape {}, expected [all frames, features] or [sequences, longest, "
                    "features]",
                    what, shape));
  features_ = shape.back();
  if (lengths_.empty() || features_ == 0)
    throw bad_input(fmt::format("{}: has {} lengths for features of shape {}: there is no frame in it", what,
                                lengths_.size(), shape));
  for (size_t n = 0; n < lengths_.size(); ++n)
    if (lengths_[n] < 1) throw bad_input(fmt::format("{}: sequence {} has {} frames", what, n, lengths_[n]));
  const auto total = std::accumulate(lengths_.begin(), lengths_.end(), std::int64_t{0});
  if (shape.size() == 2) {
    if (total != shape[0])
      throw bad_input(fmt::format("{}: the lengths add up to {}, but there are {} frames", what, total, shape[0]));
    values_ = std::move(x.values);
    return;
  }
  padded_ = shape[1];
  if (lengths_.size() != static_cast<size_t>(shape[0]))
    throw bad_input(fmt::format("{}: {} lengths, but features of {} sequences", what, lengths_.size(), shape[0]));
  values_.reserve(static_cast<size_t>(total) * static_cast<size_t>(features_));
  for (size_t n = 0; n < lengths_.size(); ++n) {
    if (lengths_[n] > padded_)
      throw bad_input(
          fmt::format("{}: sequence {} has {} frames, but the array only {}", what, n, lengths_[n], padded_));
    const auto begin = x.values.begin() + static_cast<std::ptrdiff_t>(n) * padded_ * features_;
    values_.insert(values_.end(), begin, begin + static_cast<std::ptrdiff_t>(lengths_[n]) * features_);
  }
}

bool Sequences::equal_lengths() const {
  return std::ranges::all_of(lengths_, [&](int length) { return length == lengths_.front(); });
}

void Sequences::require_features(int features, const std::string& what) const {
  if (features_ != features)
    throw bad_input(fmt::format("{}: frames have {} elements, the network takes {}", what, features_, features));
}

std::vector<int> Sequences::shape(int width) const {
  if (!several_) return {lengths_.front(), width};
  if (equal_lengths()) return {static_cast<int>(lengths_.size()), lengths_.front(), width};
  return {static_cast<int>(frames()), width};
}

Sequences Sequences::with(std::vector<float> values, int width) const {
  Sequences result(Array{{1, 1}, {0}});
  result.features_ = width;
  result.several_ = several_;
  result.padded_ = padded_;
  result.lengths_ = lengths_;
  result.values_ = std::move(values);
  return result;
}

Sequences Sequences::first(size_t frames) const {
  Sequences result = *this;
  size_t left = std::min(frames, this->frames());
  result.values_.resize(left * static_cast<size_t>(features_));
  result.lengths_.clear();
  for (size_t n = 0; left > 0; ++n) {
    const size_t length = std::min(left, static_cast<size_t>(lengths_[n]));
    result.lengths_.push_back(static_cast<int>(length));
    left -= length;
  }
  return result;
}

Array Sequences::last() const {
  Array y{{static_cast<int>(lengths_.size()), features_}, {}};
  size_t end = 0;
  for (const int length : lengths_) {
    end += static_cast<size_t>(length);
    const auto last = frame(end - 1);
    y.values.insert(y.values.end(), last.begin(), last.end());
  }
  return y;
}

}  // namespace erngen
