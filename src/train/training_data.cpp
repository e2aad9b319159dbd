#include "train/training_data.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace erngen {

std::unique_ptr<TrainingData> open_training_data(const TrainOptions& options, const Json* start) {
  if (start && options.data.kind != DataKind::npz && !start->contains("frontend"))
    throw bad_input(options.start.string() + ": its metadata has no \"frontend\"",
                    "start from a network that was trained on audio");
  switch (options.data.kind) {
    case DataKind::timit: return open_timit(options, start);
    case DataKind::speech: return open_speech(options, start);
    case DataKind::npz: return open_npz(options);
    case DataKind::digits: break;
  }
  return open_digits(options, start);
}

Array calibration_features(const TrainingData& data) {
  Array x{{0, data.inputs()}, {}};
  const std::vector<Batch> pool = data.pool(0);
  for (size_t n = 0; n < std::min<size_t>(2, pool.size()); ++n) {
    const Batch& batch = pool[n];
    for (size_t b = 0; b < batch.lengths.size(); ++b) {
      size_t row = b;  // of frame 0; the next frame lies as many rows on as there are sequences in this one
      for (std::int64_t t = 0; t < batch.lengths[b]; ++t) {
        const auto from = batch.features.begin() + static_cast<std::ptrdiff_t>(row) * batch.width;
        x.values.insert(x.values.end(), from, from + batch.width);
        ++x.shape[0];
        row += static_cast<size_t>(
            std::count_if(batch.lengths.begin(), batch.lengths.end(), [&](std::int64_t length) { return length > t; }));
      }
    }
  }
  return x;
}

}  // namespace erngen
