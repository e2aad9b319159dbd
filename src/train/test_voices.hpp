// For tests: a folder of ten "digits", each a tone of its own, in the FSDD layout. Removed with the object.
#pragma once

#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <numbers>
#include <string>

#include "speech/audio.hpp"
#include "train/options.hpp"

namespace erngen {

struct TestVoices {
  static constexpr int recordings = 9;  ///< a digit: index 0 is a test recording, 5..8 are training

  TestVoices() : path(std::filesystem::temp_directory_path() / ("erngen_voices_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path);
    for (int d = 0; d < 10; ++d) {
      for (int i : {0, 5, 6, 7, 8}) {
        Audio a{8000, {}};
        for (int n = 0; n < 1200; ++n) {
          const double hz = 300.0 * std::pow(1.25, d) + 3 * i;
          a.samples.push_back(static_cast<float>(0.3 * std::sin(2 * std::numbers::pi * hz * n / 8000)));
        }
        write_wav(path / (std::to_string(d) + "_tone_" + std::to_string(i) + ".wav"), a);
      }
    }
  }
  ~TestVoices() { std::filesystem::remove_all(path); }
  TestVoices(const TestVoices&) = delete;
  TestVoices& operator=(const TestVoices&) = delete;

  TrainOptions options() const {
    TrainOptions o;
    o.data.path = path;
    o.batch = 4;
    o.data.augmentation.speed = 0.02;
    o.data.augmentation.clip_speed = 0;
    return o;
  }

  std::filesystem::path path;
};

}  // namespace erngen
