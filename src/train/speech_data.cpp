// Training on a folder of read sentences: finite data, with the variations that keep a network from learning it by
// heart - three speeds (Ko et al. 2015) and masks on the features.
#include <algorithm>

#include <fmt/format.h>

#include "base/error.hpp"
#include "speech/frontend.hpp"
#include "speech/sentences.hpp"
#include "train/feature_masks.hpp"
#include "train/feature_statistics.hpp"
#include "train/finite_data.hpp"
#include "train/recording_features.hpp"

namespace erngen {
namespace {

std::vector<std::filesystem::path> audio_of(const std::vector<Sentence>& sentences) {
  std::vector<std::filesystem::path> files;
  for (const Sentence& s : sentences) files.push_back(s.audio);
  return files;
}

bool long_enough(const Array& features, const Sentence& sentence) {
  return features.shape[0] >= ctc_frames(sentence.phones);
}

FrontendConfig normalised(const FrontendConfig& config, const std::vector<Array>& features) {
  FeatureStatistics statistics(config.features());
  for (const Array& x : features) statistics.add(x);
  return statistics.normalised(config);
}

/// The training sentences at one speed, as the set's examples are numbered.
using Variant = std::vector<Array>;

}  // namespace

std::unique_ptr<TrainingData> open_speech(const TrainOptions& options, const Json* start) {
  const DataOptions& o = options.data;
  const SentenceSet sentences = read_sentences({o.path, o.lexicon, o.split});
  FrontendConfig config = start ? frontend_from_json(start->at("frontend")) : options.frontend;
  if (o.masks.count > 0 && o.masks.bands > 0 && config.kind != FeatureKind::logmel)
    throw Error(ExitCode::usage, "training: frequency masks need bands, the features are mfcc",
                "use --features logmel, or --mask-bands 0");
  if (o.masks.bands > config.mel_bands)
    throw Error(ExitCode::usage,
                fmt::format("training: frequency masks of {} bands, there are {}", o.masks.bands, config.mel_bands));
  const auto features_at = [&](const std::vector<Sentence>& list, double speed) {
    return recording_features(audio_of(list), config, speed, options.pools, options.threads);
  };
  std::vector<Variant> variants{features_at(sentences.training, 1)};
  if (!start) config = normalised(config, variants.front());
  if (const double s = o.augmentation.speed; s > 0) {
    for (const double speed : {1 / (1 + s), 1 + s}) variants.push_back(features_at(sentences.training, speed));
  }
  std::vector<Array> validation = features_at(sentences.validation, 1);

  FiniteSet set;
  set.inputs = config.features();
  set.labels = sentences.labels;
  std::vector<Variant> kept(variants.size());
  size_t too_short = 0;
  for (size_t n = 0; n < sentences.training.size(); ++n) {
    const Sentence& sentence = sentences.training[n];
    if (!long_enough(variants[0][n], sentence)) {
      ++too_short;
      continue;
    }
    for (Variant& v : variants) normalise(v[n], config);
    // Played faster, a sentence may have too few vectors for its phones: it is not played so.
    for (size_t v = 0; v < variants.size(); ++v)
      kept[v].push_back(variants[long_enough(variants[v][n], sentence) ? v : 0][n]);
    set.training.push_back({kept[0].back(), sentence.phones, {}});
    set.names.push_back(sentence.audio.string());
  }
  for (size_t n = 0; n < sentences.validation.size(); ++n) {
    normalise(validation[n], config);
    set.validation.push_back({std::move(validation[n]), sentences.validation[n].phones, {}});
  }
  set.metadata = {{"frontend", to_json(config)}};
  set.summary = fmt::format(
      "{} sentences to train on, {} to validate, {} to test; left out: {} with words outside the lexicon{}, {} without "
      "audio, {} with too few vectors for their phones",
      set.training.size(), set.validation.size(), sentences.test.size(), sentences.outside_lexicon,
      sentences.first_unknown.empty() ? "" : fmt::format(" (the first is {})", sentences.first_unknown),
      sentences.without_audio, too_short);
  set.vary = [kept = std::move(kept), masks = o.masks, config](size_t n, Example& e, Rng& rng) {
    e.features = kept[rng.below(kept.size())][n];
    mask_features(e.features, masks, config, rng);
  };
  return open_finite(std::move(set), options);
}

}  // namespace erngen
