#include "train/batch.hpp"

#include <algorithm>
#include <numeric>

namespace erngen {

Batch pack(const std::vector<const Example*>& examples) {
  Batch batch;
  batch.width = examples.front()->features.shape[1];
  batch.places.resize(examples.size());
  std::iota(batch.places.begin(), batch.places.end(), size_t{0});
  std::stable_sort(batch.places.begin(), batch.places.end(),
                   [&](size_t a, size_t b) { return examples[a]->features.shape[0] > examples[b]->features.shape[0]; });
  bool targets = true;
  for (size_t place : batch.places) {
    const Example& e = *examples[place];
    batch.lengths.push_back(e.features.shape[0]);
    batch.labels.insert(batch.labels.end(), e.labels.begin(), e.labels.end());
    batch.label_counts.push_back(static_cast<std::int64_t>(e.labels.size()));
    targets = targets && !e.targets.empty();
  }
  const auto width = static_cast<size_t>(batch.width);
  for (std::int64_t t = 0; t < batch.lengths.front(); ++t) {
    for (size_t b = 0; b < batch.lengths.size() && batch.lengths[b] > t; ++b) {
      const Example& e = *examples[batch.places[b]];
      const auto from = e.features.values.begin() + static_cast<std::ptrdiff_t>(static_cast<size_t>(t) * width);
      batch.features.insert(batch.features.end(), from, from + batch.width);
      if (targets) batch.targets.push_back(e.targets[static_cast<size_t>(t)]);
    }
  }
  return batch;
}

std::vector<Batch> sorted_batches(std::vector<const Example*> examples, size_t size, Rng& rng) {
  std::stable_sort(examples.begin(), examples.end(),
                   [](const Example* x, const Example* y) { return x->features.shape[0] < y->features.shape[0]; });
  std::vector<Batch> batches;
  for (size_t first = 0; first < examples.size(); first += size) {
    const auto from = examples.begin() + static_cast<std::ptrdiff_t>(first);
    batches.push_back(pack({from, from + static_cast<std::ptrdiff_t>(std::min(size, examples.size() - first))}));
  }
  for (size_t i = batches.size(); i > 1; --i) std::swap(batches[i - 1], batches[rng.below(i)]);
  return batches;
}

std::vector<Batch> sorted_batches(const std::vector<Example>& examples, size_t size, Rng& rng) {
  std::vector<const Example*> pointers;
  for (const Example& e : examples) pointers.push_back(&e);
  return sorted_batches(std::move(pointers), size, rng);
}

int ctc_frames(const std::vector<int>& labels) {
  int frames = static_cast<int>(labels.size());
  for (size_t n = 1; n < labels.size(); ++n) frames += labels[n] == labels[n - 1];
  return frames;
}

}  // namespace erngen
