// Tests of reading and writing audio and of its augmentation.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "speech/audio.hpp"

#include <unistd.h>

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>

#include <sndfile.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "speech/augment.hpp"

using namespace erngen;

namespace {

/// A folder that disappears with the test.
struct Scratch {
  Scratch() : path(std::filesystem::temp_directory_path() / ("erngen_audio_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path);
  }
  ~Scratch() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

Audio sine(int count, double hz, int rate = 8000) {
  Audio a{rate, {}};
  for (int i = 0; i < count; ++i) a.samples.push_back(static_cast<float>(0.5 * std::sin(2 * M_PI * hz * i / rate)));
  return a;
}

void write_with_sndfile(const std::filesystem::path& file, int format, int channels,
                        const std::vector<float>& samples) {
  SF_INFO info{};
  info.samplerate = 8000;
  info.channels = channels;
  info.format = format;
  SNDFILE* f = sf_open(file.c_str(), SFM_WRITE, &info);
  REQUIRE(f != nullptr);
  sf_write_float(f, samples.data(), static_cast<sf_count_t>(samples.size()));
  sf_close(f);
}

std::string why(const std::filesystem::path& file, int rate = 0) {
  try {
    if (rate > 0)
      read_audio(file, rate);
    else
      read_audio(file);
  } catch (const Error& e) {
    CHECK(e.kind() == ExitCode::bad_input);
    CHECK(std::string(e.what()).find(file.string()) != std::string::npos);
    return e.what();
  }
  return "no error";
}

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("WAV, FLAC and SPHERE hold the same samples") {
  const Scratch scratch;
  const Audio a = sine(1000, 440);
  write_wav(scratch.path / "a.wav", a);
  write_with_sndfile(scratch.path / "a.flac", SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1, a.samples);
  write_with_sndfile(scratch.path / "a.sph", SF_FORMAT_NIST | SF_FORMAT_PCM_16, 1, a.samples);
  for (const char* name : {"a.wav", "a.flac", "a.sph"}) {
    const Audio b = read_audio(scratch.path / name, 8000);
    REQUIRE(b.samples.size() == a.samples.size());
    double error = 0;
    for (size_t i = 0; i < a.samples.size(); ++i)
      error = std::max<double>(error, std::abs(a.samples[i] - b.samples[i]));
    CHECK(error <= 1.0 / 32768);
  }
  Audio loud{8000, {2.0f, -2.0f}};
  write_wav(scratch.path / "loud.wav", loud);
  CHECK(read_audio(scratch.path / "loud.wav").samples == std::vector<float>{32767.0f / 32768.0f, -1.0f});
}

TEST_CASE("bad audio is refused by name") {
  const Scratch scratch;
  const auto file = [&](const char* name) { return scratch.path / name; };
  CHECK(contains(why(file("none.wav")), "No such file"));
  CHECK(contains(why(scratch.path), "directory"));
  std::ofstream(file("text.wav")) << "this is not audio";
  CHECK(contains(why(file("text.wav")), "is a text file, not an audio file"));
  std::ofstream(file("zero.wav"));
  CHECK(contains(why(file("zero.wav")), "is empty, not an audio file"));
  write_wav(file("empty.wav"), Audio{8000, {}});
  CHECK(contains(why(file("empty.wav")), "no samples"));
  write_with_sndfile(file("stereo.wav"), SF_FORMAT_WAV | SF_FORMAT_PCM_16, 2, std::vector<float>(20, 0.1f));
  CHECK(contains(why(file("stereo.wav")), "2 channels"));
  write_with_sndfile(file("nan.wav"), SF_FORMAT_WAV | SF_FORMAT_FLOAT, 1,
                     {0.0f, std::numeric_limits<float>::quiet_NaN()});
  CHECK(contains(why(file("nan.wav")), "sample 1 is not finite"));
  write_wav(file("rate.wav"), sine(100, 440, 16000));
  CHECK(contains(why(file("rate.wav"), 8000), "16000 Hz"));

  // FLAC frames carry checksums, so a cut file is noticed; every prefix of a WAV file must at least be handled.
  write_with_sndfile(file("full.flac"), SF_FORMAT_FLAC | SF_FORMAT_PCM_16, 1, sine(20000, 440).samples);
  std::ifstream in(file("full.flac"), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  std::ofstream(file("cut.flac"), std::ios::binary) << bytes.substr(0, bytes.size() / 2);
  CHECK(contains(why(file("cut.flac")), "truncated"));
  write_wav(file("full.wav"), sine(50, 440));
  std::ifstream wav(file("full.wav"), std::ios::binary);
  const std::string whole((std::istreambuf_iterator<char>(wav)), {});
  for (size_t n = 0; n < whole.size(); ++n) {
    std::ofstream(file("part.wav"), std::ios::binary | std::ios::trunc) << whole.substr(0, n);
    CHECK(why(file("part.wav")) != "no error");
  }
}

TEST_CASE("writing where nothing can be written is an output error") {
  try {
    write_wav("/proc/none/a.wav", sine(10, 440));
    FAIL("no error");
  } catch (const Error& e) {
    CHECK(e.kind() == ExitCode::output);
  }
}

TEST_CASE("a change of speed moves a tone and keeps its level") {
  for (double factor : {0.8, 1.0, 1.25}) {
    const Audio fast = change_speed(sine(4000, 500), factor);
    CHECK(static_cast<int>(fast.samples.size()) == static_cast<int>(4000 / factor));
    double error = 0;
    for (size_t i = 100; i + 100 < fast.samples.size(); ++i) {
      error = std::max(
          error, std::abs(fast.samples[i] - 0.5 * std::sin(2 * M_PI * 500 * factor * static_cast<double>(i) / 8000)));
    }
    CHECK(error < 2e-3);
  }
  // A tone beyond the new Nyquist frequency is removed, not folded: 3500 Hz played 1.5 times as fast.
  CHECK(rms(change_speed(sine(4000, 3500), 1.5)) < 0.02);
  CHECK_THROWS_AS(change_speed(sine(10, 500), 0.0), Error);
}

TEST_CASE("gain, tilt and noise do what their formulas say") {
  Audio a{8000, {1.0f, 0.0f, -1.0f, 0.5f}};
  tilt(a, 0.5);
  CHECK(a.samples == std::vector<float>{1.0f, 0.5f, -1.0f, 0.0f});
  amplify(a, 2.0);
  CHECK(a.samples == std::vector<float>{2.0f, 1.0f, -2.0f, 0.0f});
  Audio quiet{8000, std::vector<float>(20000, 0.0f)};
  Rng rng(3);
  add_noise(quiet, 0.1, rng);
  CHECK(rms(quiet) == doctest::Approx(0.1).epsilon(0.03));
}
