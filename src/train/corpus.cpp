#include "train/corpus.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/error.hpp"
#include "speech/augment.hpp"

namespace erngen {
namespace {

double decibel(double db) { return std::pow(10.0, db / 20.0); }

struct Example {
  Array features;
  std::vector<int> digits;
  std::vector<std::int64_t> targets;
};

Example make_example(const Utterance& u, const Frontend& frontend) { return {frontend.features(u.audio), u.digits, frame_targets(u, frontend)}; }

Batch pack(const std::vector<const Example*>& examples) {
  Batch batch;
  batch.size = static_cast<int>(examples.size());
  const auto width = static_cast<size_t>(examples.front()->features.shape[1]);
  for (const Example* e : examples) batch.frames = std::max(batch.frames, e->features.shape[0]);
  batch.features.assign(static_cast<size_t>(batch.frames) * examples.size() * width, 0.0f);
  batch.targets.assign(static_cast<size_t>(batch.frames) * examples.size(), no_target);
  for (size_t b = 0; b < examples.size(); ++b) {
    const Example& e = *examples[b];
    const auto frames = static_cast<size_t>(e.features.shape[0]);
    for (size_t t = 0; t < frames; ++t) {
      std::copy_n(e.features.values.data() + t * width, width, batch.features.data() + (t * examples.size() + b) * width);
      batch.targets[t * examples.size() + b] = e.targets[t];
    }
    batch.lengths.push_back(static_cast<std::int64_t>(frames));
    for (int d : e.digits) batch.labels.push_back(d + 1);
    batch.label_counts.push_back(static_cast<std::int64_t>(e.digits.size()));
  }
  return batch;
}

}  // namespace

Corpus read_corpus(const TrainOptions& options) {
  const int rate = options.frontend.sample_rate;
  std::vector<Recording> real;
  std::vector<Recording> held_out;
  for (Recording& r : read_layout(options.data)) {
    if (split_of(r) != Split::train) continue;
    (r.index < test_indices + options.hold_out ? held_out : real).push_back(std::move(r));
  }
  if (real.empty()) {
    throw bad_input(fmt::format("{}: no recordings of the training split (index {} and above)", options.data.string(),
                                test_indices + options.hold_out));
  }
  Corpus corpus{read_clips(real, rate), read_clips(held_out, rate), {}};
  for (const auto& folder : options.extra) {
    auto clips = read_clips(read_layout(folder), rate);
    std::move(clips.begin(), clips.end(), std::back_inserter(corpus.extra));
  }
  return corpus;
}

std::vector<std::int64_t> frame_targets(const Utterance& utterance, const Frontend& frontend) {
  const auto hop = static_cast<size_t>(frontend.config().hop_samples());
  const auto half = static_cast<size_t>(frontend.config().frame_samples() / 2);
  std::vector<std::int64_t> targets(static_cast<size_t>(frontend.frames(utterance.audio.samples.size())), 0);
  size_t digit = 0;
  for (const Utterance::Span& span : utterance.spans) {
    const size_t late = span.begin + (span.end - span.begin) * 3 / 5;
    for (size_t t = 0; t < targets.size(); ++t) {
      const size_t middle = t * hop + half;
      if (middle < span.begin || middle >= span.end) continue;
      targets[t] = middle >= late && span.digits == 1 ? utterance.digits[digit] + 1 : no_target;
    }
    digit += span.digits;
  }
  return targets;
}

BatchMaker::BatchMaker(const Corpus& corpus, const TrainOptions& options, Frontend frontend)
    : options_(options), frontend_(std::move(frontend)), real_(corpus.real, options.utterances) {
  if (!corpus.extra.empty()) extra_ = std::make_unique<UtteranceMaker>(corpus.extra, options.utterances);
}

Utterance BatchMaker::draw(Rng& rng) const {
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

std::vector<Batch> BatchMaker::pool(int index) const {
  // Every pool has its own stream of random numbers, so that pools can be made ahead of time in any thread.
  Rng rng(options_.seed * 1000003u + static_cast<std::uint64_t>(index));
  const auto size = static_cast<size_t>(options_.batch);
  std::vector<Example> examples;
  for (size_t i = 0; i < size * batches_a_pool; ++i) {
    examples.push_back(make_example(draw(rng), frontend_));
  }
  std::stable_sort(examples.begin(), examples.end(), [](const Example& x, const Example& y) { return x.features.shape[0] < y.features.shape[0]; });
  std::vector<Batch> batches;
  for (size_t first = 0; first < examples.size(); first += size) {
    std::vector<const Example*> mine;
    for (size_t i = first; i < first + size; ++i) mine.push_back(&examples[i]);
    batches.push_back(pack(mine));
  }
  for (size_t i = batches.size(); i > 1; --i) std::swap(batches[i - 1], batches[rng.below(i)]);
  return batches;
}

Batch make_batch(const std::vector<const Utterance*>& utterances, const Frontend& frontend) {
  std::vector<Example> examples;
  for (const Utterance* u : utterances) examples.push_back(make_example(*u, frontend));
  std::vector<const Example*> pointers;
  for (const Example& e : examples) pointers.push_back(&e);
  return pack(pointers);
}

FrontendConfig with_normalisation(const FrontendConfig& config, const Corpus& corpus, const TrainOptions& options) {
  constexpr int utterances = 400;
  FrontendConfig plain = config;
  plain.mean.clear();
  plain.scale.clear();
  const Frontend frontend(plain);
  const BatchMaker maker(corpus, options, frontend);
  Rng rng(options.seed ^ 0x6e6f726du);
  const auto width = static_cast<size_t>(plain.features());
  std::vector<double> sum(width, 0.0);
  std::vector<double> squares(width, 0.0);
  double frames = 0;
  for (int i = 0; i < utterances; ++i) {
    const Array x = frontend.features(maker.draw(rng).audio);
    for (size_t n = 0; n < x.size(); ++n) {
      sum[n % width] += x.values[n];
      squares[n % width] += static_cast<double>(x.values[n]) * x.values[n];
    }
    frames += x.shape[0];
  }
  for (size_t c = 0; c < width; ++c) {
    const double mean = sum[c] / frames;
    const double variance = std::max(squares[c] / frames - mean * mean, 1e-12);
    plain.mean.push_back(static_cast<float>(mean));
    plain.scale.push_back(static_cast<float>(1.0 / std::sqrt(variance)));
  }
  return plain;
}

}  // namespace erngen
