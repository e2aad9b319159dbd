// A data set that is seen as a whole in every epoch: speech, TIMIT, .npz. No libtorch.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "train/training_data.hpp"

namespace erngen {

struct FiniteSet {
  int inputs = 0;
  std::vector<std::string> labels;
  Json metadata = Json::object();
  std::vector<Example> training, validation;
  std::vector<std::string> names;  ///< of the training examples, then of the validation examples, for messages; those
                                   ///< without a name are not checked
  std::vector<int> scored;         ///< [labels], the class that each is scored as; empty: as itself
  std::string summary;             ///< for the user: what is in the set and what was left out; empty: nothing to say
  /// Changes training example n (as it is in `training`) each time that it is seen; empty: it stays.
  std::function<void(size_t n, Example& example, Rng& rng)> vary;
};

/// Checks the set and makes it a data set: an epoch is a random order of all examples, cut into pools, sorted by length
/// within a pool. Throws Error(bad_input) naming the example: no examples, a label that is no class, with CTC fewer
/// frames than its labels need, and with the loss of frames an example without labelled frames.
std::unique_ptr<TrainingData> open_finite(FiniteSet set, const TrainOptions& options);

}  // namespace erngen
