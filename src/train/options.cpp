#include "train/options.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

template <class T>
void demand(bool holds, const char* name, T value, const char* limit) {
  if (!holds) throw Error(ExitCode::usage, fmt::format("training: {} is {}, it must be {}", name, value, limit));
}

}  // namespace

TrainOptions::TrainOptions() {
  shape.layers = 2;
  shape.block.all.dense = 8;
}

void TrainOptions::validate() const {
  frontend.validate();
  const Augmentation& a = augmentation;
  demand(a.speed >= 0 && a.speed <= 1, "speed", a.speed, "0..1");
  demand(a.clip_speed >= 0 && a.clip_speed <= 0.5, "clip_speed", a.clip_speed, "0..0.5");
  demand(a.tilt >= 0 && a.tilt < 1, "tilt", a.tilt, "at least 0, below 1");
  demand(a.min_snr_db <= a.max_snr_db, "min_snr_db", a.min_snr_db, "at most max_snr_db");
  demand(extra_share >= 0 && extra_share <= 1, "extra share", extra_share, "0..1");
  demand(hold_out >= 0, "hold-out", hold_out, "at least 0");
  demand(steps >= 1, "steps", steps, "at least 1");
  demand(aligned_steps >= 0, "aligned steps", aligned_steps, "at least 0");
  demand(batch >= 1 && batch <= 4096, "batch", batch, "1..4096");
  demand(peak_rate > 0 && peak_rate <= 1, "rate", peak_rate, "above 0, at most 1");
  demand(warmup >= 0, "warmup", warmup, "at least 0");
  demand(clip_norm > 0, "clip norm", clip_norm, "above 0");
  demand(dropout >= 0 && dropout < 1, "dropout", dropout, "at least 0, below 1");
  demand(weight_decay >= 0, "weight decay", weight_decay, "at least 0");
  demand(threads >= 1 && threads <= 256, "threads", threads, "1..256");
  demand(log_every >= 1, "log interval", log_every, "at least 1");
  demand(validate_every >= 1, "validation interval", validate_every, "at least 1");
}

Json recipe_json(const TrainOptions& o) {
  Json j = Json::object();
  j["method"] = "direct block-circulant training, CTC, AdamW, linear warm-up and cosine decay";
  j["seed"] = o.seed;
  j["steps"] = o.steps;
  j["aligned_steps"] = o.aligned_steps;
  j["batch"] = o.batch;
  j["peak_rate"] = o.peak_rate;
  j["warmup"] = o.warmup;
  j["clip_norm"] = o.clip_norm;
  j["dropout"] = o.dropout;
  j["weight_decay"] = o.weight_decay;
  j["hold_out"] = o.hold_out;
  j["extra_share"] = o.extra.empty() ? 0.0 : o.extra_share;
  j["utterances"] = {{"min_digits", o.utterances.min_digits}, {"max_digits", o.utterances.max_digits},
                     {"min_gap", o.utterances.min_gap},       {"max_gap", o.utterances.max_gap},
                     {"edge", o.utterances.edge},             {"noise", o.utterances.noise}};
  const Augmentation& a = o.augmentation;
  j["augmentation"] = {{"speed", a.speed}, {"clip_speed", a.clip_speed}, {"gain_db", a.gain_db},       {"clip_gain_db", a.clip_gain_db},
                       {"tilt", a.tilt},   {"min_snr_db", a.min_snr_db}, {"max_snr_db", a.max_snr_db}};
  return j;
}

}  // namespace erngen
