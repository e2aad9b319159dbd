#include "speech/utterance.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>

#include "base/error.hpp"
#include "speech/augment.hpp"

namespace erngen {
namespace {

void append_noise(Audio& audio, double seconds, double deviation, Rng& rng) {
  const auto count = static_cast<size_t>(std::lround(seconds * audio.sample_rate));
  for (size_t i = 0; i < count; ++i) audio.samples.push_back(static_cast<float>(deviation * rng.normal()));
}

}  // namespace

UtteranceMaker::UtteranceMaker(const std::vector<Clip>& clips, UtteranceShape shape) : clips_(&clips), shape_(shape) {
  if (clips.empty()) throw bad_input("utterances: there are no recordings to join", "check the folder and the split");
  if (shape.min_digits < 1 || shape.max_digits < shape.min_digits) {
    throw wrong_option(fmt::format("utterances: {} to {} digits is not a range", shape.min_digits, shape.max_digits));
  }
  std::map<std::string, std::vector<size_t>> speakers;
  for (size_t i = 0; i < clips.size(); ++i) {
    if (clips[i].audio.sample_rate != clips[0].audio.sample_rate)
      throw bad_input("utterances: recordings have different sample rates");
    speakers[clips[i].speaker].push_back(i);
  }
  for (auto& [speaker, indices] : speakers) by_speaker_.push_back(std::move(indices));
}

Utterance UtteranceMaker::make(Rng& rng) const {
  return make(rng, [](Audio&) {});
}

Utterance UtteranceMaker::make(Rng& rng, const std::function<void(Audio&)>& change) const {
  const auto& mine = by_speaker_[rng.below(by_speaker_.size())];
  const auto pick = [&]() -> const Clip& { return (*clips_)[mine[rng.below(mine.size())]]; };
  Utterance u;
  u.speaker = (*clips_)[mine.front()].speaker;
  u.audio.sample_rate = clips_->front().audio.sample_rate;
  const auto count = static_cast<size_t>(rng.between(shape_.min_digits, shape_.max_digits));
  append_noise(u.audio, shape_.edge, shape_.noise, rng);
  while (u.digits.size() < count) {
    const Clip& clip = pick();
    const bool connected = clip.digits.size() > 1;
    if (connected && !u.digits.empty()) continue;
    if (!u.digits.empty()) append_noise(u.audio, rng.uniform(shape_.min_gap, shape_.max_gap), shape_.noise, rng);
    Audio part = clip.audio;
    change(part);
    const size_t begin = u.audio.samples.size();
    u.spans.push_back({begin, begin + part.samples.size(), clip.digits.size()});
    u.audio.samples.insert(u.audio.samples.end(), part.samples.begin(), part.samples.end());
    u.digits.insert(u.digits.end(), clip.digits.begin(), clip.digits.end());
    if (connected) break;
  }
  append_noise(u.audio, shape_.edge, shape_.noise, rng);
  return u;
}

std::vector<Utterance> make_utterances(const std::vector<Clip>& clips, const UtteranceShape& shape, int count,
                                       std::uint64_t seed) {
  const UtteranceMaker maker(clips, shape);
  Rng rng(seed);
  std::vector<Utterance> utterances;
  for (int i = 0; i < count; ++i) utterances.push_back(maker.make(rng));
  return utterances;
}

void add_noise(std::vector<Utterance>& utterances, double snr_db, std::uint64_t seed) {
  for (size_t n = 0; n < utterances.size(); ++n) {
    Rng rng(seed * 1000003u + n);
    Audio& audio = utterances[n].audio;
    add_noise(audio, rms(audio) * std::pow(10.0, -snr_db / 20.0), rng);
    for (float& s : audio.samples) s = std::clamp(s, -1.0f, 1.0f);
  }
}

}  // namespace erngen
