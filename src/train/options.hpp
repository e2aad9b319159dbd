// What a training run is told. No libtorch: the command line includes this.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/json.hpp"
#include "network/random_network.hpp"
#include "speech/frontend_config.hpp"
#include "speech/utterance.hpp"

namespace erngen {

/// Random changes of the training utterances; ranges are symmetric about "no change".
struct Augmentation {
  double speed = 0.15;        ///< a speaker's speed: exp(+-ln(1 + speed))
  double clip_speed = 0.05;   ///< on top of it, for each recording
  double gain_db = 12.0;      ///< level of the utterance, +-
  double clip_gain_db = 3.0;  ///< on top of it, for each recording
  double tilt = 0.3;          ///< of the spectrum, see tilt()
  double min_snr_db = 15.0;   ///< white noise of min..max dB below the speech
  double max_snr_db = 50.0;
};

struct TrainOptions {
  TrainOptions();
  NetworkShape shape;          ///< its input, dense size and seed are set by the run
  FrontendConfig frontend;     ///< without normalisation: the run determines it
  Augmentation augmentation;
  UtteranceShape utterances;
  std::filesystem::path data;                ///< FSDD layout; its training split is used
  std::vector<std::filesystem::path> extra;  ///< folders of further voices in the same layout, all of their files
  double extra_share = 0.3;                  ///< of the utterances
  int hold_out = 0;            ///< this many recordings a digit and speaker are kept out for validation (the first of the training split)
  int steps = 3000;
  int aligned_steps = 300;     ///< of them, the first: framewise targets from the known places of the recordings instead of CTC,
                               ///< which alone spends many steps on finding its first alignment
  int batch = 32;
  double peak_rate = 3e-3;
  int warmup = 150;
  double clip_norm = 1.0;      ///< of the gradient
  double dropout = 0.2;        ///< on the output of every recurrent layer
  double weight_decay = 1e-4;  ///< decoupled (AdamW)
  std::uint64_t seed = 1;
  int threads = 2;
  int log_every = 50;
  int validate_every = 500;    ///< steps
  std::filesystem::path start;       ///< network to go on from, with its front end; empty: random weights of the shape
  std::filesystem::path checkpoint;  ///< the network so far is written here every validate_every steps; empty: not
  std::filesystem::path log;   ///< JSON lines; empty: none

  /// Throws Error(usage) naming the option, its value and its limit.
  void validate() const;
};

/// The whole recipe without paths, for the network's metadata.
Json recipe_json(const TrainOptions& options);

}  // namespace erngen
