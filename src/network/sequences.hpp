// What the reference models and the simulation take and give: frames of one or several sequences.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/npy.hpp"

namespace erngen {

/// Frames of one or several sequences, one after another. Every sequence starts from a zero state.
class Sequences {
 public:
  /// One sequence [frames, features], or several of equal length [sequences, frames, features]. Throws
  /// Error(bad_input) starting with `what` for another number of axes, no sequence and no frame.
  Sequences(Array x, const std::string& what = "input");

  /// Sequences of these lengths, in frames [sum of the lengths, features] or padded [sequences, longest, features],
  /// whose frames beyond a sequence's length are dropped. Throws Error(bad_input) starting with `what` for lengths that
  /// are not those of the frames and for a sequence without a frame.
  Sequences(Array x, std::vector<int> lengths, const std::string& what);

  int features() const { return features_; }
  const std::vector<int>& lengths() const { return lengths_; }  ///< in frames
  size_t frames() const { return values_.size() / static_cast<size_t>(features_); }
  const std::vector<float>& values() const { return values_; }  ///< [frames()][features()]
  /// Frame n of all, [features].
  std::span<const float> frame(size_t n) const {
    return std::span(values_).subspan(n * static_cast<size_t>(features_), static_cast<size_t>(features_));
  }
  bool equal_lengths() const;

  /// Throws Error(bad_input) starting with `what` unless frames have `features` elements.
  void require_features(int features, const std::string& what) const;

  /// The shape of an array of all frames with `width` elements each: that of the input, or [frames(), width] if the
  /// lengths differ.
  std::vector<int> shape(int width) const;

  /// Sequences of the same lengths and form: `values` are [frames()][width].
  Sequences with(std::vector<float> values, int width) const;

  /// The first `frames` frames; the sequence that they end in is cut there. required: at least 1.
  Sequences first(size_t frames) const;

  /// The last frame of each sequence, [sequences, features].
  Array last() const;

  /// The second axis of the padded array that these came in; 0 if they did not.
  int padded_length() const { return padded_; }

 private:
  int features_ = 0;
  bool several_ = false;  ///< came with an axis of sequences, or lengths
  int padded_ = 0;
  std::vector<int> lengths_;
  std::vector<float> values_;
};

}  // namespace erngen
