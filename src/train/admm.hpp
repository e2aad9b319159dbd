// The alternating direction method of multipliers for block-circulant weights (E-RNN, HPCA 2019, section 4; Boyd et al.
// 2011, section 3). (libtorch)
#pragma once

#include <vector>

#include <torch/types.h>

#include "network/network.hpp"
#include "train/options.hpp"
#include "train/torch_network.hpp"

namespace erngen {

/// How far W (dense) and Z (block-circulant) are from each other and from standing still.
struct Residuals {
  double rho = 0;
  double primal = 0;  ///< |W - Z| / |W|, Frobenius norm over all constrained matrices
  double dual = 0;    ///< |Z - Z before| / |W|
};

/// Minimises loss(W) subject to W being block-circulant, with the scaled dual U. The W-step is proximal: an optimiser
/// takes a step on the loss, and pull() minimises rho/2 |W - Z + U|^2 plus the squared distance from there over twice
/// the step's rate, exactly. Were the penalty's gradient added to that of the loss instead, Adam would scale both
/// together, and a large rho would drown the loss before W and Z agree.
///
/// The optimiser steps on W = C + D, C block-circulant and D its orthogonal complement, as two tensors. Adam on the
/// entries of W themselves would scale every entry by its own gradient, most of which is in D: C, which is all that
/// stays, would learn several times more slowly than in circulant training. Biases, peepholes and matrices of block
/// size 1 are free.
class Admm {
 public:
  /// Z = the projection of the network's matrices, U = 0. `network` is dense.
  /// Throws Error(bad_input) when it is not, or for a bad block choice.
  Admm(const Network& network, const BlockChoice& target, const AdmmOptions& options);

  /// What the optimiser steps on: C for each parameter of the network (the parameter itself where it is free), then D
  /// for each constrained one.
  const std::vector<torch::Tensor>& coordinates() const { return state_.coordinates; }

  /// Gives the coordinates the gradients of the network's parameters: their projection, up to a scale that Adam
  /// ignores, and what is left.
  void split_gradient(const std::vector<torch::Tensor>& parameters);

  /// W <- (W + rate rho (Z - U)) / (1 + rate rho), after an optimiser's step of this rate; C and D then make the
  /// network's parameters.
  void pull(const std::vector<torch::Tensor>& parameters, double rate);

  /// Z <- projection of W + U, U <- U + g (W - Z); then rho grows, and U shrinks with it so that the unscaled dual rho
  /// U stays. g = min(1, w / 4), w the sum of rate rho over the pulls since the last update. Exact W-steps have a large
  /// w and the usual g = 1. After pulls that move W by only the share a = 1 - exp(-w), W - Z and U follow [[1 - a, -a],
  /// [g (1 - a), 1 - g a]]: with g = 1 they swing and fade by sqrt(1 - a) only, and g = a / 4 is the largest with real
  /// eigenvalues for small a: the fastest decay without overshoot.
  Residuals update();

  /// Whether both residuals of the last update were within the tolerance.
  bool converged() const;

  /// Everything that an interrupted run must keep.
  struct State {
    std::vector<torch::Tensor> coordinates;
    std::vector<torch::Tensor> constrained;  ///< Z, as dense parameters
    std::vector<torch::Tensor> dual;         ///< U
    int updates = 0;
    double pulled = 0;  ///< w since the last update
    Residuals last;
  };
  const State& state() const { return state_; }
  /// The coordinates keep their tensors, which the optimiser holds, and get the values of `state`.
  void restore(const State& state);

 private:
  double rho() const;
  std::vector<torch::Tensor> projected(const std::vector<torch::Tensor>& values) const;

  Network shape_;
  BlockChoice target_;
  AdmmOptions options_;
  std::vector<size_t> rest_;  ///< by parameter: where its D is in the coordinates; 0: it is free
  State state_;
};

}  // namespace erngen
