// A network whose weights can be trained. (libtorch)
#pragma once

#include <memory>
#include <vector>

#include <torch/types.h>

#include "network/network.hpp"
#include "train/packed.hpp"
#include "train/recurrent.hpp"

namespace erngen {

/// The signals of one layer, computed elsewhere (quantisation-aware training).
struct GivenSignals {
  LstmSignals lstm;
  GruSignals gru;
  torch::Tensor linear;  ///< [rows, output] of a dense layer
};

/// The differentiable counterpart of a Network of any kind: its parameters are exactly the network's numbers.
class TorchNetwork {
 public:
  explicit TorchNetwork(const Network& network);
  ~TorchNetwork();
  TorchNetwork(TorchNetwork&&) noexcept;
  TorchNetwork& operator=(TorchNetwork&&) noexcept;

  /// The leaf tensors, in the order of parameter_values().
  std::vector<torch::Tensor> parameters() const;

  /// x [rows, features], packed, to outputs [rows, classes], from a cleared state. Elements of a recurrent layer's
  /// output are dropped with this probability (0: none) and the others scaled up. With `given`, one entry a layer, the
  /// layers' values are taken from there.
  torch::Tensor forward(const torch::Tensor& x, const PackingPointer& packing, double dropout,
                        const std::vector<GivenSignals>* given = nullptr) const;

  /// The present values as a network (with the metadata of the one it was made from).
  Network to_network() const;

  struct Layer;

 private:
  Network network_;
  std::vector<std::unique_ptr<Layer>> layers_;
};

/// The numbers of a network in the order and grouping of TorchNetwork::parameters(): the gates' matrices of a family
/// one after the other, then the vectors. What ADMM's constraint set and its duals are compared with.
std::vector<torch::Tensor> parameter_values(const Network& network);

}  // namespace erngen
