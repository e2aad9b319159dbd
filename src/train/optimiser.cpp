#include "train/optimiser.hpp"

namespace erngen {
namespace {

std::string key_of(const torch::Tensor& parameter) { return c10::guts::to_string(parameter.unsafeGetTensorImpl()); }

}  // namespace

Optimiser::Optimiser(std::vector<torch::Tensor> parameters, double weight_decay)
    : parameters_(std::move(parameters)),
      adam_(parameters_, torch::optim::AdamWOptions(1e-3).weight_decay(weight_decay)) {}

void Optimiser::step(double rate) {
  static_cast<torch::optim::AdamWOptions&>(adam_.param_groups()[0].options()).lr(rate);
  adam_.step();
}

Optimiser::State Optimiser::state() {
  State result;
  for (const torch::Tensor& p : parameters_) {
    const auto found = adam_.state().find(key_of(p));
    if (found == adam_.state().end()) return {};
    const auto& s = static_cast<const torch::optim::AdamWParamState&>(*found->second);
    result.steps = s.step();
    result.means.push_back(s.exp_avg());
    result.squares.push_back(s.exp_avg_sq());
  }
  return result;
}

void Optimiser::restore(const State& state) {
  for (size_t n = 0; n < state.means.size(); ++n) {
    auto s = std::make_unique<torch::optim::AdamWParamState>();
    s->step(state.steps);
    s->exp_avg(state.means[n].clone());
    s->exp_avg_sq(state.squares[n].clone());
    adam_.state()[key_of(parameters_[n])] = std::move(s);
  }
}

}  // namespace erngen
