// Training data: clips of real and further voices, and the batches of augmented utterances made from them. No libtorch.
#pragma once

#include <memory>
#include <vector>

#include "speech/frontend.hpp"
#include "speech/utterance.hpp"
#include "train/options.hpp"

namespace erngen {

/// The clips of a run. Of the data folder only the training split is read; test recordings never enter.
struct Corpus {
  std::vector<Clip> real;
  std::vector<Clip> held_out;  ///< of the training split, the first `hold_out` indices
  std::vector<Clip> extra;
};

/// Throws Error(bad_input) as of read_layout and read_clips, or when the training split is empty.
Corpus read_corpus(const TrainOptions& options);

/// Utterances of about equal length, padded with zeros to the longest.
struct Batch {
  int frames = 0;
  int size = 0;
  std::vector<float> features;             ///< [frames][size][features]
  std::vector<std::int64_t> lengths;       ///< [size], frames of each
  std::vector<std::int64_t> labels;        ///< the classes of all utterances, one after the other (digit + 1)
  std::vector<std::int64_t> label_counts;  ///< [size]
  std::vector<std::int64_t> targets;       ///< [frames][size], the class of each frame, see frame_targets
};

/// A frame without a target.
constexpr std::int64_t no_target = -100;

/// The class of each frame by where its middle lies: the blank between recordings, the digit in the last two fifths of a recording (when a
/// causal network has heard enough of it), else no target; nor in a recording of several digits.
std::vector<std::int64_t> frame_targets(const Utterance& utterance, const Frontend& frontend);

/// Makes the same batches for the same options. Keeps a reference to the corpus.
class BatchMaker {
 public:
  BatchMaker(const Corpus& corpus, const TrainOptions& options, Frontend frontend);

  /// One augmented utterance.
  Utterance draw(Rng& rng) const;

  /// The batches of pool number `index`: utterances are drawn for several batches at once and sorted by length, so that
  /// little is padded; then the batches are put in random order.
  std::vector<Batch> pool(int index) const;
  static constexpr int batches_a_pool = 8;

 private:
  const TrainOptions& options_;
  Frontend frontend_;
  UtteranceMaker real_;
  std::unique_ptr<UtteranceMaker> extra_;
};

/// Batches of given utterances in their order (validation).
Batch make_batch(const std::vector<const Utterance*>& utterances, const Frontend& frontend);

/// The front end with mean and scale such that features of training utterances have mean 0 and variance 1.
FrontendConfig with_normalisation(const FrontendConfig& config, const Corpus& corpus, const TrainOptions& options);

}  // namespace erngen
