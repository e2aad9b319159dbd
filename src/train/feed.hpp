// Batches in order, made ahead in another thread.
#pragma once

#include <deque>
#include <future>

#include "train/training_data.hpp"

namespace erngen {

class Feed {
 public:
  /// Begins with batch number `first`, from 0. Keeps a reference to the data.
  Feed(const TrainingData& data, std::int64_t first);

  Batch next();

 private:
  void start();

  const TrainingData& data_;
  int next_pool_ = 0;
  std::future<std::vector<Batch>> coming_;
  std::deque<Batch> ready_;
};

}  // namespace erngen
