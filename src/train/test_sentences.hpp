// For tests: a folder of "sentences" whose phones are tones.
#pragma once

#include <cmath>
#include <fstream>
#include <numbers>
#include <string>

#include "base/test_directory.hpp"
#include "speech/audio.hpp"
#include "train/options.hpp"

namespace erngen {

/// Speakers a, b, c with four sentences each of the words LOW, MID, HIGH: tones of 0.2 s, of another pitch for each
/// speaker. Speaker b validates, speaker c tests.
class TestSentences {
 public:
  TestSentences() {
    std::ofstream(directory_ / "lexicon.txt") << "LOW L\nMID M\nHIGH H\nLOWHIGH L H\n";
    std::ofstream(directory_ / "split.json") << R"({"key": "([a-z])-.*", "validation": ["b"], "test": ["c"]})";
    std::ofstream transcripts(directory_ / "transcripts.txt");
    const char* words[4] = {"LOW MID HIGH", "HIGH LOW", "MID LOWHIGH", "LOW HIGH MID LOW"};
    const std::string tones[4] = {"LMH", "HL", "MLH", "LHML"};
    for (const char speaker : {'a', 'b', 'c'}) {
      for (int n = 0; n < 4; ++n) {
        const std::string name = std::string(1, speaker) + '-' + std::to_string(n);
        transcripts << name << ' ' << words[n] << '\n';
        write_wav(directory_ / (name + ".wav"), spoken(tones[n], 1 + 0.04 * (speaker - 'a')));
      }
    }
  }

  std::filesystem::path operator/(const std::string& name) const { return directory_ / name; }

  TrainOptions options() const {
    TrainOptions o;
    o.data.kind = DataKind::speech;
    o.data.path = directory_.path();
    o.data.split = directory_ / "split.json";
    o.data.augmentation.speed = 0.1;
    o.frontend = sentence_frontend();
    o.batch = 2;
    o.threads = 1;
    return o;
  }

  static Audio spoken(const std::string& tones, double pitch) {
    Audio audio{16000, std::vector<float>(1600, 0.0f)};
    for (const char tone : tones) {
      const double hz = pitch * (tone == 'L' ? 400 : tone == 'M' ? 1000 : 2500);
      for (int i = 0; i < 3200; ++i)
        audio.samples.push_back(static_cast<float>(0.3 * std::sin(2 * std::numbers::pi * hz * i / 16000)));
    }
    audio.samples.resize(audio.samples.size() + 1600, 0.0f);
    return audio;
  }

 private:
  TestDirectory directory_;
};

}  // namespace erngen
