// Tests of the front end against numpy (frontend_oracle.py).
#include "speech/frontend.hpp"

#include <cmath>
#include <complex>
#include <string>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "base/parallel.hpp"

using namespace erngen;

namespace {

#include "speech/frontend_oracle.inc"

/// The signal of frontend_oracle.py.
Audio test_signal(int n, int rate = 8000) {
  Audio audio{rate, {}};
  for (long i = 0; i < n; ++i) {
    const long saw = (i * 37) % 256 - 128;
    const long chirp = (i * i / 300) % 64 < 32 ? 90 : -90;
    const long burst = (i / 500) % 2 == 0 ? (i * i * 7) % 201 - 100 : 0;
    audio.samples.push_back(static_cast<float>(static_cast<double>(saw + chirp + burst) / 1024.0));
  }
  return audio;
}

FrontendConfig logmel_config() {
  FrontendConfig c;
  c.kind = FeatureKind::logmel;
  c.frame_ms = 25;
  c.hop_ms = 12.5;
  c.fft_size = 512;
  c.preemphasis = 0.9;
  c.mel_bands = 20;
  c.low_hz = 100;
  c.high_hz = 3800;
  c.energy_floor = 1e-4;
  c.deltas = 1;
  c.delta_window = 3;
  return c;
}

template <size_t width>
double worst(const Array& x, const double (&rows)[3][width]) {
  const int at[3] = {0, 7, x.shape[0] - 1};
  double error = 0;
  for (int r = 0; r < 3; ++r) {
    for (size_t c = 0; c < width; ++c) {
      const double v = x.values[static_cast<size_t>(at[r]) * width + c];
      error = std::max(error, std::abs(v - rows[r][c]));
    }
  }
  return error;
}

template <class F>
std::string message_of(F&& f) {
  try {
    f();
  } catch (const Error& e) {
    CHECK(e.kind() == ExitCode::bad_input);
    return e.what();
  }
  return "no error";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("features agree with numpy") {
  const Array mfcc = Frontend(FrontendConfig{}).features(test_signal(3000));
  REQUIRE(mfcc.shape == std::vector<int>{mfcc_frames, mfcc_width});
  CHECK(worst(mfcc, mfcc_rows) < 2e-4);

  const Array logmel = Frontend(logmel_config()).features(test_signal(3000));
  REQUIRE(logmel.shape == std::vector<int>{logmel_frames, logmel_width});
  CHECK(worst(logmel, logmel_rows) < 2e-4);
}

TEST_CASE("a pure tone lights the band it lies in") {
  FrontendConfig c;
  c.kind = FeatureKind::logmel;
  c.deltas = 0;
  const RealMatrix bank = mel_filters(c.mel_bands, c.fft_size, c.sample_rate, c.low_hz, c.high_hz);
  for (double hz : {300.0, 1000.0, 2500.0, 3500.0}) {
    Audio tone{8000, {}};
    for (int i = 0; i < 512; ++i) tone.samples.push_back(static_cast<float>(0.5 * std::sin(2 * M_PI * hz * i / 8000)));
    const Array x = Frontend(c).features(tone);
    const int best =
        static_cast<int>(std::max_element(x.values.begin(), x.values.begin() + c.mel_bands) - x.values.begin());
    const int bin = static_cast<int>(std::lround(hz * c.fft_size / c.sample_rate));
    int expected = 0;
    for (int b = 0; b < c.mel_bands; ++b) {
      if (bank(b, bin) > bank(expected, bin)) expected = b;
    }
    CHECK(std::abs(best - expected) <= 1);
  }
}

TEST_CASE("normalisation scales and clips") {
  FrontendConfig c;
  const Array raw = Frontend(c).features(test_signal(1500));
  c.mean.assign(39, 1.0f);
  c.scale.assign(39, 0.5f);
  c.clip = 2;
  const Array x = Frontend(c).features(test_signal(1500));
  bool clipped = false;
  for (size_t i = 0; i < x.size(); ++i) {
    const float free = (raw.values[i] - 1.0f) * 0.5f;
    clipped = clipped || std::abs(free) > 2;
    CHECK(x.values[i] == std::clamp(free, -2.0f, 2.0f));
  }
  CHECK(clipped);
}

TEST_CASE("frames are counted without padding") {
  const Frontend f{FrontendConfig{}};
  CHECK(f.frames(255) == 0);
  CHECK(f.frames(256) == 1);
  CHECK(f.frames(383) == 1);
  CHECK(f.frames(384) == 2);
  CHECK(contains(message_of([&] { f.features(test_signal(255)); }), "255 samples"));
  CHECK(contains(message_of([&] { f.features(test_signal(2000, 16000)); }), "16000 Hz"));
}

TEST_CASE("parameters survive JSON") {
  FrontendConfig c = logmel_config();
  c.mean.assign(static_cast<size_t>(c.features()), 0.25f);
  c.scale.assign(static_cast<size_t>(c.features()), 3.0f);
  const Json json = to_json(c);
  CHECK(to_json(frontend_from_json(Json::parse(json.dump()))) == json);
}

TEST_CASE("bad parameters are named") {
  const auto with = [](const char* key, Json value) {
    Json json = to_json(FrontendConfig{});
    json[key] = std::move(value);
    return message_of([&] { frontend_from_json(json); });
  };
  CHECK(contains(with("hop_ms", 0), "hop_ms"));
  CHECK(contains(with("fft_size", 128), "fft_size is 128"));
  CHECK(contains(with("fft_size", 1e30), "fft_size"));
  CHECK(contains(with("sample_rate", "8000"), "sample_rate"));
  CHECK(contains(with("high_hz", 4001), "high_hz"));
  CHECK(contains(with("deltas", 3), "deltas is 3"));
  CHECK(contains(with("mean", Json::array({1.0})), "mean"));
  CHECK(contains(with("scale", Json::array({"a"})), "scale"));
  CHECK(contains(with("kind", "plp"), "plp"));
  CHECK(contains(with("colour", 1), "unknown key \"colour\""));
  Json missing = to_json(FrontendConfig{});
  missing.erase("clip");
  CHECK(contains(message_of([&] { frontend_from_json(missing); }), "\"clip\" is missing"));
  CHECK(contains(message_of([&] { frontend_from_json(Json()); }), "front end"));
  CHECK(contains(message_of([&] { mel_filters(100, 256, 8000, 80, 4000); }), "mel band"));
}

TEST_CASE("stacked frames are neighbouring frames, one vector every `stride` frames") {
  FrontendConfig c = logmel_config();
  const Audio audio = test_signal(3000);
  const Array frames = Frontend(c).features(audio);
  c.stack = 3;
  c.stride = 2;
  const Frontend frontend(c);
  const Array vectors = frontend.features(audio);
  const int width = frames.shape[1], count = (frames.shape[0] - 3) / 2 + 1;
  REQUIRE(vectors.shape == std::vector<int>{count, 3 * width});
  CHECK(frontend.frames(audio.samples.size()) == count);
  for (int v = 0; v < count; ++v) {
    for (int i = 0; i < 3 * width; ++i) CHECK(vectors.values[v * 3 * width + i] == frames.values[v * 2 * width + i]);
  }
  // The last vector ends with the last frame that it has room for.
  const auto needed = static_cast<size_t>(c.vector_samples() + (count - 1) * c.vector_hop());
  CHECK(frontend.frames(needed) == count);
  CHECK(frontend.frames(needed - 1) == count - 1);
  // Networks without stacked frames say nothing of them, and read as before.
  CHECK(to_json(c).at("stack") == 3);
  CHECK(frontend_from_json(to_json(c)).stride == 2);
  CHECK_FALSE(to_json(logmel_config()).contains("stack"));
  CHECK(frontend_from_json(to_json(logmel_config())).stack == 1);
  Json bad = to_json(c);
  bad["stack"] = 0;
  CHECK_THROWS_AS(frontend_from_json(bad), Error);
}

TEST_CASE("a front end may be used by several threads at a time") {
  const Frontend frontend(logmel_config());
  const Audio audio = test_signal(20000);
  const Array wanted = frontend.features(audio);
  std::vector<Array> found(16);
  parallel_for(found.size(), 4, [&](size_t n) { found[n] = frontend.features(audio); });
  for (const Array& x : found) CHECK(x.values == wanted.values);
}
