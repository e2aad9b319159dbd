// The two fixed linear maps of the front end: mel filter bank and cosine transform.
#pragma once

#include <cstddef>
#include <vector>

namespace erngen {

/// A dense row-major matrix of real numbers.
struct RealMatrix {
  int rows = 0;
  int cols = 0;
  std::vector<double> values;
  double operator()(int r, int c) const { return values[static_cast<std::size_t>(r) * cols + c]; }
  double& operator()(int r, int c) { return values[static_cast<std::size_t>(r) * cols + c]; }
};

/// mel(f) = 2595 log10(1 + f / 700), the scale of HTK.
double hz_to_mel(double hz);
double mel_to_hz(double mel);

/// Triangular filters of height one: [bands x (fft_size / 2 + 1)]. The bands + 2 corner frequencies lie at equal
/// distances on the mel scale from low_hz to high_hz; filter b rises from corner b to b + 1 and falls to b + 2,
/// linearly in Hz. Throws Error(bad_input) when a filter is so narrow that it contains no bin.
RealMatrix mel_filters(int bands, int fft_size, int sample_rate, double low_hz, double high_hz);

/// Orthonormal DCT-II, its first `coefficients` rows: [coefficients x bands].
RealMatrix cosine_transform(int coefficients, int bands);

}  // namespace erngen
