#include "train/loss.hpp"

#include <algorithm>

#include <ATen/ATen.h>

#include "speech/ctc.hpp"

namespace erngen {
namespace {

std::vector<int> scored(const std::vector<int>& classes, const TrainingData& data) {
  std::vector<int> result;
  for (int c : classes) {
    const int s = data.scored_class(c);
    if (s != 0) result.push_back(s);
  }
  return result;
}

ErrorCount frame_errors(const Array& outputs, const Example& example, const TrainingData& data) {
  const auto classes = static_cast<size_t>(outputs.shape[1]);
  ErrorCount count;
  for (size_t t = 0; t < example.targets.size(); ++t) {
    if (example.targets[t] == no_target) continue;
    const auto first = outputs.values.begin() + static_cast<std::ptrdiff_t>(t * classes);
    const auto said = std::max_element(first, first + outputs.shape[1]) - first;
    ++count.reference;
    count.substitutions +=
        data.scored_class(static_cast<int>(said)) != data.scored_class(static_cast<int>(example.targets[t]));
  }
  return count;
}

}  // namespace

torch::Tensor feature_tensor(const Batch& batch) {
  return torch::tensor(batch.features).reshape({batch.rows(), batch.width});
}

torch::Tensor ctc_loss(const torch::Tensor& outputs, const Batch& batch, const Packing& packing) {
  return at::ctc_loss(packing.padded(at::log_softmax(outputs, 1)), torch::tensor(batch.labels), batch.lengths,
                      batch.label_counts, 0, at::Reduction::Mean, true);
}

torch::Tensor frame_loss(const torch::Tensor& outputs, const Batch& batch) {
  return at::cross_entropy_loss(outputs, torch::tensor(batch.targets), {}, at::Reduction::Mean, no_target);
}

torch::Tensor distillation_loss(const torch::Tensor& outputs, const torch::Tensor& teacher, std::int64_t labels) {
  return at::kl_div(at::log_softmax(outputs, 1), at::log_softmax(teacher, 1), at::Reduction::Sum, true) / labels;
}

ErrorCount example_errors(const Array& outputs, const Example& example, const TrainingData& data, Loss loss) {
  if (loss == Loss::frames) return frame_errors(outputs, example, data);
  return edit_distance(scored(example.labels, data), scored(ctc_greedy(outputs), data));
}

double error_rate(const TorchNetwork& network, const TrainingData& data, const std::vector<Example>& examples,
                  Loss loss) {
  const torch::NoGradGuard no_gradients;
  constexpr size_t size = 50;
  std::vector<const Example*> sorted;
  for (const Example& e : examples) sorted.push_back(&e);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Example* a, const Example* b) { return a->features.shape[0] > b->features.shape[0]; });
  ErrorCount errors;
  for (size_t first = 0; first < sorted.size(); first += size) {
    const std::vector<const Example*> mine(
        sorted.begin() + static_cast<std::ptrdiff_t>(first),
        sorted.begin() + static_cast<std::ptrdiff_t>(std::min(first + size, sorted.size())));
    const Batch batch = pack(mine);
    const auto packing = std::make_shared<const Packing>(batch.lengths);
    const torch::Tensor y = packing->padded(network.forward(feature_tensor(batch), packing, 0.0));
    for (size_t b = 0; b < mine.size(); ++b) {
      const Example& example = *mine[batch.places[b]];
      const torch::Tensor one = y.select(1, static_cast<std::int64_t>(b)).narrow(0, 0, batch.lengths[b]).contiguous();
      const float* values = one.data_ptr<float>();
      errors += example_errors(
          {{static_cast<int>(one.size(0)), static_cast<int>(one.size(1))}, {values, values + one.numel()}}, example,
          data, loss);
    }
  }
  return errors.rate();
}

}  // namespace erngen
