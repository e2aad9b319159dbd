#include "speech/augment.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {
constexpr int reach = 16;     // input samples each side of an output sample
constexpr int density = 512;  // table entries a sample
}  // namespace

Audio change_speed(const Audio& audio, double factor) {
  if (!(factor >= 0.25 && factor <= 4.0)) throw bad_input(fmt::format("speed factor {} is not in 0.25..4", factor));
  // Output sample n lies at input position p = n factor: y[n] = sum_i x[i] c sinc(c (p - i)) w(p - i), with the
  // relative cut-off c = min(1, 1/factor) and w a raised cosine that is zero from |p - i| = reach on. The kernel is
  // read from a table with linear interpolation: at 512 points a sample its error is below (pi c / 512)^2 / 8 = 5e-6.
  const double cutoff = std::min(1.0, 1.0 / factor);
  const auto count = static_cast<long>(audio.samples.size());
  std::vector<float> table(static_cast<size_t>(reach * density + 2), 0.0f);
  for (int n = 0; n < reach * density; ++n) {
    const double d = static_cast<double>(n) / density;
    const double a = std::numbers::pi * cutoff * d;
    const double sinc = n == 0 ? 1.0 : std::sin(a) / a;
    table[static_cast<size_t>(n)] = static_cast<float>(cutoff * sinc * (0.5 + 0.5 * std::cos(std::numbers::pi * d / reach)));
  }
  const auto kernel = [&](double d) {
    const double place = std::abs(d) * density;
    const auto n = static_cast<size_t>(place);
    return table[n] + (place - static_cast<double>(n)) * (table[n + 1] - table[n]);
  };
  Audio out{audio.sample_rate, {}};
  const auto out_count = static_cast<long>(std::floor(static_cast<double>(count) / factor));
  out.samples.reserve(static_cast<size_t>(out_count));
  for (long n = 0; n < out_count; ++n) {
    const double position = static_cast<double>(n) * factor;
    const auto centre = static_cast<long>(std::floor(position));
    double sum = 0;
    for (long i = std::max(0l, centre - reach + 1); i <= std::min(count - 1, centre + reach); ++i) {
      sum += audio.samples[static_cast<size_t>(i)] * kernel(position - static_cast<double>(i));
    }
    out.samples.push_back(static_cast<float>(sum));
  }
  return out;
}

void tilt(Audio& audio, double a) {
  float before = 0;
  for (float& s : audio.samples) {
    const float now = s;
    s = now + static_cast<float>(a) * before;
    before = now;
  }
}

void amplify(Audio& audio, double factor) {
  for (float& s : audio.samples) s = static_cast<float>(s * factor);
}

void add_noise(Audio& audio, double deviation, Rng& rng) {
  for (float& s : audio.samples) s = static_cast<float>(s + deviation * rng.normal());
}

double rms(const Audio& audio) {
  double sum = 0;
  for (float s : audio.samples) sum += static_cast<double>(s) * s;
  return audio.samples.empty() ? 0.0 : std::sqrt(sum / static_cast<double>(audio.samples.size()));
}

}  // namespace erngen
