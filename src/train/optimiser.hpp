// AdamW whose state can be kept and brought back. (libtorch)
#pragma once

#include <memory>
#include <vector>

#include <torch/optim/adamw.h>

namespace erngen {

class Optimiser {
 public:
  Optimiser(std::vector<torch::Tensor> parameters, double weight_decay);

  const std::vector<torch::Tensor>& parameters() const { return parameters_; }
  void step(double rate);

  /// The running means of the gradients and of their squares; empty before the first step.
  struct State {
    std::int64_t steps = 0;
    std::vector<torch::Tensor> means, squares;
  };
  State state();
  void restore(const State& state);

 private:
  std::vector<torch::Tensor> parameters_;
  torch::optim::AdamW adam_;
};

}  // namespace erngen
