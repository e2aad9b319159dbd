#include "train/feed.hpp"

namespace erngen {

Feed::Feed(const TrainingData& data, std::int64_t first) : data_(data) {
  // An epoch is a whole number of pools, the last of which may be short.
  const std::int64_t size = TrainingData::pool_batches, epoch = data.epoch_batches();
  std::int64_t skip = first;
  if (epoch > 0) {
    next_pool_ = static_cast<int>(first / epoch * ((epoch + size - 1) / size));
    skip = first % epoch;
  }
  next_pool_ += static_cast<int>(skip / size);
  start();
  for (std::int64_t n = 0; n < skip % size; ++n) next();
}

Batch Feed::next() {
  if (ready_.empty()) {
    for (Batch& b : coming_.get()) ready_.push_back(std::move(b));
    start();
  }
  Batch batch = std::move(ready_.front());
  ready_.pop_front();
  return batch;
}

void Feed::start() {
  coming_ = std::async(std::launch::async, [this, index = next_pool_++] { return data_.pool(index); });
}

}  // namespace erngen
