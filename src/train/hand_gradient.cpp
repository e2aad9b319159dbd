#include "train/hand_gradient.hpp"

#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/utils.h>

namespace erngen {
namespace {

struct HandNode : torch::autograd::Node {
  std::function<std::vector<torch::Tensor>(const torch::Tensor&)> backward;

  torch::autograd::variable_list apply(torch::autograd::variable_list&& gradients) override {
    const torch::NoGradGuard no_gradients;
    return backward(gradients[0]);
  }
  void release_variables() override { backward = nullptr; }
};

}  // namespace

torch::Tensor with_gradient(torch::Tensor output, const std::vector<torch::Tensor>& inputs,
                            std::function<std::vector<torch::Tensor>(const torch::Tensor&)> backward) {
  if (!torch::GradMode::is_enabled()) return output;
  const std::shared_ptr<HandNode> node(new HandNode, torch::autograd::deleteNode);
  node->set_next_edges(torch::autograd::collect_next_edges(inputs));
  node->backward = std::move(backward);
  torch::autograd::set_history(output, node);
  return output;
}

}  // namespace erngen
