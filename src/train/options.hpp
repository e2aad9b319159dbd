// What a training run is told. No libtorch: the command line includes this.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "network/random_network.hpp"
#include "speech/frontend_config.hpp"
#include "speech/utterance.hpp"
#include "train/feature_masks.hpp"

namespace erngen {

enum class DataKind { digits, timit, npz, speech };
enum class Units { digits, phones };  ///< output classes of a network for digits
enum class Loss { ctc, frames };      ///< connectionist temporal classification; cross entropy of labelled frames

/// How the block-circulant network comes about.
enum class Method {
  direct,  ///< trained as such, from `start` or from random weights (C-LSTM's way; with block size 1: a dense network)
  admm,    ///< ADMM on a dense network, hard projection, retraining (E-RNN)
  projection,  ///< projection of a dense network, retraining
  quantised    ///< a trained network goes on with the fixed-point model's answers in the forward direction
};

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

/// The data set.
struct DataOptions {
  DataKind kind = DataKind::digits;
  std::filesystem::path path;  ///< folder (digits, TIMIT, speech) or file (.npz) of the training data
  // digits
  Units units = Units::digits;
  std::vector<std::filesystem::path> extra;  ///< folders of further voices in the same layout, all of their files
  double extra_share = 0.3;                  ///< of the utterances
  int hold_out =
      0;  ///< this many recordings a digit and speaker are kept out for validation (the first of the training split)
  std::string without_speaker;  ///< no recording of this speaker is used; empty: all are
  UtteranceShape utterances;
  Augmentation augmentation;
  double validation_snr_db = 100;  ///< white noise in the validation utterances
  int validation_utterances = 300;
  // TIMIT
  int timit_phones = 48;  ///< classes to train: 61, 48 or 39; 39 are scored
  // speech: sentences.hpp; of the augmentation only `speed`, as three speeds: 1 / (1 + speed), 1 and 1 + speed
  std::filesystem::path lexicon;  ///< empty: lexicon.txt in the folder
  std::filesystem::path split;
  FeatureMasks masks;
  // npz
  std::filesystem::path validation;  ///< a second file; empty: no validation
};

/// The alternating direction method of multipliers with the scaled dual U (admm.hpp):
/// W <- Adam on loss + rho/2 |W - Z + U|^2;  Z <- projection of W + U;  U <- U + W - Z.
struct AdmmOptions {
  int steps = 800;          ///< at most
  int interval = 10;        ///< optimiser steps between two updates of U and rho
  double rate = 3e-3;       ///< learning rate; it does not fall before the retraining
  double rho = 0.5;         ///< at the first update
  double rho_last = 60;     ///< at the last one, if the loss allows
  double loss_limit = 6;    ///< rho rises while the loss, smoothed, is at most this multiple of the dense network's
                            ///< (0: always); a block-circulant network alone may reach twice it
  double tolerance = 0.01;  ///< stops when |W - Z| / |W| and |Z - Z before| / |W| are both below
};

struct TrainOptions {
  TrainOptions();
  Method method = Method::direct;
  Loss loss = Loss::ctc;
  NetworkShape shape;       ///< its input, dense size and seed are set by the run
  FrontendConfig frontend;  ///< without normalisation: the run determines it
  DataOptions data;
  AdmmOptions admm;
  int epochs = 0;           ///< passes over a data set that is finite, in place of `steps`; 0: steps count
  int dense_steps = 0;      ///< dense pre-training before ADMM or projection when there is no `start`
  int steps = 3000;         ///< of the last stage: direct training, retraining, quantisation-aware training
  int aligned_steps = 300;  ///< the first of a run from random weights: framewise targets from the known places of the
                            ///< recordings instead of CTC, which alone spends many steps on finding its first alignment
  int batch = 32;
  double peak_rate = 6e-3;       ///< from random weights
  double retrain_rate = 6e-3;    ///< of a network that was trained before
  double quantised_rate = 1e-3;  ///< of quantisation-aware training
  int warmup = 150;
  double clip_norm = 1.0;         ///< of the loss's gradient
  std::optional<double> dropout;  ///< on the output of every recurrent layer; empty: default_dropout
  static constexpr double default_dense_dropout = 0.2;    ///< of stages that train a dense network for its own sake
  static constexpr double default_circulant_dropout = 0;  ///< of all others: fewer parameters need none
  double distillation =
      0;  ///< share of the loss, in ADMM and retraining, that asks for the dense network's class probabilities; 0: none
  double weight_decay = 1e-4;  ///< decoupled (AdamW)
  int patience = 0;  ///< validations without a better one after which the last stage ends, and the best network is the
                     ///< result; 0: never
  int weight_bits = 12;  ///< of quantisation-aware training
  int activation_bits = 12;
  std::uint64_t seed = 1;
  int threads = 2;
  int log_every = 50;
  int validate_every = 500;     ///< steps
  std::filesystem::path start;  ///< network to go on from, with its front end; empty: random weights of the shape
  std::filesystem::path
      checkpoint;             ///< the state of the run is kept here; a run finds its own again and goes on; empty: not
  std::filesystem::path log;  ///< JSON lines; empty: none
  std::filesystem::path pools;  ///< batches (of speech: features) are kept in this folder and read again by runs with
                                ///< the same data, and for batches the same seed and batch size; empty: not
  std::vector<int> snapshots;   ///< after these steps of the last stage (0: before its first) the network is written to
                                ///< the file `snapshot` with ".N" added, N the step
  std::filesystem::path snapshot;
  std::filesystem::path
      calibration;  ///< features of some training examples are written here, .npy for the quantiser; empty: not

  /// Throws Error(usage) naming the option, its value and its limit.
  void validate() const;
};

/// The whole recipe without paths, for the network's metadata, and to know a checkpoint by.
Json recipe_json(const TrainOptions& options);

/// "direct", "admm", "projection", "quantised".
const char* method_name(Method method);

}  // namespace erngen
