// Training on digit recordings: clips of real and further voices, and augmented utterances made from them. No libtorch.
#pragma once

#include <memory>
#include <vector>

#include "speech/frontend.hpp"
#include "speech/utterance.hpp"
#include "train/batch.hpp"
#include "train/options.hpp"

namespace erngen {

/// The clips of a run. Of the data folder only the training split is read; test recordings never enter.
struct Corpus {
  std::vector<Clip> real;
  std::vector<Clip> held_out;  ///< of the training split, the first `hold_out` indices
  std::vector<Clip> extra;
};

/// Throws Error(bad_input) as of read_layout and read_clips, or when the training split is empty.
Corpus read_corpus(const DataOptions& options, int sample_rate);

/// The class of each frame by where its middle lies. A recording of one digit is divided evenly among its labels (one
/// digit, or its phones); in the last two fifths of a label's part, when a causal network has heard enough of it, the
/// label is the target, before it nothing is. Between recordings the target is the blank; recordings of several digits
/// have none.
std::vector<std::int64_t> frame_targets(const Utterance& utterance, const Frontend& frontend, Units units);

/// Makes the same utterances for the same options. Keeps a reference to the corpus and the options.
class UtteranceSource {
 public:
  UtteranceSource(const Corpus& corpus, const DataOptions& options);

  /// One augmented utterance.
  Utterance draw(Rng& rng) const;

 private:
  const DataOptions& options_;
  UtteranceMaker real_;
  std::unique_ptr<UtteranceMaker> extra_;
};

/// The front end with mean and scale such that features of training utterances have mean 0 and variance 1.
FrontendConfig with_normalisation(const FrontendConfig& config, const UtteranceSource& source, std::uint64_t seed);

}  // namespace erngen
