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

Admm::Admm(const Network& network, const BlockChoice& target, const AdmmOptions& options) : shape_(network), target_(target), options_(options) {
  if (network.max_block() > 1)
    throw bad_input("ADMM: the network to start from is block-circulant already, a dense one is expected", "train one with --block 1");
  for (const torch::Tensor& p : parameter_values(compress(network, target).network)) bound_.push_back(p.dim() == 4 && p.size(3) > 1);
  const std::vector<torch::Tensor> values = parameter_values(network);
  state_.constrained = projected(values);
  for (const torch::Tensor& v : values) state_.dual.push_back(torch::zeros_like(v));
}

/// The rho of the update that comes next: rho (rho_last / rho)^(updates / (all updates - 1)).
double Admm::rho() const {
  const int all = std::max(1, options_.steps / options_.interval - 1);
  return options_.rho * std::pow(options_.rho_last / options_.rho, std::min(1.0, static_cast<double>(state_.updates) / all));
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

void Admm::pull(const std::vector<torch::Tensor>& parameters, double rate) {
  const torch::NoGradGuard no_gradients;
  const double weight = rate * rho();
  state_.pulled += weight;
  for (size_t n = 0; n < parameters.size(); ++n) {
    if (bound_[n]) parameters[n].add_(state_.constrained[n] - state_.dual[n] - parameters[n], weight / (1 + weight));
  }
}

Residuals Admm::update(const TorchNetwork& network) {
  const torch::NoGradGuard no_gradients;
  const std::vector<torch::Tensor> parameters = network.parameters();
  std::vector<torch::Tensor> sums;
  for (size_t n = 0; n < parameters.size(); ++n) sums.push_back(parameters[n].detach() + state_.dual[n]);
  const std::vector<torch::Tensor> z = projected(sums);
  const double before = rho(), step = std::min(1.0, state_.pulled / 4);
  double size = 0, primal = 0, dual = 0;
  for (size_t n = 0; n < parameters.size(); ++n) {
    if (!bound_[n]) continue;
    size += sum_of_squares(parameters[n]);
    primal += sum_of_squares(parameters[n] - z[n]);
    dual += sum_of_squares(z[n] - state_.constrained[n]);
    state_.dual[n].add_(parameters[n].detach() - z[n], step);
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
