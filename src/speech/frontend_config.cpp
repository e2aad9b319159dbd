#include "speech/frontend_config.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

/// Calls f(key, member) for every plain parameter, so that reading, writing and the list of known keys are one list.
template <class Config, class F>
void for_each_parameter(Config& c, F&& f) {
  f("sample_rate", c.sample_rate);
  f("frame_ms", c.frame_ms);
  f("hop_ms", c.hop_ms);
  f("fft_size", c.fft_size);
  f("preemphasis", c.preemphasis);
  f("mel_bands", c.mel_bands);
  f("low_hz", c.low_hz);
  f("high_hz", c.high_hz);
  f("energy_floor", c.energy_floor);
  f("coefficients", c.coefficients);
  f("deltas", c.deltas);
  f("delta_window", c.delta_window);
  f("mean", c.mean);
  f("scale", c.scale);
  f("clip", c.clip);
}

/// The same of those that files without stacked frames do not have; they are written only when they are not 1.
template <class Config, class F>
void for_each_added(Config& c, F&& f) {
  f("stack", c.stack);
  f("stride", c.stride);
}

template <class T>
bool has_type(const Json& value, const T&) {
  if constexpr (std::is_same_v<T, int>) {
    return value.is_number_integer() && value.get<std::int64_t>() == static_cast<int>(value.get<std::int64_t>());
  } else if constexpr (std::is_same_v<T, double>) {
    return value.is_number();
  } else {
    if (!value.is_array()) return false;
    for (const auto& v : value) {
      if (!v.is_number()) return false;
    }
    return true;
  }
}

template <class T>
void demand(bool holds, const char* key, T value, const char* limit) {
  if (!holds) throw bad_input(fmt::format("front end: {} is {}, it must be {}", key, value, limit));
}

int samples_of(double ms, int rate) { return static_cast<int>(std::lround(ms * 1e-3 * rate)); }

}  // namespace

int FrontendConfig::frame_samples() const { return samples_of(frame_ms, sample_rate); }
int FrontendConfig::hop_samples() const { return samples_of(hop_ms, sample_rate); }

void FrontendConfig::validate() const {
  demand(sample_rate >= 1000 && sample_rate <= 192000, "sample_rate", sample_rate, "1000..192000");
  demand(frame_ms > 0 && frame_ms <= 1000, "frame_ms", frame_ms, "above 0, at most 1000");
  demand(hop_ms > 0 && hop_ms <= 1000, "hop_ms", hop_ms, "above 0, at most 1000");
  demand(frame_samples() >= 2, "frame_ms", frame_ms, "at least two samples");
  demand(hop_samples() >= 1, "hop_ms", hop_ms, "at least one sample");
  demand(fft_size % 2 == 0 && fft_size <= 65536, "fft_size", fft_size, "even and at most 65536");
  demand(fft_size >= frame_samples(), "fft_size", fft_size, "at least the samples of a frame");
  demand(preemphasis >= 0 && preemphasis < 1, "preemphasis", preemphasis, "in [0, 1)");
  demand(mel_bands >= 1 && mel_bands <= 256, "mel_bands", mel_bands, "1..256");
  demand(low_hz >= 0 && low_hz < high_hz, "low_hz", low_hz, "at least 0 and below high_hz");
  demand(high_hz <= sample_rate / 2.0, "high_hz", high_hz, "at most half the sample rate");
  demand(energy_floor > 0 && energy_floor <= 1, "energy_floor", energy_floor, "above 0, at most 1");
  demand(coefficients >= 1 && coefficients <= mel_bands, "coefficients", coefficients, "1..mel_bands");
  demand(deltas >= 0 && deltas <= 2, "deltas", deltas, "0, 1 or 2");
  demand(delta_window >= 1 && delta_window <= 16, "delta_window", delta_window, "1..16");
  demand(stack >= 1 && stack <= 32, "stack", stack, "1..32");
  demand(stride >= 1 && stride <= 32, "stride", stride, "1..32");
  demand(clip >= 0 && std::isfinite(clip), "clip", clip, "at least 0");
  const auto width = static_cast<size_t>(features());
  demand(mean.empty() || mean.size() == width, "mean", mean.size(), "empty or one value a feature");
  demand(scale.size() == mean.size(), "scale", scale.size(), "as long as mean");
  for (float v : mean) demand(std::isfinite(v), "mean", v, "finite");
  for (float v : scale) demand(std::isfinite(v), "scale", v, "finite");
}

FrontendConfig sentence_frontend() {
  FrontendConfig c;
  c.kind = FeatureKind::logmel;
  c.sample_rate = 16000;
  c.frame_ms = 25;
  c.hop_ms = 10;
  c.fft_size = 512;
  c.mel_bands = 40;
  c.high_hz = 7600;
  c.deltas = 0;
  c.stack = c.stride = 3;
  return c;
}

FrontendConfig frontend_from_json(const Json& json) {
  if (!json.is_object()) {
    throw bad_input("front end: the network's metadata has no object \"frontend\"",
                    "use a network that was trained by erngen, or give it features as .npy");
  }
  FrontendConfig config;
  std::vector<std::string> known{"kind"};
  const auto need = [&](const char* key) -> const Json& {
    const auto found = json.find(key);
    if (found == json.end()) throw bad_input(fmt::format("front end: \"{}\" is missing", key));
    return *found;
  };

  const Json& kind = need("kind");
  if (kind == "logmel")
    config.kind = FeatureKind::logmel;
  else if (kind == "mfcc")
    config.kind = FeatureKind::mfcc;
  else
    throw bad_input(fmt::format("front end: \"kind\" is {}, it must be \"logmel\" or \"mfcc\"", kind.dump()));

  const auto take = [&](const char* key, auto& member) {
    known.emplace_back(key);
    const Json& value = need(key);
    if (!has_type(value, member))
      throw bad_input(fmt::format("front end: \"{}\" has the wrong type: {:.40}", key, value.dump()));
    member = value.get<std::remove_reference_t<decltype(member)>>();
  };
  for_each_parameter(config, take);
  for_each_added(config, [&](const char* key, int& member) {
    if (json.contains(key)) take(key, member);
  });
  for (const auto& item : json.items()) {
    if (std::find(known.begin(), known.end(), item.key()) == known.end()) {
      throw bad_input(fmt::format("front end: unknown key \"{}\"", item.key()));
    }
  }
  config.validate();
  return config;
}

Json to_json(const FrontendConfig& config) {
  Json json = Json::object();
  json["kind"] = config.kind == FeatureKind::mfcc ? "mfcc" : "logmel";
  for_each_parameter(config, [&](const char* key, const auto& member) { json[key] = member; });
  for_each_added(config, [&](const char* key, int member) {
    if (member != 1) json[key] = member;
  });
  return json;
}

}  // namespace erngen
