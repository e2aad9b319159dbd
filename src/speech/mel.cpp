#include "speech/mel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {

double hz_to_mel(double hz) { return 2595.0 * std::log10(1.0 + hz / 700.0); }
double mel_to_hz(double mel) { return 700.0 * (std::pow(10.0, mel / 2595.0) - 1.0); }

RealMatrix mel_filters(int bands, int fft_size, int sample_rate, double low_hz, double high_hz) {
  const int bins = fft_size / 2 + 1;
  RealMatrix filters{bands, bins, std::vector<double>(static_cast<size_t>(bands) * bins, 0.0)};
  const double low = hz_to_mel(low_hz);
  const double step = (hz_to_mel(high_hz) - low) / (bands + 1);
  for (int b = 0; b < bands; ++b) {
    const double left = mel_to_hz(low + step * b);
    const double centre = mel_to_hz(low + step * (b + 1));
    const double right = mel_to_hz(low + step * (b + 2));
    double sum = 0;
    for (int i = 0; i < bins; ++i) {
      const double hz = static_cast<double>(i) * sample_rate / fft_size;
      const double height = std::min((hz - left) / (centre - left), (right - hz) / (right - centre));
      filters(b, i) = std::max(0.0, height);
      sum += filters(b, i);
    }
    if (sum == 0) {
      throw bad_input(
          fmt::format("front end: mel band {} of {} ({:.1f} to {:.1f} Hz) contains no bin of the {}-point transform", b,
                      bands, left, right, fft_size),
          "use fewer mel_bands or a larger fft_size");
    }
  }
  return filters;
}

RealMatrix cosine_transform(int coefficients, int bands) {
  RealMatrix dct{coefficients, bands, std::vector<double>(static_cast<size_t>(coefficients) * bands)};
  for (int c = 0; c < coefficients; ++c) {
    const double norm = std::sqrt((c == 0 ? 1.0 : 2.0) / bands);
    for (int b = 0; b < bands; ++b) dct(c, b) = norm * std::cos(std::numbers::pi * c * (b + 0.5) / bands);
  }
  return dct;
}

}  // namespace erngen
