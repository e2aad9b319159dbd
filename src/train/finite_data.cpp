#include "train/finite_data.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

void check_example(const Example& e, const std::string& name, int classes, Loss loss) {
  const int frames = e.features.shape[0];
  for (int label : e.labels) {
    if (label < 1 || label >= classes)
      throw bad_input(fmt::format("{}: label {} is not one of the classes 1..{}", name, label, classes - 1));
  }
  for (std::int64_t target : e.targets) {
    if (target != no_target && (target < 0 || target >= classes))
      throw bad_input(fmt::format("{}: frame label {} is not one of the classes 0..{}", name, target, classes - 1));
  }
  if (loss == Loss::frames && e.targets.size() != static_cast<size_t>(frames))
    throw bad_input(fmt::format("{}: {} labelled frames for {} frames", name, e.targets.size(), frames),
                    "the loss of frames needs a label for each");
  if (loss == Loss::frames) return;
  if (e.labels.empty()) throw bad_input(fmt::format("{}: has no labels", name));
  if (frames < ctc_frames(e.labels))
    throw bad_input(fmt::format("{}: {} frames are fewer than the {} that its {} labels need", name, frames,
                                ctc_frames(e.labels), e.labels.size()),
                    "use frames at a shorter distance, or leave this utterance out");
}

class FiniteData : public TrainingData {
 public:
  FiniteData(FiniteSet set, const TrainOptions& options)
      : set_(std::move(set)), seed_(options.seed), batch_(static_cast<size_t>(options.batch)) {}

  int inputs() const override { return set_.inputs; }
  const std::vector<std::string>& labels() const override { return set_.labels; }
  Json metadata() const override { return set_.metadata; }
  int epoch_batches() const override { return static_cast<int>((set_.training.size() + batch_ - 1) / batch_); }
  const std::vector<Example>& validation() const override { return set_.validation; }
  std::string summary() const override { return set_.summary; }
  int scored_class(int c) const override { return set_.scored.empty() ? c : set_.scored.at(static_cast<size_t>(c)); }

  std::vector<Batch> pool(int index) const override {
    const int pools = (epoch_batches() + pool_batches - 1) / pool_batches;
    Rng order_rng(seed_ * 1000003u + static_cast<std::uint64_t>(index / pools));
    std::vector<size_t> order(set_.training.size());
    std::iota(order.begin(), order.end(), size_t{0});
    for (size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[order_rng.below(i)]);
    const size_t first = static_cast<size_t>(index % pools) * pool_batches * batch_;
    const size_t last = std::min(first + pool_batches * batch_, order.size());
    Rng rng(seed_ * 1000003u + 0x706f6f6cu + static_cast<std::uint64_t>(index));
    std::vector<const Example*> mine;
    std::vector<Example> varied;
    varied.reserve(last - first);
    for (size_t i = first; i < last; ++i) {
      mine.push_back(&set_.training[order[i]]);
      if (!set_.vary) continue;
      varied.push_back(*mine.back());
      set_.vary(order[i], varied.back(), rng);
      mine.back() = &varied.back();
    }
    return sorted_batches(std::move(mine), batch_, rng);
  }

 private:
  FiniteSet set_;
  std::uint64_t seed_;
  size_t batch_;
};

}  // namespace

std::unique_ptr<TrainingData> open_finite(FiniteSet set, const TrainOptions& options) {
  if (set.training.empty()) throw bad_input("training: the data set holds no examples");
  const int classes = static_cast<int>(set.labels.size());
  for (size_t n = 0; n < set.names.size(); ++n) {
    const bool training = n < set.training.size();
    check_example(training ? set.training[n] : set.validation[n - set.training.size()], set.names[n], classes,
                  options.loss);
  }
  return std::make_unique<FiniteData>(std::move(set), options);
}

}  // namespace erngen
