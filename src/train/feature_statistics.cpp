#include "train/feature_statistics.hpp"

#include <algorithm>
#include <cmath>

namespace erngen {

void FeatureStatistics::add(const Array& x) {
  for (size_t n = 0; n < x.size(); ++n) {
    sum_[n % sum_.size()] += x.values[n];
    squares_[n % sum_.size()] += static_cast<double>(x.values[n]) * x.values[n];
  }
  frames_ += x.shape[0];
}

std::vector<float> FeatureStatistics::mean() const {
  std::vector<float> result;
  for (double s : sum_) result.push_back(static_cast<float>(s / frames_));
  return result;
}

std::vector<float> FeatureStatistics::scale() const {
  std::vector<float> result;
  for (size_t c = 0; c < sum_.size(); ++c) {
    const double mean = sum_[c] / frames_;
    result.push_back(static_cast<float>(1.0 / std::sqrt(std::max(squares_[c] / frames_ - mean * mean, 1e-12))));
  }
  return result;
}

FrontendConfig FeatureStatistics::normalised(FrontendConfig config) const {
  config.mean = mean();
  config.scale = scale();
  return config;
}

}  // namespace erngen
