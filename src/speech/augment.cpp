#include "speech/augment.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

constexpr int reach = 16;     // input samples each side of an output sample
constexpr int density = 512;  // kernel values a sample

/// 0.5 + 0.5 cos(pi d / reach) for d = n / density.
const std::vector<double>& raised_cosine() {
  static const std::vector<double> values = [] {
    std::vector<double> v(reach * density + 1);
    for (size_t n = 0; n < v.size(); ++n)
      v[n] = 0.5 + 0.5 * std::cos(std::numbers::pi * static_cast<double>(n) / (reach * density));
    return v;
  }();
  return values;
}

/// The kernel of change_speed by phase: row p holds K(p / density + j) for j = 0 .. reach - 1.
std::vector<float> kernel_rows(double cutoff) {
  std::vector<float> rows(static_cast<size_t>((density + 2) * reach), 0.0f);
  const std::vector<double>& window = raised_cosine();
  const double step = std::numbers::pi * cutoff / density;
  const double turn_sin = std::sin(step), turn_cos = std::cos(step);
  double sine = 0, cosine = 1;  // of n step: turned on from value to value, the error stays below 1e-11
  for (int n = 0; n < reach * density; ++n) {
    const double value = cutoff * (n == 0 ? 1.0 : sine / (n * step)) * window[static_cast<size_t>(n)];
    const int p = n % density, j = n / density;
    rows[static_cast<size_t>(p * reach + j)] = static_cast<float>(value);
    if (p == 0 && j > 0)
      rows[static_cast<size_t>(density * reach + j - 1)] =
          static_cast<float>(value);  // phase 1 is the next sample's phase 0
    const double s = sine * turn_cos + cosine * turn_sin;
    cosine = cosine * turn_cos - sine * turn_sin;
    sine = s;
  }
  return rows;
}

/// sum_j x[j] K(fraction + j), the kernel read with linear interpolation between phases. required: 0 <= fraction <= 1.
float half_sum(const std::vector<float>& rows, double fraction, const float* x) {
  const double place = fraction * density;
  const auto p = static_cast<size_t>(place);
  const auto between = static_cast<float>(place - static_cast<double>(p));
  const float* row = rows.data() + p * reach;
  float sums[reach];
  for (int j = 0; j < reach; ++j) sums[j] = x[j] * (row[j] + between * (row[j + reach] - row[j]));
  for (int half = reach / 2; half > 0; half /= 2) {  // by halves: no long chain of additions
    for (int j = 0; j < half; ++j) sums[j] += sums[j + half];
  }
  return sums[0];
}

}  // namespace

Audio change_speed(const Audio& audio, double factor) {
  if (!(factor >= 0.25 && factor <= 4.0)) throw bad_input(fmt::format("speed factor {} is not in 0.25..4", factor));
  // Output sample n lies at input position p = n factor: y[n] = sum_i x[i] K(|p - i|), K(d) = c sinc(c d) w(d), with
  // the relative cut-off c = min(1, 1/factor) and w a raised cosine that is zero from d = reach on. At 512 values a
  // sample the error of linear interpolation is below (pi c / 512)^2 / 8 = 5e-6. The samples before p are read from a
  // mirrored copy, so that both halves of the sum run upwards in memory.
  const std::vector<float> rows = kernel_rows(std::min(1.0, 1.0 / factor));
  const size_t count = audio.samples.size();
  std::vector<float> forward(reach, 0.0f);
  forward.insert(forward.end(), audio.samples.begin(), audio.samples.end());
  forward.resize(forward.size() + reach + 1, 0.0f);
  const std::vector<float> mirrored(forward.rbegin(), forward.rend());
  Audio out{audio.sample_rate, {}};
  const auto out_count = static_cast<size_t>(std::floor(static_cast<double>(count) / factor));
  out.samples.reserve(out_count);
  for (size_t n = 0; n < out_count; ++n) {
    const double position = static_cast<double>(n) * factor;
    const double whole = std::floor(position);
    const size_t centre = static_cast<size_t>(whole) + reach;  // in `forward`
    const float* before = mirrored.data() + (forward.size() - 1 - centre);
    out.samples.push_back(half_sum(rows, position - whole, before) +
                          half_sum(rows, 1.0 - (position - whole), forward.data() + centre + 1));
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
