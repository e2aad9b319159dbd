#include "train/feature_masks.hpp"

#include <algorithm>

namespace erngen {
namespace {

struct Stretch {
  size_t first, length;
};

/// A stretch of 0..longest neighbours of `count`.
Stretch draw(int longest, int count, Rng& rng) {
  const auto length = static_cast<size_t>(rng.between(0, std::min(longest, count)));
  return {static_cast<size_t>(rng.below(static_cast<std::uint64_t>(count) - length + 1)), length};
}

}  // namespace

void mask_features(Array& x, const FeatureMasks& masks, const FrontendConfig& config, Rng& rng) {
  const auto width = static_cast<size_t>(x.shape[1]), bands = static_cast<size_t>(config.mel_bands);
  for (int n = 0; n < masks.count; ++n) {
    const Stretch band = draw(masks.bands, config.mel_bands, rng), time = draw(masks.vectors, x.shape[0], rng);
    for (size_t first = band.first; first < x.size(); first += bands)  // one row of bands after the other
      std::fill_n(x.values.begin() + static_cast<std::ptrdiff_t>(first), band.length, 0.0f);
    std::fill_n(x.values.begin() + static_cast<std::ptrdiff_t>(time.first * width), time.length * width, 0.0f);
  }
}

}  // namespace erngen
