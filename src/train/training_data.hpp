// Where batches come from: what the trainer knows of a data set. No libtorch.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "train/batch.hpp"
#include "train/options.hpp"

namespace erngen {

class TrainingData {
 public:
  virtual ~TrainingData() = default;

  virtual int inputs() const = 0;

  /// The output classes; 0 is the CTC blank.
  virtual const std::vector<std::string>& labels() const = 0;

  /// What a network trained on it says about itself: "frontend" where there is one.
  virtual Json metadata() const = 0;

  /// The batches of pool number `index`, from 0, in the order of their use: a function of the options and the index
  /// alone, so that pools can be made ahead in any thread and again after an interruption. All pools but the last of an
  /// epoch have `pool_batches` batches.
  virtual std::vector<Batch> pool(int index) const = 0;
  static constexpr int pool_batches = 8;

  /// Batches after which every example was seen once; 0: the examples are new for ever.
  virtual int epoch_batches() const = 0;

  /// Never trained on.
  virtual const std::vector<Example>& validation() const = 0;

  /// What is in it and what was left out, in a line for the user; empty: nothing to say.
  virtual std::string summary() const { return {}; }

  /// Class c as it is scored (TIMIT folds 48 classes to 39), or 0 for what is not scored.
  virtual int scored_class(int c) const { return c; }
};

/// Opens the data set of the options. `start`, unless null, is the metadata of the network that the run goes on from,
/// whose front end is kept. Throws Error(bad_input) naming the file, utterance or label that is wrong.
std::unique_ptr<TrainingData> open_training_data(const TrainOptions& options, const Json* start);

/// The features of the first two batches, one sequence after the other: [frames, features], what the quantiser calls
/// calibration data.
Array calibration_features(const TrainingData& data);

/// The data set of a folder of digit recordings.
std::unique_ptr<TrainingData> open_digits(const TrainOptions& options, const Json* start);
/// TIMIT's own directory.
std::unique_ptr<TrainingData> open_timit(const TrainOptions& options, const Json* start);
/// A folder of read sentences.
std::unique_ptr<TrainingData> open_speech(const TrainOptions& options, const Json* start);
/// .npz with features, labels and lengths.
std::unique_ptr<TrainingData> open_npz(const TrainOptions& options);

}  // namespace erngen
