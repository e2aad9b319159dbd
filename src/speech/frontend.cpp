#include "speech/frontend.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>
#include <kiss_fftr.h>

#include "base/error.hpp"

namespace erngen {

namespace {

/// KissFFT writes into its plan, so every call has its own: front ends are shared between threads.
struct Transform {
  explicit Transform(int size) : plan(kiss_fftr_alloc(size, 0, nullptr, nullptr)) {
    if (!plan) throw bad_input(fmt::format("front end: no transform of fft_size {}", size));
  }
  Transform(const Transform&) = delete;
  Transform& operator=(const Transform&) = delete;
  ~Transform() { kiss_fftr_free(plan); }
  kiss_fftr_cfg plan;
};

/// Adds the differences of columns first .. first + count - 1 as the columns after them.
void append_differences(Array& x, int first, int count, int window) {
  const int frames = x.shape[0];
  const int width = x.shape[1];
  double norm = 0;
  for (int n = 1; n <= window; ++n) norm += 2.0 * n * n;
  const auto at = [&](int t, int c) -> float& {
    return x.values[static_cast<size_t>(std::clamp(t, 0, frames - 1)) * width + c];
  };
  for (int t = 0; t < frames; ++t) {
    for (int c = first; c < first + count; ++c) {
      double sum = 0;
      for (int n = 1; n <= window; ++n) sum += n * (static_cast<double>(at(t + n, c)) - at(t - n, c));
      at(t, c + count) = static_cast<float>(sum / norm);
    }
  }
}

/// Vectors of `stack` frames, one every `stride` frames.
Array stacked(const Array& x, int stack, int stride, int count) {
  const int width = x.shape[1];
  Array out{{count, width * stack}, {}};
  out.values.reserve(static_cast<size_t>(count) * width * stack);
  for (int v = 0; v < count; ++v) {
    const auto from = x.values.begin() + static_cast<std::ptrdiff_t>(v) * stride * width;
    out.values.insert(out.values.end(), from, from + static_cast<std::ptrdiff_t>(stack) * width);
  }
  return out;
}

}  // namespace

Frontend::Frontend(FrontendConfig config) : config_(std::move(config)) {
  config_.validate();
  mel_ = mel_filters(config_.mel_bands, config_.fft_size, config_.sample_rate, config_.low_hz, config_.high_hz);
  for (int b = 0; b < mel_.rows; ++b) {
    int first = 0;
    int last = mel_.cols;
    while (mel_(b, first) == 0) ++first;
    while (mel_(b, last - 1) == 0) --last;
    reach_.emplace_back(first, last);
  }
  cosine_ = cosine_transform(config_.coefficients, config_.mel_bands);
  const int length = config_.frame_samples();
  window_.resize(static_cast<size_t>(length));
  for (int n = 0; n < length; ++n) {
    window_[static_cast<size_t>(n)] =
        static_cast<float>(0.5 - 0.5 * std::cos(2.0 * std::numbers::pi * (n + 0.5) / length));
  }
}

int Frontend::frames(size_t samples) const {
  const auto length = static_cast<size_t>(config_.vector_samples());
  return samples < length ? 0 : static_cast<int>(1 + (samples - length) / static_cast<size_t>(config_.vector_hop()));
}

Array Frontend::features(const Audio& audio) const {
  if (audio.sample_rate != config_.sample_rate) {
    throw bad_input(
        fmt::format("front end: audio has {} Hz, {} Hz is expected", audio.sample_rate, config_.sample_rate),
        "resample it");
  }
  const int vectors = frames(audio.samples.size());
  if (vectors == 0) {
    throw bad_input(fmt::format("front end: {} samples of audio are less than one {} of {}", audio.samples.size(),
                                config_.stack > 1 ? "vector" : "frame", config_.vector_samples()));
  }
  // All frames, not only those of the vectors: differences look beyond the last one.
  const int count = static_cast<int>(1 + (audio.samples.size() - static_cast<size_t>(config_.frame_samples())) /
                                             static_cast<size_t>(config_.hop_samples()));
  const int base = config_.base_features();
  const int width = config_.frame_features();
  Array out{{count, width}, std::vector<float>(static_cast<size_t>(count) * width)};

  std::vector<float> frame(static_cast<size_t>(config_.fft_size), 0.0f);
  std::vector<kiss_fft_cpx> spectrum(static_cast<size_t>(config_.fft_size / 2 + 1));
  std::vector<double> band(static_cast<size_t>(config_.mel_bands));
  const Transform transform(config_.fft_size);
  const auto emphasis = static_cast<float>(config_.preemphasis);
  for (int t = 0; t < count; ++t) {
    const size_t start = static_cast<size_t>(t) * config_.hop_samples();
    for (size_t n = 0; n < window_.size(); ++n) {
      const size_t i = start + n;
      const float before = i == 0 ? 0.0f : audio.samples[i - 1];
      frame[n] = (audio.samples[i] - emphasis * before) * window_[n];
    }
    kiss_fftr(transform.plan, frame.data(), spectrum.data());
    for (int b = 0; b < config_.mel_bands; ++b) {
      double energy = config_.energy_floor;
      const auto [first, last] = reach_[static_cast<size_t>(b)];
      for (int i = first; i < last; ++i) {
        const kiss_fft_cpx& s = spectrum[static_cast<size_t>(i)];
        energy += mel_(b, i) * (static_cast<double>(s.r) * s.r + static_cast<double>(s.i) * s.i);
      }
      band[static_cast<size_t>(b)] = std::log(energy);
    }
    float* row = out.values.data() + static_cast<size_t>(t) * width;
    for (int c = 0; c < base; ++c) {
      if (config_.kind == FeatureKind::logmel) {
        row[c] = static_cast<float>(band[static_cast<size_t>(c)]);
      } else {
        double sum = 0;
        for (int b = 0; b < config_.mel_bands; ++b) sum += cosine_(c, b) * band[static_cast<size_t>(b)];
        row[c] = static_cast<float>(sum);
      }
    }
  }
  for (int order = 0; order < config_.deltas; ++order)
    append_differences(out, order * base, base, config_.delta_window);

  if (config_.stack > 1 || config_.stride > 1) out = stacked(out, config_.stack, config_.stride, vectors);
  normalise(out, config_);
  return out;
}

void normalise(Array& x, const FrontendConfig& config) {
  if (config.mean.empty()) return;
  const auto limit = static_cast<float>(config.clip);
  const auto width = static_cast<size_t>(config.features());
  for (size_t i = 0; i < x.size(); ++i) {
    const size_t c = i % width;
    float v = (x.values[i] - config.mean[c]) * config.scale[c];
    if (limit > 0) v = std::clamp(v, -limit, limit);
    x.values[i] = v;
  }
}

}  // namespace erngen
