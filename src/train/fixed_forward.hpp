// Quantisation-aware training: the forward direction is the bit-exact fixed-point model, the backward direction that of
// real numbers at the values which the model found (the straight-through estimator of Bengio et al. 2013). (libtorch)
#pragma once

#include <vector>

#include "cell/quant_network.hpp"
#include "train/options.hpp"
#include "train/torch_network.hpp"
#include "train/training_data.hpp"

namespace erngen {

class FixedForward {
 public:
  /// Chooses the formats of all signals from the network as it is now, on the first batches of the data. Keeps a
  /// reference to the data.
  FixedForward(const Network& network, const TrainingData& data, const TrainOptions& options);

  /// The weights of `network` in the formats: what `erngen quantise` would make with these ranges.
  QuantNetwork quantised(const Network& network) const;

  /// The signals of every layer on x [rows, features], packed, computed by the fixed-point model.
  std::vector<GivenSignals> signals(const Network& network, const torch::Tensor& x, const Packing& packing) const;

  /// The fixed-point model's error rate on the validation examples.
  double error_rate(const Network& network) const;

 private:
  const TrainingData& data_;
  Loss loss_;
  QuantNetwork formats_;  ///< of the network at the beginning
};

}  // namespace erngen
