// Tests of what training does without libtorch: data, batches, options, log.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "train/corpus.hpp"

#include <cmath>
#include <set>

#include "base/error.hpp"
#include "train/log.hpp"
#include "train/schedule.hpp"
#include "train/test_voices.hpp"

using namespace erngen;

TEST_CASE("only training recordings enter the corpus") {
  const TestVoices voices;
  TrainOptions o = voices.options();
  const Corpus c = read_corpus(o);
  CHECK(c.real.size() == 10 * 4);
  CHECK(c.held_out.empty());
  for (const Clip& clip : c.real) CHECK(clip.index >= test_indices);

  o.hold_out = 1;
  o.extra = {voices.path};
  const Corpus held = read_corpus(o);
  CHECK(held.real.size() == 10 * 3);
  CHECK(held.held_out.size() == 10);
  for (const Clip& clip : held.held_out) CHECK(clip.index == 5);
  CHECK(held.extra.size() == 10 * 5);  // the extra folder is used whole

  o.hold_out = 100;
  CHECK_THROWS_AS(read_corpus(o), Error);
}

TEST_CASE("pools repeat, differ from each other, and hold every frame they claim") {
  const TestVoices voices;
  const TrainOptions o = voices.options();
  const Corpus corpus = read_corpus(o);
  const Frontend frontend(with_normalisation(o.frontend, corpus, o));
  const BatchMaker maker(corpus, o, frontend);
  const auto a = maker.pool(3);
  const auto b = maker.pool(3);
  const auto c = maker.pool(4);
  REQUIRE(a.size() == BatchMaker::batches_a_pool);
  bool differs = false;
  for (size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].features == b[i].features);
    CHECK(a[i].labels == b[i].labels);
    differs = differs || a[i].labels != c[i].labels;
    CHECK(a[i].size == o.batch);
    CHECK(a[i].features.size() == static_cast<size_t>(a[i].frames * a[i].size * o.frontend.features()));
    size_t labels = 0;
    std::int64_t longest = 0;
    for (size_t u = 0; u < a[i].lengths.size(); ++u) {
      labels += static_cast<size_t>(a[i].label_counts[u]);
      longest = std::max(longest, a[i].lengths[u]);
    }
    CHECK(labels == a[i].labels.size());
    CHECK(longest == a[i].frames);
    for (std::int64_t l : a[i].labels) CHECK((l >= 1 && l <= 10));
  }
  CHECK(differs);
}

TEST_CASE("frames get the digit late in its recording, the blank between recordings") {
  const Frontend frontend{FrontendConfig{}};  // frame t has its middle at sample 128 t + 128
  Utterance u;
  u.digits = {7, 1, 2};
  u.audio = {8000, std::vector<float>(2560, 0.0f)};
  u.spans = {{256, 896, 1}, {1280, 2000, 2}};
  const auto _ = no_target;
  // middles 128 | 256 384 512 | 640 768 | 896 1024 1152 | 1280 .. 1920 | 2048 ..
  CHECK(frame_targets(u, frontend) == std::vector<std::int64_t>{0, _, _, _, 8, 8, 0, 0, 0, _, _, _, _, _, _, 0, 0, 0, 0});
}

TEST_CASE("normalised training features have mean 0 and variance 1") {
  const TestVoices voices;
  TrainOptions o = voices.options();
  o.frontend.clip = 0;
  const Corpus corpus = read_corpus(o);
  const Frontend frontend(with_normalisation(o.frontend, corpus, o));
  const BatchMaker maker(corpus, o, frontend);
  Rng rng(99);
  std::vector<double> sum(39), squares(39);
  double frames = 0;
  for (int i = 0; i < 200; ++i) {
    const Array x = frontend.features(maker.draw(rng).audio);
    for (size_t n = 0; n < x.size(); ++n) {
      sum[n % 39] += x.values[n];
      squares[n % 39] += x.values[n] * x.values[n];
    }
    frames += x.shape[0];
  }
  for (size_t c = 0; c < 39; ++c) {
    CHECK(std::abs(sum[c] / frames) < 0.2);
    CHECK(squares[c] / frames == doctest::Approx(1.0).epsilon(0.2));
  }
}

TEST_CASE("the learning rate rises, falls and ends") {
  const LearningRate rate{1e-3, 10, 110};
  CHECK(rate.at(0) == doctest::Approx(1e-4));
  CHECK(rate.at(9) == doctest::Approx(1e-3));
  CHECK(rate.at(10) == doctest::Approx(1e-3));
  CHECK(rate.at(60) == doctest::Approx(5e-4));
  CHECK(rate.at(110) == doctest::Approx(0.0));
  CHECK(rate.at(1000) == doctest::Approx(0.0));
}

TEST_CASE("bad options are usage errors") {
  const auto code = [](auto change) {
    TrainOptions o;
    change(o);
    try {
      o.validate();
    } catch (const Error& e) {
      return e.code();
    }
    return ExitCode::success;
  };
  CHECK(code([](TrainOptions&) {}) == ExitCode::success);
  CHECK(code([](TrainOptions& o) { o.steps = 0; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.batch = 0; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.peak_rate = NAN; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.dropout = 1; }) == ExitCode::usage);
  CHECK(code([](TrainOptions& o) { o.augmentation.min_snr_db = 60; }) == ExitCode::usage);
}

TEST_CASE("a log that cannot be written is an output error") {
  try {
    TrainLog log("/proc/none/log");
    FAIL("no error");
  } catch (const Error& e) {
    CHECK(e.code() == ExitCode::output);
  }
}
