// For tests: a tiny tree in the shape of TIMIT's own directory, NIST SPHERE audio with .PHN labels. Removed with the
// object.
#pragma once

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <sndfile.h>

#include "base/test_directory.hpp"

namespace erngen {

class TestTimit {
 public:
  static constexpr int samples = 16000;

  /// Two training speakers, one of the development set, one of the core test set, one of neither; each with an SA
  /// sentence and another.
  TestTimit() {
    for (const char* speaker :
         {"TRAIN/DR1/FCJF0", "TRAIN/DR2/MABC0", "TEST/DR1/FAKS0", "TEST/DR1/MDAB0", "TEST/DR3/MZZZ0"}) {
      for (const char* sentence : {"SA1", "SX37"}) {
        const std::string name = std::string(speaker) + "/" + sentence;
        write_sphere(name + ".WAV");
        write_labels(
            name + ".PHN",
            "0 2000 h#\n2000 5000 sh\n5000 7000 ix\n7000 8500 tcl\n8500 10000 t\n10000 12000 q\n12000 16100 h#\n");
      }
    }
  }

  std::filesystem::path path() const { return directory_.path(); }

  void write_labels(const std::string& name, const std::string& text) const {
    std::ofstream out(directory_.path() / name);
    out << text;
  }

 private:
  void write_sphere(const std::string& name) const {
    const std::filesystem::path file = directory_.path() / name;
    std::filesystem::create_directories(file.parent_path());
    SF_INFO info{};
    info.samplerate = 16000;
    info.channels = 1;
    info.format = SF_FORMAT_NIST | SF_FORMAT_PCM_16;
    SNDFILE* out = sf_open(file.c_str(), SFM_WRITE, &info);
    if (!out) throw std::runtime_error("no SPHERE file: " + file.string());
    std::vector<short> wave;
    for (int n = 0; n < samples; ++n)
      wave.push_back(static_cast<short>(((n * 7919) % 4001 - 2000) * (n % 3000 < 1500 ? 1 : 2)));
    sf_write_short(out, wave.data(), samples);
    sf_close(out);
  }

  TestDirectory directory_;
};

}  // namespace erngen
