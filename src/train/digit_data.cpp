#include "train/digit_data.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "speech/augment.hpp"
#include "speech/digits.hpp"
#include "train/feature_statistics.hpp"
#include "train/training_data.hpp"

namespace erngen {
namespace {

double decibel(double db) { return std::pow(10.0, db / 20.0); }

std::vector<int> classes_of(const std::vector<int>& digits, Units units) {
  if (units == Units::phones) return to_phone_classes(digits);
  std::vector<int> classes;
  for (int d : digits) classes.push_back(d + 1);
  return classes;
}

Example make_example(const Utterance& u, const Frontend& frontend, Units units) {
  return {frontend.features(u.audio), classes_of(u.digits, units), frame_targets(u, frontend, units)};
}

}  // namespace

Corpus read_corpus(const DataOptions& options, int rate) {
  std::vector<Recording> real;
  std::vector<Recording> held_out;
  for (Recording& r : read_layout(options.path)) {
    if (split_of(r) != Split::train || r.speaker == options.without_speaker) continue;
    (r.index < test_indices + options.hold_out ? held_out : real).push_back(std::move(r));
  }
  if (real.empty()) {
    throw bad_input(fmt::format("{}: no recordings of the training split (index {} and above)", options.path.string(),
                                test_indices + options.hold_out));
  }
  Corpus corpus{read_clips(real, rate), read_clips(held_out, rate), {}};
  for (const auto& folder : options.extra) {
    auto clips = read_clips(read_layout(folder), rate);
    std::move(clips.begin(), clips.end(), std::back_inserter(corpus.extra));
  }
  return corpus;
}

std::vector<std::int64_t> frame_targets(const Utterance& utterance, const Frontend& frontend, Units units) {
  const auto hop = static_cast<size_t>(frontend.config().vector_hop());
  const auto half = static_cast<size_t>(frontend.config().vector_samples() / 2);
  std::vector<std::int64_t> targets(static_cast<size_t>(frontend.frames(utterance.audio.samples.size())), 0);
  size_t digit = 0;
  for (const Utterance::Span& span : utterance.spans) {
    std::vector<int> labels;
    if (span.digits == 1) labels = classes_of({utterance.digits[digit]}, units);
    for (size_t t = 0; t < targets.size(); ++t) {
      const size_t middle = t * hop + half;
      if (middle < span.begin || middle >= span.end) continue;
      targets[t] = no_target;
      if (labels.empty()) continue;
      const size_t place = (middle - span.begin) * labels.size(), length = span.end - span.begin;
      if (5 * (place % length) >= 3 * length) targets[t] = labels[place / length];
    }
    digit += span.digits;
  }
  return targets;
}

UtteranceSource::UtteranceSource(const Corpus& corpus, const DataOptions& options)
    : options_(options), real_(corpus.real, options.utterances) {
  if (!corpus.extra.empty()) extra_ = std::make_unique<UtteranceMaker>(corpus.extra, options.utterances);
}

Utterance UtteranceSource::draw(Rng& rng) const {
  const Augmentation& a = options_.augmentation;
  const double speed = std::exp(rng.uniform(-1, 1) * std::log1p(a.speed));
  const double gain = decibel(rng.uniform(-1, 1) * a.gain_db);
  const double slope = rng.uniform(-1, 1) * a.tilt;
  const double snr = decibel(rng.uniform(a.min_snr_db, a.max_snr_db));
  const bool from_extra = extra_ && rng.uniform() < options_.extra_share;
  Utterance u = (from_extra ? *extra_ : real_).make(rng, [&](Audio& clip) {
    clip = change_speed(clip, speed * std::exp(rng.uniform(-1, 1) * std::log1p(a.clip_speed)));
    tilt(clip, slope);
    amplify(clip, decibel(rng.uniform(-1, 1) * a.clip_gain_db));
  });
  add_noise(u.audio, rms(u.audio) / snr, rng);
  amplify(u.audio, gain);
  for (float& s : u.audio.samples) s = std::clamp(s, -1.0f, 1.0f);
  return u;
}

FrontendConfig with_normalisation(const FrontendConfig& config, const UtteranceSource& source, std::uint64_t seed) {
  constexpr int utterances = 400;
  FrontendConfig plain = config;
  plain.mean.clear();
  plain.scale.clear();
  const Frontend frontend(plain);
  Rng rng(seed ^ 0x6e6f726du);
  FeatureStatistics statistics(plain.features());
  for (int i = 0; i < utterances; ++i) statistics.add(frontend.features(source.draw(rng).audio));
  return statistics.normalised(plain);
}

namespace {

class DigitData : public TrainingData {
 public:
  DigitData(const TrainOptions& options, const Json* start)
      : data_(options.data),
        seed_(options.seed),
        batch_(static_cast<size_t>(options.batch)),
        corpus_(read_corpus(
            data_, start ? frontend_from_json(start->at("frontend")).sample_rate : options.frontend.sample_rate)),
        source_(corpus_, data_),
        frontend_(start ? frontend_from_json(start->at("frontend"))
                        : with_normalisation(options.frontend, source_, seed_)),
        labels_(data_.units == Units::phones ? phone_labels() : digit_labels()) {
    if (corpus_.held_out.empty()) return;
    auto utterances = make_utterances(corpus_.held_out, data_.utterances, data_.validation_utterances, seed_ + 1);
    if (data_.validation_snr_db < 90) add_noise(utterances, data_.validation_snr_db, seed_ + 1);
    for (const Utterance& u : utterances) validation_.push_back(make_example(u, frontend_, data_.units));
  }

  int inputs() const override { return frontend_.config().features(); }
  const std::vector<std::string>& labels() const override { return labels_; }
  Json metadata() const override { return {{"frontend", to_json(frontend_.config())}}; }
  int epoch_batches() const override { return 0; }
  const std::vector<Example>& validation() const override { return validation_; }

  /// Utterances are drawn for several batches at once and sorted by length, so that those of a batch end at about the
  /// same time; then the batches are put in random order.
  std::vector<Batch> pool(int index) const override {
    Rng rng(seed_ * 1000003u + static_cast<std::uint64_t>(index));
    std::vector<Example> examples;
    for (size_t i = 0; i < batch_ * pool_batches; ++i)
      examples.push_back(make_example(source_.draw(rng), frontend_, data_.units));
    return sorted_batches(examples, batch_, rng);
  }

 private:
  DataOptions data_;
  std::uint64_t seed_;
  size_t batch_;
  Corpus corpus_;
  UtteranceSource source_;
  Frontend frontend_;
  std::vector<std::string> labels_;
  std::vector<Example> validation_;
};

}  // namespace

std::unique_ptr<TrainingData> open_digits(const TrainOptions& options, const Json* start) {
  return std::make_unique<DigitData>(options, start);
}

}  // namespace erngen
