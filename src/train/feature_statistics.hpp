// Mean and variance of features, for the normalisation of the front end. No libtorch.
#pragma once

#include <vector>

#include "base/npy.hpp"
#include "speech/frontend_config.hpp"

namespace erngen {

class FeatureStatistics {
 public:
  explicit FeatureStatistics(int width) : sum_(static_cast<size_t>(width)), squares_(static_cast<size_t>(width)) {}

  /// x [frames, width].
  void add(const Array& x);

  std::vector<float> mean() const;
  /// 1 / standard deviation.
  std::vector<float> scale() const;

  /// The front end with mean and scale such that the features seen have mean 0 and variance 1.
  FrontendConfig normalised(FrontendConfig config) const;

 private:
  std::vector<double> sum_, squares_;
  double frames_ = 0;
};

}  // namespace erngen
