// Training examples and the batches they are put into. No libtorch.
#pragma once

#include <cstdint>
#include <vector>

#include "base/npy.hpp"
#include "base/random.hpp"

namespace erngen {

/// A frame without a target.
constexpr std::int64_t no_target = -100;

/// One sequence with what it should give.
struct Example {
  Array features;                     ///< [frames, features]
  std::vector<int> labels;            ///< the classes in order, without blanks
  std::vector<std::int64_t> targets;  ///< [frames], the class of each frame or no_target; empty: not known
};

/// Sequences as training reads them: longest first, packed (packed.hpp).
struct Batch {
  int width = 0;  ///< features of a frame
  std::vector<float>
      features;  ///< [rows][width], frame by frame: the rows of frame t are those of the sequences longer than t
  std::vector<std::int64_t> lengths;       ///< [size], frames of each, descending
  std::vector<std::int64_t> labels;        ///< of all sequences, one after the other
  std::vector<std::int64_t> label_counts;  ///< [size]
  std::vector<std::int64_t> targets;       ///< [rows], or empty when an example has none
  std::vector<size_t> places;              ///< [size]: where in the list that was packed each sequence stood

  std::int64_t rows() const { return width == 0 ? 0 : static_cast<std::int64_t>(features.size()) / width; }
};

/// The batch of these examples. required: at least one, all of one width.
Batch pack(const std::vector<const Example*>& examples);

/// All examples in batches of `size` sequences (the last may be smaller) of about equal length, the batches in random
/// order.
std::vector<Batch> sorted_batches(const std::vector<Example>& examples, size_t size, Rng& rng);
std::vector<Batch> sorted_batches(std::vector<const Example*> examples, size_t size, Rng& rng);

/// Frames that CTC needs at least: one a label, and a blank between equal neighbours.
int ctc_frames(const std::vector<int>& labels);

}  // namespace erngen
