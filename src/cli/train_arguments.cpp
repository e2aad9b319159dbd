#include "cli/train_arguments.hpp"

#include <memory>
#include <optional>
#include <type_traits>

#include "cli/choice.hpp"
#include "cli/number.hpp"

namespace erngen::cli {
namespace {

/// Adds options that are numbers, with their defaults, to one group of the help.
class Numbers {
 public:
  Numbers(CLI::App& app, std::string group) : app_(app), group_(std::move(group)) {}
  template <class T>
  void operator()(const char* name, T& value, const char* description, const char* type = "N") {
    app_.add_option(name, value, description)
        ->type_name(type)
        ->capture_default_str()
        ->group(group_)
        ->transform(number<T>());
  }

 private:
  CLI::App& app_;
  std::string group_;
};

/// Adds an option whose value reaches `target` only when it was given, and then when `given` is run.
template <class T>
CLI::Option* add_later(CLI::App& app, const char* name, T& target, const char* description,
                       std::vector<std::function<void()>>& given) {
  const auto value = std::make_shared<std::optional<T>>();
  given.push_back([value, &target] {
    if (*value) target = **value;
  });
  CLI::Option* option = app.add_option(name, *value, description);
  if constexpr (std::is_arithmetic_v<T>) option->transform(number<T>());
  return option;
}

}  // namespace

void TrainArguments::resolve() {
  if (options.data.kind == DataKind::speech) {
    options.frontend = sentence_frontend();
    options.data.augmentation.speed = 0.1;
  }
  for (const auto& set : given_) set();
}

void TrainArguments::add_data(CLI::App& app, bool required) {
  DataOptions& d = options.data;
  FrontendConfig& f = options.frontend;
  app.add_option(
         "--data", d.path,
         "Folder of digit recordings, TIMIT's directory, .npz of the training split, or folder of read sentences")
      ->type_name("PATH")
      ->required(required)
      ->group("Data");
  app.add_option("--data-kind", d.kind, "What it is [digits]")
      ->type_name("digits|timit|npz|speech")
      ->group("Data")
      ->transform(one_of<DataKind>({{"digits", DataKind::digits},
                                    {"timit", DataKind::timit},
                                    {"npz", DataKind::npz},
                                    {"speech", DataKind::speech}}));
  app.add_option("--units", d.units, "Output classes for digits [digits]")
      ->type_name("digits|phones")
      ->group("Data")
      ->transform(one_of<Units>({{"digits", Units::digits}, {"phones", Units::phones}}));
  app.add_option("--extra", d.extra, "Folder of further voices, all of it used; {digits}_{voice}_{index}.wav")
      ->type_name("DIR")
      ->group("Data");
  app.add_option("--without-speaker", d.without_speaker, "Leave this speaker's recordings out")
      ->type_name("NAME")
      ->group("Data");
  app.add_option("--validation", d.validation, "Second .npz, for validation")->type_name("FILE")->group("Data");
  app.add_option("--split-file", d.split, "Which sentences validate and which test (speech)")
      ->type_name("FILE.json")
      ->group("Data");
  app.add_option("--lexicon", d.lexicon, "Words and their phones (speech) [lexicon.txt in the folder]")
      ->type_name("FILE")
      ->group("Data");
  add_later(app, "--speed", d.augmentation.speed,
            "Utterances are played up to this share faster or slower [0.15; speech: 0.1, three speeds]", given_)
      ->type_name("P")
      ->group("Data");
  Numbers number(app, "Data");
  number("--masks", d.masks.count, "Masks of frequency and as many of time in a sentence (speech)");
  number("--mask-bands", d.masks.bands, "Widest frequency mask, bands");
  number("--mask-vectors", d.masks.vectors, "Longest time mask, feature vectors");
  number("--extra-share", d.extra_share, "Share of the utterances made of further voices", "P");
  number("--hold-out", d.hold_out, "Recordings a digit and speaker of the training split that are kept for validation");
  number("--validation-utterances", d.validation_utterances, "Utterances made of them");
  number("--validation-snr", d.validation_snr_db, "White noise in them, dB below the speech; 90 and above: none", "DB");
  number("--min-snr", d.augmentation.min_snr_db, "Loudest white noise in training utterances, dB below the speech",
         "DB");
  number("--max-snr", d.augmentation.max_snr_db, "Softest", "DB");
  number("--timit-phones", d.timit_phones, "Classes for TIMIT, 61, 48 or 39; 39 are scored");

  add_later(app, "--features", f.kind, "Features [mfcc; speech: logmel]", given_)
      ->type_name("mfcc|logmel")
      ->group("Features")
      ->transform(one_of<FeatureKind>({{"mfcc", FeatureKind::mfcc}, {"logmel", FeatureKind::logmel}}));
  const auto feature = [&](const char* name, auto& value, const char* description, const char* type = "N") {
    add_later(app, name, value, description, given_)->type_name(type)->group("Features");
  };
  feature("--sample-rate", f.sample_rate, "Of the recordings [8000; speech: 16000]", "HZ");
  feature("--frame-ms", f.frame_ms, "Length of the frames, milliseconds [32; speech: 25]", "MS");
  feature("--hop-ms", f.hop_ms, "Distance of the frames, milliseconds [16; speech: 10]", "MS");
  feature("--fft-size", f.fft_size, "Points of the transform [256; speech: 512]");
  feature("--mel-bands", f.mel_bands, "Mel bands [26; speech: 40]");
  feature("--low-hz", f.low_hz, "Lower end of the bands [80]", "HZ");
  feature("--high-hz", f.high_hz, "Upper end of the bands [4000; speech: 7600]", "HZ");
  feature("--coefficients", f.coefficients, "Cepstral coefficients (mfcc) [13]");
  feature("--deltas", f.deltas, "Orders of differences, 0 to 2 [2; speech: 0]");
  feature("--stack", f.stack, "Neighbouring frames that make one vector [1; speech: 3]");
  feature("--stride", f.stride, "Frames from one vector to the next [1; speech: 3]");
}

void TrainArguments::add_shape(CLI::App& app) {
  NetworkShape& s = options.shape;
  Numbers number(app, "Network");
  number("--hidden", s.hidden, "Cells of each recurrent layer");
  number("--layers", s.layers, "Recurrent layers");
  number("--projection", s.projection, "Rows of an LSTM's projection, 0: none");
  app.add_flag("--peephole", s.peephole, "LSTM with peepholes")->group("Network");
  app.add_option("--candidate", s.candidate, "Activation of an LSTM's candidate [tanh]")
      ->type_name("tanh|sigmoid")
      ->group("Network")
      ->transform(one_of<Nonlinearity>({{"tanh", Nonlinearity::tanh}, {"sigmoid", Nonlinearity::sigmoid}}));
  app.add_option("--reset", s.reset, "GRU's reset gate: before or after the product [after]")
      ->type_name("before|after")
      ->group("Network")
      ->transform(one_of<Reset>({{"before", Reset::before}, {"after", Reset::after}}));
}

void TrainArguments::add_run(CLI::App& app) {
  TrainOptions& o = options;
  app.add_option("--loss", o.loss, "ctc, or the cross entropy of labelled frames [ctc]")
      ->type_name("ctc|frames")
      ->group("Run")
      ->transform(one_of<Loss>({{"ctc", Loss::ctc}, {"frames", Loss::frames}}));
  Numbers number(app, "Run");
  number("--steps", o.steps, "Steps of the last stage: direct training, retraining, quantisation-aware training");
  number("--epochs", o.epochs, "Passes over TIMIT or .npz data in place of --steps");
  number("--dense-steps", o.dense_steps, "Steps of dense pre-training before ADMM or projection, without --start");
  number("--aligned-steps", o.aligned_steps,
         "The first steps from random weights, with framewise targets where they are known");
  number("--batch", o.batch, "Utterances a step");
  number("--rate", o.peak_rate, "Highest learning rate from random weights");
  number("--retrain-rate", o.retrain_rate, "Highest learning rate of a network that was trained before");
  number("--quantised-rate", o.quantised_rate, "Highest learning rate of quantisation-aware training");
  number("--warmup", o.warmup, "Steps until it is reached, at most a quarter of a stage");
  number("--clip-norm", o.clip_norm, "Largest norm of the gradient");
  app.add_option("--dropout", o.dropout,
                 "Share of each recurrent layer's outputs that is dropped [dense training: 0.2, all other: 0]")
      ->type_name("P")
      ->transform(cli::number<double>())
      ->group("Run");
  number("--distillation", o.distillation,
         "Share of the loss, in ADMM and retraining, that asks for the dense network's answers", "P");
  number("--weight-decay", o.weight_decay, "Decoupled weight decay");
  number("--patience", o.patience,
         "Validations without a better one after which the last stage ends; the best network is kept; 0: never");
  number("--seed", o.seed, "Seed of weights, utterances and dropout");
  number("--threads", o.threads, "Threads of libtorch; another number may round differently");
  number("--validate-every", o.validate_every, "Steps between validations and checkpoints");
  number("--log-every", o.log_every, "Steps between reports");
  app.add_option("--pools", o.pools,
                 "Folder in which batches (of speech: features) are kept for further runs with the same data, and for "
                 "batches the same seed and batch size")
      ->type_name("DIR")
      ->group("Run");
  Numbers admm(app, "ADMM");
  admm("--admm-steps", o.admm.steps, "Most steps");
  admm("--admm-interval", o.admm.interval, "Steps between two updates of the dual and of rho");
  admm("--admm-rate", o.admm.rate, "Learning rate, after the warm-up");
  admm("--rho", o.admm.rho, "Weight of the penalty at first", "RHO");
  admm("--rho-last", o.admm.rho_last, "At last, if the loss allows", "RHO");
  admm("--admm-loss-limit", o.admm.loss_limit,
       "rho rises only while the smoothed loss is at most this multiple of the dense network's; 0: always", "X");
  admm("--admm-tolerance", o.admm.tolerance, "Stop when both relative residuals are below", "E");
}

}  // namespace erngen::cli
