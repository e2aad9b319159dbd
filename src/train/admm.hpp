// The alternating direction method of multipliers for block-circulant weights (E-RNN, HPCA 2019, section 4; Boyd et al.
// 2011, section 3). (libtorch)
#pragma once

#include <optional>
#include <vector>

#include <torch/types.h>

#include "network/network.hpp"
#include "train/circulant_projection.hpp"
#include "train/options.hpp"
#include "train/torch_network.hpp"

namespace erngen {

/// How far W (dense) and Z (block-circulant) are from each other and from standing still, at the last update.
struct Residuals {
  double rho = 0;
  double primal = 0;  ///< |W - Z| / |W|, Frobenius norm over all constrained matrices
  double dual = 0;    ///< |Z - Z before| / |W|
};

/// Minimises loss(W) subject to W being block-circulant, with the scaled dual U.
///
/// W = C + D, C its projection and D the orthogonal complement. U, a sum of complements, has no circulant part, so the
/// Z that is nearest to W + U is C, always: Z is minimised exactly at every step and never holds C back, and the
/// penalty rho/2 |W - Z + U|^2 is rho/2 |D + U|^2. The step on W is proximal: an optimiser takes a step on the loss,
/// and pull() minimises the penalty plus the squared distance from there over twice the step's rate, exactly. Were the
/// penalty's gradient added to that of the loss instead, Adam would scale both together, and a large rho would drown
/// the loss before W and Z agree.
///
/// The optimiser steps on C (its first columns) and D as two tensors. Adam on the entries of W themselves would scale
/// every entry by its own gradient, most of which is in D: C, which is all that stays, would learn several times more
/// slowly than in circulant training. Biases, peepholes and matrices of block size 1 are free.
class Admm {
 public:
  /// U = 0. `network` is dense. Throws Error(bad_input) when it is not, or for a bad block choice.
  Admm(const Network& network, const BlockChoice& target, const AdmmOptions& options);

  /// What the optimiser steps on: for each parameter of the network the parameter itself where it is free, or the
  /// columns of C; then D for each constrained one.
  const std::vector<torch::Tensor>& coordinates() const { return state_.coordinates; }

  /// Gives the coordinates their gradients from those of the network's parameters.
  void split_gradient(const std::vector<torch::Tensor>& parameters);

  /// D <- (D - rate rho U) / (1 + rate rho), after an optimiser's step of this rate; C and D then make the network's
  /// parameters.
  void pull(const std::vector<torch::Tensor>& parameters, double rate);

  /// What Adam's step, which scales D entry by entry, moved out of the complement goes from D to C (W stays). U <- U +
  /// g D; then, if `may_grow`, rho grows, and U shrinks with it so that the unscaled dual rho U stays. g = min(1, w /
  /// 4), w the sum of rate rho over the pulls since the last update. Exact W-steps have a large w and the usual g = 1.
  /// After pulls that move W by only the share a = 1 - exp(-w), D and U follow [[1 - a, -a], [g (1 - a), 1 - g a]]:
  /// with g = 1 they swing and fade by sqrt(1 - a) only, and g = a / 4 is the largest with real eigenvalues for small
  /// a: the fastest decay without overshoot.
  ///
  /// rho grows by the factor that, kept up for the updates that are left, ends at the last rho.
  Residuals update(bool may_grow);

  /// |D| / |W| now.
  double distance() const;

  /// Whether both residuals of the last update were within the tolerance.
  bool converged() const;

  /// Everything that an interrupted run must keep.
  struct State {
    std::vector<torch::Tensor> coordinates;
    std::vector<torch::Tensor> before;  ///< the columns of Z at the last update, in the order of the complements
    std::vector<torch::Tensor> dual;    ///< U, in the same order
    int updates = 0;
    double rho = 0;
    double pulled = 0;  ///< w since the last update
    Residuals last;
  };
  const State& state() const { return state_; }
  /// The coordinates keep their tensors, which the optimiser holds, and get the values of `state`.
  void restore(const State& state);

 private:
  AdmmOptions options_;
  /// A constrained parameter: where it and its D stand in the coordinates.
  struct Bound {
    size_t parameter, complement;
    CirculantProjection projection;
  };
  std::vector<Bound> bound_;
  State state_;
};

}  // namespace erngen
