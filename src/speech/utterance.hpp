// Connected-digit utterances, made by joining recordings of one speaker.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/random.hpp"
#include "speech/dataset.hpp"

namespace erngen {

struct Utterance {
  std::vector<int> digits;
  std::string speaker;
  Audio audio;
  /// Where the recordings lie: samples [begin, end) of one recording and how many digits it has.
  struct Span {
    size_t begin = 0;
    size_t end = 0;
    size_t digits = 0;
  };
  std::vector<Span> spans = {};
};

/// How utterances are made.
struct UtteranceShape {
  int min_digits = 3;
  int max_digits = 7;
  double min_gap = 0.05;  ///< seconds of low noise between recordings
  double max_gap = 0.20;
  double edge = 0.10;   ///< seconds of low noise before the first and after the last
  double noise = 5e-4;  ///< its standard deviation, full scale 1 (-66 dB)
};

/// Makes utterances from clips. Every speaker is equally likely, then every clip of that speaker. Clips of several
/// digits are never joined: they are utterances of their own.
class UtteranceMaker {
 public:
  /// Keeps a reference to the clips. Throws Error(bad_input) without clips or with clips of different sample rates.
  UtteranceMaker(const std::vector<Clip>& clips, UtteranceShape shape);

  Utterance make(Rng& rng) const;

  /// The same; `change` is applied to each recording before it is joined (the trainer varies speed and level there).
  Utterance make(Rng& rng, const std::function<void(Audio&)>& change) const;

 private:
  const std::vector<Clip>* clips_;
  UtteranceShape shape_;
  std::vector<std::vector<size_t>> by_speaker_;  ///< indices of clips, speakers in alphabetical order
};

/// `count` utterances with this seed; the same list on every platform.
std::vector<Utterance> make_utterances(const std::vector<Clip>& clips, const UtteranceShape& shape, int count,
                                       std::uint64_t seed);

/// Adds white noise to every utterance, `snr_db` below the root mean square of its own samples; utterance n by the seed
/// and n alone.
void add_noise(std::vector<Utterance>& utterances, double snr_db, std::uint64_t seed);

}  // namespace erngen
