#include "train/phone_example.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {

Example phone_example(const TimitRecording& recording, const Frontend& frontend, const std::vector<std::string>& labels,
                      int phones) {
  const FrontendConfig& config = frontend.config();
  const Audio audio = read_audio(recording.audio, config.sample_rate);
  // The last label may end a little beyond the audio: TIMIT's own files do, by up to some frames.
  const size_t limit = audio.samples.size() + static_cast<size_t>(config.sample_rate) / 10;
  if (recording.phones.back().end > limit)
    throw bad_input(fmt::format("{}: a label ends at sample {}, but there are {} samples", recording.audio.string(),
                                recording.phones.back().end, audio.samples.size()));
  Example e;
  e.features = frontend.features(audio);
  e.targets.assign(static_cast<size_t>(e.features.shape[0]), no_target);
  const auto hop = static_cast<size_t>(config.vector_hop()), half = static_cast<size_t>(config.vector_samples() / 2);
  for (const PhoneSpan& span : recording.phones) {
    const std::string label = fold_phone(span.phone, phones);
    if (label.empty()) continue;
    const auto c = static_cast<int>(std::find(labels.begin(), labels.end(), label) - labels.begin());
    e.labels.push_back(c);
    for (size_t t = 0; t < e.targets.size(); ++t) {
      const size_t middle = t * hop + half;
      if (middle >= span.begin && middle < span.end) e.targets[t] = c;
    }
  }
  return e;
}

}  // namespace erngen
