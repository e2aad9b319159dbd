// The parameters of the feature extraction, as they stand in a network file's metadata under "frontend".
#pragma once

#include <vector>

#include "base/json.hpp"

namespace erngen {

enum class FeatureKind { logmel, mfcc };

/// All that decides a feature value. `features()` values a frame.
struct FrontendConfig {
  FeatureKind kind = FeatureKind::mfcc;
  int sample_rate = 8000;     ///< Hz
  double frame_ms = 32.0;     ///< length of an analysis frame
  double hop_ms = 16.0;       ///< distance of frames
  int fft_size = 256;         ///< even, at least a frame's samples
  double preemphasis = 0.97;  ///< y[n] = x[n] - p x[n-1]
  int mel_bands = 26;
  double low_hz = 80.0;
  double high_hz = 4000.0;     ///< at most half the sample rate
  double energy_floor = 1e-6;  ///< added to a band's energy before the logarithm
  int coefficients = 13;       ///< of the cosine transform (mfcc only), from the zeroth
  int deltas = 2;              ///< 0 none, 1 first, 2 first and second differences
  int delta_window = 2;        ///< frames each side of a difference
  int stack = 1;               ///< neighbouring frames that make one vector
  int stride = 1;              ///< frames from one vector to the next
  std::vector<float> mean;     ///< [features()], or empty: no normalisation
  std::vector<float> scale;    ///< [features()], (x - mean) * scale
  double clip = 4.0;           ///< normalised features lie in [-clip, clip]; 0: not clipped

  int frame_samples() const;
  int hop_samples() const;
  int base_features() const { return kind == FeatureKind::mfcc ? coefficients : mel_bands; }
  int frame_features() const { return base_features() * (deltas + 1); }
  int features() const { return frame_features() * stack; }
  int vector_samples() const { return frame_samples() + (stack - 1) * hop_samples(); }  ///< that one vector covers
  int vector_hop() const { return stride * hop_samples(); }  ///< samples from one vector to the next

  /// Throws Error(bad_input) naming the parameter, its value and its limit.
  void validate() const;
};

/// For continuous speech of 16 kHz: 40 log-mel bands of frames of 25 ms every 10 ms, three frames a vector, a vector
/// every 30 ms.
FrontendConfig sentence_frontend();

/// Throws Error(bad_input) for a missing or unknown key, a wrong type or a value out of range.
FrontendConfig frontend_from_json(const Json& json);

Json to_json(const FrontendConfig& config);

}  // namespace erngen
