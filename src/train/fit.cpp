#include "train/fit.hpp"

#include <cmath>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adamw.h>

#include "base/error.hpp"

namespace erngen {
namespace {

/// The mean over utterances of -ln p(labels) / number of labels; class 0 is the blank.
torch::Tensor ctc(const torch::Tensor& outputs, const Batch& batch) {
  return at::ctc_loss(at::log_softmax(outputs, 2), torch::tensor(batch.labels), batch.lengths, batch.label_counts, 0, at::Reduction::Mean,
                      true);
}

torch::Tensor framewise(const torch::Tensor& outputs, const Batch& batch) {
  return at::cross_entropy_loss(outputs.flatten(0, 1), torch::tensor(batch.targets), {}, at::Reduction::Mean, no_target);
}

}  // namespace

torch::Tensor feature_tensor(const Batch& batch) {
  const auto width = static_cast<std::int64_t>(batch.features.size()) / (std::int64_t{1} * batch.frames * batch.size);
  return torch::tensor(batch.features).reshape({batch.frames, batch.size, width});
}

void fit(TorchNetwork& network, const std::function<Batch()>& next_batch, const FitOptions& options, const FitHooks& hooks) {
  const std::vector<torch::Tensor> parameters = network.parameters();
  torch::optim::AdamW optimiser(parameters, torch::optim::AdamWOptions(options.rate.peak).weight_decay(options.weight_decay));
  for (int step = 0; step < options.rate.steps; ++step) {
    const double rate = options.rate.at(step);
    static_cast<torch::optim::AdamWOptions&>(optimiser.param_groups()[0].options()).lr(rate);
    const Batch batch = next_batch();
    optimiser.zero_grad();
    const torch::Tensor outputs = network.forward(feature_tensor(batch), options.dropout);
    torch::Tensor loss = step < options.aligned_steps ? framewise(outputs, batch) : ctc(outputs, batch);
    const double loss_value = loss.item<double>();
    if (!std::isfinite(loss_value)) {
      throw bad_input(fmt::format("training: the loss of step {} is {}", step + 1, loss_value), "use a lower rate or a smaller gradient norm");
    }
    if (hooks.penalty) loss = loss + hooks.penalty(network);
    loss.backward();
    const double norm = torch::nn::utils::clip_grad_norm_(parameters, options.clip_norm);
    optimiser.step();
    if (hooks.after_step) hooks.after_step({step + 1, loss_value, norm, rate});
  }
}

}  // namespace erngen
