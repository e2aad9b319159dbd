// Feature extraction: audio to the vectors a network reads.
#pragma once

#include <utility>
#include <vector>

#include "base/npy.hpp"
#include "speech/audio.hpp"
#include "speech/frontend_config.hpp"
#include "speech/mel.hpp"

namespace erngen {

/// For each frame of x (pre-emphasised, y[n] = x[n] - p x[n-1] with x[-1] = 0; frame t covers the samples
/// t hop .. t hop + frame - 1, no padding at the ends):
///
///     s[n] = y[n] w[n],  w[n] = 0.5 - 0.5 cos(2 pi (n + 0.5) / frame)       periodic-symmetric Hann window
///     P[i] = |sum_n s[n] e^(-2 pi j i n / fft_size)|^2                       i = 0 .. fft_size / 2
///     E[b] = ln(sum_i M[b][i] P[i] + energy_floor)                          logmel
///     c    = DCT E                                                          mfcc
///     d[t] = sum_n n (c[t+n] - c[t-n]) / (2 sum_n n^2),  n = 1..delta_window  the ends are repeated
///     dd   = the same of d
///     v[s] = [c, d, dd] of the frames s stride .. s stride + stack - 1, one after the other
///     out  = clamp((v - mean) * scale, -clip, clip)
///
/// The differences look `deltas * delta_window` frames ahead, so the extraction is not causal; the network is.
class Frontend {
 public:
  /// Throws Error(bad_input) for parameters out of range.
  explicit Frontend(FrontendConfig config);

  const FrontendConfig& config() const { return config_; }

  /// [vectors, features]. Throws Error(bad_input) for another sample rate or less than one vector of samples.
  Array features(const Audio& audio) const;

  /// Vectors in this many samples: 0 when they are fewer than one needs.
  int frames(size_t samples) const;

 private:
  FrontendConfig config_;
  RealMatrix mel_;
  std::vector<std::pair<int, int>> reach_;  ///< first and one past the last bin of each band
  RealMatrix cosine_;
  std::vector<float> window_;
};

/// x <- clamp((x - mean) * scale, -clip, clip) with the config's mean and scale, or nothing when it has none.
void normalise(Array& x, const FrontendConfig& config);

}  // namespace erngen
