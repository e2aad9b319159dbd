// A network whose weights can be trained. (libtorch)
#pragma once

#include <memory>
#include <vector>

#include <torch/types.h>

#include "network/network.hpp"

namespace erngen {

/// The differentiable counterpart of a Network: its parameters are exactly the network's numbers.
class TorchNetwork {
 public:
  /// Throws Error(unsupported) for a cell that libtorch's fused cells do not compute: peepholes, projection, a sigmoid
  /// candidate, a GRU with reset before the product, a recurrent layer without biases.
  explicit TorchNetwork(const Network& network);
  ~TorchNetwork();
  TorchNetwork(TorchNetwork&&) noexcept;

  /// The leaf tensors, in file order.
  std::vector<torch::Tensor> parameters() const;

  /// x [frames, utterances, features] to outputs [frames, utterances, classes], from a cleared state. Elements of a recurrent layer's
  /// output are dropped with this probability (0: none) and the others scaled up.
  torch::Tensor forward(const torch::Tensor& x, double dropout) const;

  /// The present values as a network (with the metadata of the one it was made from).
  Network to_network() const;

  struct Layer;

 private:
  Network network_;
  std::vector<std::unique_ptr<Layer>> layers_;
};

}  // namespace erngen
