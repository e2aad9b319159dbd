// Training on TIMIT: the speakers of TRAIN, validated on the development speakers.
#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "speech/frontend.hpp"
#include "speech/timit.hpp"
#include "train/feature_statistics.hpp"
#include "train/finite_data.hpp"
#include "train/phone_example.hpp"

namespace erngen {

std::unique_ptr<TrainingData> open_timit(const TrainOptions& options, const Json* start) {
  const int phones = options.data.timit_phones;
  FiniteSet set;
  set.labels = timit_labels(phones);
  const std::vector<std::string> scored = timit_labels(39);
  for (const std::string& label : set.labels) {
    const std::string as = scored_phone(label);
    const auto found = std::find(scored.begin(), scored.end(), as);
    set.scored.push_back(as.empty() ? 0 : static_cast<int>(found - scored.begin()));
  }
  const auto training = read_timit(options.data.path, TimitSet::train);
  FrontendConfig config = options.frontend;
  if (start) {
    config = frontend_from_json(start->at("frontend"));
  } else {
    const Frontend plain(config);
    FeatureStatistics statistics(config.features());
    for (const TimitRecording& r : training) statistics.add(plain.features(read_audio(r.audio, config.sample_rate)));
    config = statistics.normalised(config);
  }
  const Frontend frontend(config);
  const auto add = [&](const std::vector<TimitRecording>& recordings, std::vector<Example>& to) {
    for (const TimitRecording& r : recordings) {
      to.push_back(phone_example(r, frontend, set.labels, phones));
      set.names.push_back(r.audio.string());
    }
  };
  add(training, set.training);
  add(read_timit(options.data.path, TimitSet::development), set.validation);
  set.inputs = config.features();
  set.metadata = {{"frontend", to_json(config)}};
  return open_finite(std::move(set), options);
}

}  // namespace erngen
