// Tests of training on folders of read sentences: features kept, speeds, masks, what is left out.
#include <algorithm>
#include <cmath>
#include <fstream>
#include <set>

#include <doctest/doctest.h>
#include <sndfile.h>

#include "base/check_error.hpp"
#include "speech/frontend.hpp"
#include "train/feature_masks.hpp"
#include "train/recording_features.hpp"
#include "train/test_sentences.hpp"
#include "train/training_data.hpp"

using namespace erngen;

namespace {

/// The features of each sequence of a batch, in the batch's order.
std::vector<std::vector<float>> sequences(const Batch& b) {
  std::vector<std::vector<float>> result(b.lengths.size());
  size_t row = 0;
  for (std::int64_t t = 0; t < b.lengths.front(); ++t) {
    for (size_t s = 0; s < b.lengths.size() && b.lengths[s] > t; ++s, ++row) {
      const auto from = b.features.begin() + static_cast<std::ptrdiff_t>(row) * b.width;
      result[s].insert(result[s].end(), from, from + b.width);
    }
  }
  return result;
}

}  // namespace

TEST_CASE("sentences train by speaker, normalised, at three speeds") {
  const TestSentences folder;
  TrainOptions o = folder.options();
  o.data.masks = {0, 0, 0};
  const auto data = open_training_data(o, nullptr);
  CHECK(data->labels() == std::vector<std::string>{"<blank>", "H", "L", "M"});
  CHECK(data->inputs() == 120);
  CHECK(data->epoch_batches() == 2);
  REQUIRE(data->validation().size() == 4);
  CHECK(data->validation()[2].labels == std::vector<int>{3, 2, 1});
  CHECK(data->summary().find("4 sentences to train on, 4 to validate, 4 to test") != std::string::npos);

  // Every sentence of an epoch once; over epochs at each of three lengths, 1.1 times shorter and longer.
  std::set<std::int64_t> lengths_of_first;
  for (int epoch = 0; epoch < 20; ++epoch) {
    std::multiset<std::vector<std::int64_t>> seen;
    for (const Batch& b : data->pool(epoch)) {
      size_t label = 0;
      for (size_t s = 0; s < b.lengths.size(); ++s) {
        const auto from = b.labels.begin() + static_cast<std::ptrdiff_t>(label);
        seen.emplace(from, from + b.label_counts[s]);
        label += static_cast<size_t>(b.label_counts[s]);
        if (b.label_counts[s] == 2) lengths_of_first.insert(b.lengths[s]);
      }
    }
    CHECK(seen == std::multiset<std::vector<std::int64_t>>{{1, 2}, {2, 1, 3, 2}, {2, 3, 1}, {3, 2, 1}});
  }
  const int samples = 3200 + 2 * 3200;
  const Frontend frontend(o.frontend);
  CHECK(lengths_of_first == std::set<std::int64_t>{frontend.frames(static_cast<size_t>(samples / 1.1)),
                                                   frontend.frames(samples),
                                                   frontend.frames(static_cast<size_t>(samples * 1.1))});
  // The front end makes the training features mean 0 and variance 1.
  double sum = 0, squares = 0, count = 0;
  o.data.augmentation.speed = 0;
  const auto plain = open_training_data(o, nullptr);
  for (const Batch& b : plain->pool(0)) {
    for (const float v : b.features) sum += v, squares += v * v, ++count;
  }
  CHECK(std::abs(sum / count) < 0.05);
  CHECK(squares / count == doctest::Approx(1).epsilon(0.1));
  // A network that the run goes on from keeps its front end.
  const Json metadata = plain->metadata();
  CHECK(open_training_data(o, &metadata)->metadata() == metadata);
}

TEST_CASE("kept features are those that are computed, and damage is found") {
  const TestSentences folder;
  const TestDirectory kept;
  TrainOptions o = folder.options();
  const auto computed = open_training_data(o, nullptr);
  o.pools = kept / "features";
  for (int n = 0; n < 2; ++n) {
    const auto data = open_training_data(o, nullptr);
    CHECK(data->metadata() == computed->metadata());
    for (size_t b = 0; b < 2; ++b) CHECK(data->pool(3)[b].features == computed->pool(3)[b].features);
  }
  size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(o.pools)) {
    ++files;
    std::ofstream(entry.path(), std::ios::app) << "more";
  }
  CHECK(files == 4);  // training at three speeds, validation
  CHECK_ERROR(open_training_data(o, nullptr), ExitCode::bad_input, "features-");
}

TEST_CASE("a FLAC file is read as the WAV file it was made of") {
  const TestSentences folder;
  TrainOptions o = folder.options();
  const auto wav = open_training_data(o, nullptr);
  const Audio audio = read_audio(folder / "a-1.wav");
  std::vector<short> words;
  for (const float s : audio.samples) words.push_back(static_cast<short>(std::lround(s * 32768)));
  SF_INFO info{};
  info.samplerate = 16000;
  info.channels = 1;
  info.format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16;
  SNDFILE* file = sf_open((folder / "a-1.flac").c_str(), SFM_WRITE, &info);
  REQUIRE(file);
  sf_writef_short(file, words.data(), static_cast<sf_count_t>(words.size()));
  sf_close(file);
  std::filesystem::remove(folder / "a-1.wav");
  CHECK(open_training_data(o, nullptr)->metadata() == wav->metadata());
}

TEST_CASE("masks are stretches of whole bands and whole vectors") {
  FrontendConfig c = sentence_frontend();
  c.mel_bands = 6;
  c.coefficients = 6;
  c.stack = 2;
  Rng rng(7);
  std::set<size_t> widths, lengths;
  for (int n = 0; n < 300; ++n) {
    Array x{{9, 12}, std::vector<float>(9 * 12, 1.0f)};
    mask_features(x, {1, 3, 4}, c, rng);
    std::vector<bool> band(6, true), time(9, true);
    for (size_t t = 0; t < 9; ++t) {
      for (size_t f = 0; f < 12; ++f) {
        if (x.values[t * 12 + f] != 0) band[f % 6] = time[t] = false;
      }
    }
    for (size_t t = 0; t < 9; ++t) {
      for (size_t f = 0; f < 12; ++f) CHECK((x.values[t * 12 + f] == 0) == (band[f % 6] || time[t]));
    }
    const auto stretch = [](const std::vector<bool>& v) {
      const auto first = std::find(v.begin(), v.end(), true), last = std::find(v.rbegin(), v.rend(), true).base();
      if (first == v.end()) return size_t{0};
      CHECK(std::all_of(first, last, [](bool b) { return b; }));
      return static_cast<size_t>(last - first);
    };
    widths.insert(stretch(band));
    lengths.insert(stretch(time));
  }
  CHECK(widths == std::set<size_t>{0, 1, 2, 3});
  CHECK(lengths == std::set<size_t>{0, 1, 2, 3, 4});
}

TEST_CASE("masks change sentences of a batch, and differently in every epoch") {
  const TestSentences folder;
  TrainOptions o = folder.options();
  o.data.augmentation.speed = 0;
  o.data.masks = {2, 8, 3};
  const auto data = open_training_data(o, nullptr);
  std::set<std::vector<float>> seen;
  for (int epoch = 0; epoch < 5; ++epoch) {
    for (const Batch& b : data->pool(epoch)) {
      for (auto& s : sequences(b)) seen.insert(std::move(s));
    }
  }
  CHECK(seen.size() > 10);
}

TEST_CASE("recordings that cannot be trained on are named") {
  const TestSentences folder;
  TrainOptions o = folder.options();
  const auto opening = [&] { return open_training_data(o, nullptr); };
  o.data.masks.bands = 41;
  CHECK_ERROR(opening(), ExitCode::usage, "frequency masks of 41 bands, there are 40");
  o.data.masks.bands = 4;
  o.frontend.kind = FeatureKind::mfcc;
  CHECK_ERROR(opening(), ExitCode::usage, "frequency masks need bands");
  o.frontend.kind = FeatureKind::logmel;
  o.data.split.clear();
  CHECK_ERROR(o.validate(), ExitCode::usage, "--split-file");
  o.data.split = folder / "split.json";

  // Two tenths of a second are six vectors, too few for eight phones: left out of the training.
  std::ofstream(folder / "more.trans.txt") << "a-9 LOWHIGH LOWHIGH LOWHIGH LOWHIGH\n";
  write_wav(folder / "a-9.wav", {16000, std::vector<float>(3200, 0.1f)});
  CHECK(opening()->summary().find("1 with too few vectors") != std::string::npos);
  write_wav(folder / "a-9.wav", {16000, std::vector<float>(500, 0.1f)});
  CHECK_ERROR(opening(), ExitCode::bad_input, "a-9.wav: front end: 500 samples");
  write_wav(folder / "a-9.wav", {8000, std::vector<float>(3200, 0.1f)});
  CHECK_ERROR(opening(), ExitCode::bad_input, "a-9.wav: has 8000 Hz");
  std::ofstream(folder / "a-9.wav") << "no audio";
  CHECK_ERROR(opening(), ExitCode::bad_input, "a-9.wav: is a text file, not an audio file");
}
