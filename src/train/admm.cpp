#include "train/admm.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>

#include "base/error.hpp"
#include "circulant/projection.hpp"

namespace erngen {
namespace {

double sum_of_squares(const torch::Tensor& x) { return x.to(torch::kFloat64).square().sum().item<double>(); }

}  // namespace

Admm::Admm(const Network& network, const BlockChoice& target, const AdmmOptions& options)
    : shape_(network), target_(target), options_(options) {
  if (network.max_block() > 1)
    throw bad_input("ADMM: the network to start from is block-circulant already, a dense one is expected",
                    "train one with --block 1");
  const std::vector<torch::Tensor> values = parameter_values(network),
                                   columns = parameter_values(compress(network, target).network);
  state_.constrained = projected(values);
  for (const torch::Tensor& z : state_.constrained) state_.coordinates.push_back(z.clone());
  for (size_t n = 0; n < values.size(); ++n) {
    state_.dual.push_back(torch::zeros_like(values[n]));
    const bool bound = columns[n].dim() == 4 && columns[n].size(3) > 1;
    rest_.push_back(bound ? state_.coordinates.size() : 0);
    if (bound)
      state_.coordinates.push_back(values[n] - state_.constrained[n]);
    else
      state_.coordinates[n].copy_(values[n]);
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

/// The rho of the update that comes next: rho (rho_last / rho)^(updates / (all updates - 1)).
double Admm::rho() const {
  const int all = std::max(1, options_.steps / options_.interval - 1);
  return options_.rho *
         std::pow(options_.rho_last / options_.rho, std::min(1.0, static_cast<double>(state_.updates) / all));
}

std::vector<torch::Tensor> Admm::projected(const std::vector<torch::Tensor>& values) const {
  const torch::NoGradGuard no_gradients;
  const TorchNetwork carrier(shape_);
  const std::vector<torch::Tensor> parameters = carrier.parameters();
  for (size_t n = 0; n < values.size(); ++n) parameters[n].copy_(values[n]);
  BlockChoice dense;
  dense.all = {1, 1, 1, 1};
  return parameter_values(compress(compress(carrier.to_network(), target_).network, dense).network);
}

void Admm::split_gradient(const std::vector<torch::Tensor>& parameters) {
  const torch::NoGradGuard no_gradients;
  std::vector<torch::Tensor> gradients;
  for (const torch::Tensor& p : parameters) gradients.push_back(p.grad());
  const std::vector<torch::Tensor> circulant = projected(gradients);
  for (size_t n = 0; n < parameters.size(); ++n) {
    state_.coordinates[n].mutable_grad() = rest_[n] ? circulant[n] : gradients[n];
    if (rest_[n]) state_.coordinates[rest_[n]].mutable_grad() = gradients[n] - circulant[n];
  }
}

void Admm::pull(const std::vector<torch::Tensor>& parameters, double rate) {
  const torch::NoGradGuard no_gradients;
  const double weight = rate * rho(), share = weight / (1 + weight);
  state_.pulled += weight;
  for (size_t n = 0; n < parameters.size(); ++n) {
    torch::Tensor& c = state_.coordinates[n];
    if (rest_[n]) {
      torch::Tensor& d = state_.coordinates[rest_[n]];
      c.add_(state_.constrained[n] - c, share);  // Z is block-circulant, U is orthogonal to that
      d.add_(state_.dual[n] + d, -share);
      parameters[n].copy_(c + d);
    } else {
      parameters[n].copy_(c);
    }
  }
}

Residuals Admm::update() {
  const torch::NoGradGuard no_gradients;
  std::vector<torch::Tensor> weights, sums;
  for (size_t n = 0; n < rest_.size(); ++n) {
    const torch::Tensor c = state_.coordinates[n].detach();
    weights.push_back(rest_[n] ? c + state_.coordinates[rest_[n]].detach() : c);
    sums.push_back(weights[n] + state_.dual[n]);
  }
  const std::vector<torch::Tensor> z = projected(sums);
  const double before = rho(), step = std::min(1.0, state_.pulled / 4);
  double size = 0, primal = 0, dual = 0;
  for (size_t n = 0; n < weights.size(); ++n) {
    if (!rest_[n]) continue;
    size += sum_of_squares(weights[n]);
    primal += sum_of_squares(weights[n] - z[n]);
    dual += sum_of_squares(z[n] - state_.constrained[n]);
    state_.dual[n].add_(weights[n] - z[n], step);
  }
  state_.constrained = z;
  state_.pulled = 0;
  ++state_.updates;
  for (torch::Tensor& u : state_.dual) u *= before / rho();
  state_.last = {before, std::sqrt(primal / size), std::sqrt(dual / size)};
  return state_.last;
}

bool Admm::converged() const {
  return state_.updates > 0 && state_.last.primal <= options_.tolerance && state_.last.dual <= options_.tolerance;
}

}  // namespace erngen
