#include "train/admm.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>

#include "base/error.hpp"
#include "circulant/projection.hpp"

namespace erngen {
namespace {

double sum_of_squares(const torch::Tensor& x) { return x.to(torch::kFloat64).square().sum().item<double>(); }

/// A dense parameter [matrices, rows, cols, 1] as [matrices, rows, cols].
torch::Tensor matrices(const torch::Tensor& parameter) { return parameter.squeeze(3); }

}  // namespace

Admm::Admm(const Network& network, const BlockChoice& target, const AdmmOptions& options) : options_(options) {
  if (network.max_block() > 1)
    throw bad_input("ADMM: the network to start from is block-circulant already, a dense one is expected",
                    "train one with --block 1");
  const std::vector<torch::Tensor> values = parameter_values(network),
                                   columns = parameter_values(compress(network, target).network);
  state_.rho = options.rho;
  for (size_t n = 0; n < values.size(); ++n) {
    state_.coordinates.push_back(columns[n].clone());
    if (columns[n].dim() != 4 || columns[n].size(3) == 1) continue;
    const torch::Tensor w = matrices(values[n]);
    bound_.push_back({n, 0, CirculantProjection(w.size(1), w.size(2), columns[n].size(3))});
  }
  for (Bound& b : bound_) {
    const torch::Tensor w = matrices(values[b.parameter]);
    b.complement = state_.coordinates.size();
    state_.coordinates.push_back(w - b.projection.dense(columns[b.parameter]));
    state_.before.push_back(columns[b.parameter].clone());
    state_.dual.push_back(torch::zeros_like(w));
  }
  for (torch::Tensor& t : state_.coordinates) t.set_requires_grad(true);
}

void Admm::restore(const State& state) {
  const torch::NoGradGuard no_gradients;
  const std::vector<torch::Tensor> mine = state_.coordinates;
  state_ = state;
  state_.coordinates = mine;
  for (size_t n = 0; n < mine.size(); ++n) mine[n].copy_(state.coordinates[n].reshape(mine[n].sizes()));
}

void Admm::split_gradient(const std::vector<torch::Tensor>& parameters) {
  const torch::NoGradGuard no_gradients;
  for (size_t n = 0; n < parameters.size(); ++n) state_.coordinates[n].mutable_grad() = parameters[n].grad();
  for (const Bound& b : bound_) {
    const torch::Tensor gradient = matrices(parameters[b.parameter].grad());
    state_.coordinates[b.parameter].mutable_grad() = b.projection.sums(gradient);
    state_.coordinates[b.complement].mutable_grad() = gradient - b.projection.dense(b.projection.means(gradient));
  }
}

void Admm::pull(const std::vector<torch::Tensor>& parameters, double rate) {
  const torch::NoGradGuard no_gradients;
  const double weight = rate * state_.rho, share = weight / (1 + weight);
  state_.pulled += weight;
  size_t next = 0;
  for (size_t n = 0; n < parameters.size(); ++n) {
    const torch::Tensor& c = state_.coordinates[n];
    if (next == bound_.size() || bound_[next].parameter != n) {
      parameters[n].copy_(c);
      continue;
    }
    torch::Tensor& d = state_.coordinates[bound_[next].complement];
    d.sub_(d + state_.dual[next], share);
    matrices(parameters[n]).copy_(bound_[next].projection.dense(c) + d);
    ++next;
  }
}

Residuals Admm::update(bool may_grow) {
  const torch::NoGradGuard no_gradients;
  const double step = std::min(1.0, state_.pulled / 4);
  double size = 0, primal = 0, dual = 0;
  for (size_t n = 0; n < bound_.size(); ++n) {
    const CirculantProjection& projection = bound_[n].projection;
    torch::Tensor &c = state_.coordinates[bound_[n].parameter], &d = state_.coordinates[bound_[n].complement];
    const torch::Tensor stray = projection.means(d);
    c.add_(stray);
    d.sub_(projection.dense(stray));
    state_.dual[n].add_(d, step);
    const double complement = sum_of_squares(d);
    size += sum_of_squares(projection.dense(c)) + complement;  // orthogonal
    primal += complement;
    dual += sum_of_squares(projection.dense(c - state_.before[n]));
    state_.before[n].copy_(c);
  }
  state_.last = {state_.rho, std::sqrt(primal / size), std::sqrt(dual / size)};
  state_.pulled = 0;
  ++state_.updates;
  const int left = options_.steps / options_.interval - state_.updates;
  if (may_grow && left > 0) {
    const double factor = std::pow(options_.rho_last / state_.rho, 1.0 / left);
    state_.rho *= factor;
    for (torch::Tensor& u : state_.dual) u /= factor;
  }
  return state_.last;
}

double Admm::distance() const {
  const torch::NoGradGuard no_gradients;
  double size = 0, complement = 0;
  for (const Bound& b : bound_) {
    const torch::Tensor& d = state_.coordinates[b.complement];
    complement += sum_of_squares(d - b.projection.dense(b.projection.means(d)));
    size += sum_of_squares(b.projection.dense(state_.coordinates[b.parameter]) + d);
  }
  return size > 0 ? std::sqrt(complement / size) : 0.0;
}

bool Admm::converged() const {
  return state_.updates > 0 && state_.last.primal <= options_.tolerance && state_.last.dual <= options_.tolerance;
}

}  // namespace erngen
