#include "train/options.hpp"

#include <array>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

template <class T>
void demand(bool holds, const char* name, T value, const char* limit) {
  if (!holds) throw Error(ExitCode::usage, fmt::format("training: {} is {}, it must be {}", name, value, limit));
}

void validate(const DataOptions& o) {
  const Augmentation& a = o.augmentation;
  demand(a.speed >= 0 && a.speed <= 1, "speed", a.speed, "0..1");
  demand(a.clip_speed >= 0 && a.clip_speed <= 0.5, "clip_speed", a.clip_speed, "0..0.5");
  demand(a.tilt >= 0 && a.tilt < 1, "tilt", a.tilt, "at least 0, below 1");
  demand(a.min_snr_db <= a.max_snr_db, "min_snr_db", a.min_snr_db, "at most max_snr_db");
  demand(o.extra_share >= 0 && o.extra_share <= 1, "extra share", o.extra_share, "0..1");
  demand(o.hold_out >= 0, "hold-out", o.hold_out, "at least 0");
  demand(o.validation_utterances >= 1, "validation utterances", o.validation_utterances, "at least 1");
  demand(o.masks.count >= 0, "number of masks", o.masks.count, "at least 0");
  demand(o.masks.bands >= 0, "width of masks", o.masks.bands, "at least 0");
  demand(o.masks.vectors >= 0, "length of masks", o.masks.vectors, "at least 0");
  if (o.kind == DataKind::speech && o.split.empty())
    throw Error(ExitCode::usage, "training: nothing says which sentences validate and which test",
                "give --split-file FILE");
  demand(o.timit_phones == 61 || o.timit_phones == 48 || o.timit_phones == 39, "number of TIMIT phones", o.timit_phones,
         "61, 48 or 39");
}

void validate(const AdmmOptions& o) {
  demand(o.steps >= 1, "ADMM steps", o.steps, "at least 1");
  demand(o.interval >= 1 && o.interval <= o.steps, "ADMM interval", o.interval, "at least 1, at most the ADMM steps");
  demand(o.rate > 0 && o.rate <= 1, "ADMM rate", o.rate, "above 0, at most 1");
  demand(o.rho > 0 && o.rho <= 1e6, "rho", o.rho, "above 0, at most 1e6");
  demand(o.rho_last >= o.rho && o.rho_last <= 1e6, "last rho", o.rho_last, "at least rho, at most 1e6");
  demand(o.loss_limit >= 0, "loss limit of ADMM", o.loss_limit, "at least 0");
  demand(o.tolerance >= 0 && o.tolerance < 1, "ADMM tolerance", o.tolerance, "at least 0, below 1");
}

Json data_json(const DataOptions& o) {
  if (o.kind == DataKind::timit) return {{"kind", "timit"}, {"phones", o.timit_phones}};
  if (o.kind == DataKind::npz) return {{"kind", "npz"}};
  const Augmentation& a = o.augmentation;
  if (o.kind == DataKind::speech)
    return {{"kind", "speech"},
            {"speed", a.speed},
            {"masks", {{"count", o.masks.count}, {"bands", o.masks.bands}, {"vectors", o.masks.vectors}}}};
  Json j{{"kind", "digits"},
         {"units", o.units == Units::digits ? "digits" : "phones"},
         {"hold_out", o.hold_out},
         {"extra_share", o.extra.empty() ? 0.0 : o.extra_share},
         {"utterances",
          {{"min_digits", o.utterances.min_digits},
           {"max_digits", o.utterances.max_digits},
           {"min_gap", o.utterances.min_gap},
           {"max_gap", o.utterances.max_gap},
           {"edge", o.utterances.edge},
           {"noise", o.utterances.noise}}},
         {"augmentation",
          {{"speed", a.speed},
           {"clip_speed", a.clip_speed},
           {"gain_db", a.gain_db},
           {"clip_gain_db", a.clip_gain_db},
           {"tilt", a.tilt},
           {"min_snr_db", a.min_snr_db},
           {"max_snr_db", a.max_snr_db}}},
         {"validation", {{"utterances", o.validation_utterances}, {"snr_db", o.validation_snr_db}}}};
  if (!o.without_speaker.empty()) j["without_speaker"] = o.without_speaker;
  return j;
}

}  // namespace

TrainOptions::TrainOptions() { shape.layers = 2; }

void TrainOptions::validate() const {
  try {
    frontend.validate();
  } catch (const Error& error) {  // here its parameters are options
    throw Error(ExitCode::usage, error.what());
  }
  erngen::validate(data);
  erngen::validate(admm);
  demand(epochs >= 0, "epochs", epochs, "at least 0");
  demand(dense_steps >= 0, "dense steps", dense_steps, "at least 0");
  demand(steps >= 1, "steps", steps, "at least 1");
  demand(aligned_steps >= 0, "aligned steps", aligned_steps, "at least 0");
  demand(batch >= 1 && batch <= 4096, "batch", batch, "1..4096");
  demand(peak_rate > 0 && peak_rate <= 1, "rate", peak_rate, "above 0, at most 1");
  demand(retrain_rate > 0 && retrain_rate <= 1, "retraining rate", retrain_rate, "above 0, at most 1");
  demand(quantised_rate > 0 && quantised_rate <= 1, "rate of quantisation-aware training", quantised_rate,
         "above 0, at most 1");
  demand(warmup >= 0, "warmup", warmup, "at least 0");
  demand(clip_norm > 0, "clip norm", clip_norm, "above 0");
  if (dropout) demand(*dropout >= 0 && *dropout < 1, "dropout", *dropout, "at least 0, below 1");
  demand(distillation >= 0 && distillation <= 1, "distillation", distillation, "0..1");
  if (distillation > 0 && method != Method::admm && method != Method::projection)
    throw Error(
        ExitCode::usage,
        fmt::format(
            "training: distillation {:g} needs a dense network to learn from, which the method {} does not have",
            distillation, method_name(method)),
        "use --method admm or projection, or leave out --distillation");
  demand(weight_decay >= 0, "weight decay", weight_decay, "at least 0");
  demand(patience >= 0, "patience", patience, "at least 0");
  demand(weight_bits >= 4 && weight_bits <= 18, "weight bits", weight_bits, "4..18");
  demand(activation_bits >= 4 && activation_bits <= 18, "activation bits", activation_bits, "4..18");
  demand(threads >= 1 && threads <= 256, "threads", threads, "1..256");
  demand(log_every >= 1, "log interval", log_every, "at least 1");
  demand(validate_every >= 1, "validation interval", validate_every, "at least 1");
  for (const int step : snapshots) {
    if (step < 0 || (epochs == 0 && step > steps))
      throw Error(ExitCode::usage,
                  fmt::format("training: a snapshot after step {} of the last stage, which has {}", step, steps));
  }
  const bool needs_network =
      method == Method::quantised || ((method == Method::admm || method == Method::projection) && dense_steps == 0);
  if (needs_network && start.empty()) {
    throw Error(ExitCode::usage,
                fmt::format("training: the method {} needs a trained network to start from", method_name(method)),
                method == Method::quantised ? "give --start NET"
                                            : "give --start NET, or --dense-steps N for dense pre-training");
  }
  if (!start.empty() && dense_steps > 0)
    throw Error(ExitCode::usage, "training: dense pre-training starts from random weights",
                "leave out --start or --dense-steps");
}

const char* method_name(Method method) {
  static constexpr std::array<const char*, 4> names{"direct", "admm", "projection", "quantised"};
  return names[static_cast<size_t>(method)];
}

Json recipe_json(const TrainOptions& o) {
  Json j = Json::object();
  j["method"] = method_name(o.method);
  j["loss"] = o.loss == Loss::ctc ? "ctc" : "frames";
  j["seed"] = o.seed;
  if (o.dense_steps > 0) j["dense_steps"] = o.dense_steps;
  if (o.method == Method::admm) {
    const AdmmOptions& a = o.admm;
    j["admm"] = {{"steps", a.steps},       {"interval", a.interval},     {"rate", a.rate},          {"rho", a.rho},
                 {"rho_last", a.rho_last}, {"loss_limit", a.loss_limit}, {"tolerance", a.tolerance}};
  }
  j["steps"] = o.steps;
  j["aligned_steps"] = o.aligned_steps;
  j["batch"] = o.batch;
  j["peak_rate"] = o.peak_rate;
  j["retrain_rate"] = o.retrain_rate;
  j["warmup"] = o.warmup;
  j["clip_norm"] = o.clip_norm;
  if (o.dropout) j["dropout"] = *o.dropout;
  if (o.distillation > 0) j["distillation"] = o.distillation;
  j["weight_decay"] = o.weight_decay;
  j["patience"] = o.patience;
  if (o.method == Method::quantised)
    j["quantised"] = {{"rate", o.quantised_rate}, {"weights", o.weight_bits}, {"activations", o.activation_bits}};
  j["data"] = data_json(o.data);
  return j;
}

}  // namespace erngen
