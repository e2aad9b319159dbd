#include "train/trainer.hpp"

#include <algorithm>
#include <chrono>
#include <deque>
#include <future>

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <fmt/format.h>
#include <torch/utils.h>

#include "base/error.hpp"
#include "network/network_file.hpp"
#include "speech/digits.hpp"
#include "speech/labels.hpp"
#include "train/corpus.hpp"
#include "train/fit.hpp"
#include "train/log.hpp"

namespace erngen {
namespace {

/// Batches in pool order; the next pool is made by another thread while this one is used.
class Feed {
 public:
  explicit Feed(const BatchMaker& maker) : maker_(maker) { start(); }
  Batch next() {
    if (ready_.empty()) {
      for (Batch& b : coming_.get()) ready_.push_back(std::move(b));
      start();
    }
    Batch batch = std::move(ready_.front());
    ready_.pop_front();
    return batch;
  }

 private:
  void start() {
    coming_ = std::async(std::launch::async, [this, index = next_pool_++] { return maker_.pool(index); });
  }
  const BatchMaker& maker_;
  int next_pool_ = 0;
  std::future<std::vector<Batch>> coming_;
  std::deque<Batch> ready_;
};

/// The digit error rate of held-out utterances, computed in batches.
double validate(const TorchNetwork& network, const Frontend& frontend, const std::vector<Utterance>& utterances) {
  const torch::NoGradGuard no_gradients;
  const std::vector<std::string> labels = digit_labels();
  constexpr size_t size = 50;
  SpeechScore score;
  for (size_t first = 0; first < utterances.size(); first += size) {
    std::vector<const Utterance*> mine;
    for (size_t i = first; i < std::min(first + size, utterances.size()); ++i) mine.push_back(&utterances[i]);
    const Batch batch = make_batch(mine, frontend);
    const torch::Tensor y = network.forward(feature_tensor(batch), 0.0).contiguous();
    const auto classes = static_cast<int>(y.size(2));
    for (size_t b = 0; b < mine.size(); ++b) {
      const torch::Tensor one = y.select(1, static_cast<std::int64_t>(b)).narrow(0, 0, batch.lengths[b]).contiguous();
      const float* values = one.data_ptr<float>();
      score += score_output({{static_cast<int>(batch.lengths[b]), classes}, {values, values + one.numel()}}, labels, mine[b]->digits);
    }
  }
  return score.digits.rate();
}

/// The network that the run starts from, with its metadata.
Network first_network(const TrainOptions& options, const Corpus& corpus) {
  const std::vector<std::string> labels = digit_labels();
  Network network;
  if (!options.start.empty()) {
    network = read_network(options.start);
    if (speech_interface(network.metadata, network.input(), network.output(), options.start.string()).labels != labels) {
      throw bad_input(fmt::format("{}: has other labels than the ten digits", options.start.string()));
    }
  } else {
    const FrontendConfig config = with_normalisation(options.frontend, corpus, options);
    NetworkShape shape = options.shape;
    shape.input = config.features();
    shape.dense = static_cast<int>(labels.size());
    shape.seed = options.seed;
    network = random_network(shape);
    network.metadata["frontend"] = to_json(config);
    network.metadata["labels"] = labels;
  }
  network.metadata["recipe"] = recipe_json(options);
  return network;
}

}  // namespace

Network train(const TrainOptions& options, const std::function<void(const TrainProgress&)>& report) {
  options.validate();
  at::set_num_threads(options.threads);
  at::globalContext().setDeterministicAlgorithms(true, true);
  torch::manual_seed(options.seed);
  TrainLog log(options.log);

  const Corpus corpus = read_corpus(options);
  Network begin = first_network(options, corpus);
  const Frontend frontend(frontend_from_json(begin.metadata["frontend"]));
  std::vector<Utterance> held_out;
  if (!corpus.held_out.empty()) held_out = make_utterances(corpus.held_out, options.utterances, 300, options.seed + 1);

  TorchNetwork network(begin);

  const BatchMaker maker(corpus, options, frontend);
  Feed feed(maker);
  double loss = 0;
  double norm = 0;
  double frames = 0;
  int reported = 0;
  auto since = std::chrono::steady_clock::now();
  FitHooks hooks;
  hooks.after_step = [&](const FitStep& s) {
    loss += s.loss;
    norm += s.gradient_norm;
    const bool last = s.step == options.steps;
    if (s.step % options.log_every != 0 && s.step % options.validate_every != 0 && !last) return;
    const int count = s.step - reported;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count();
    TrainProgress p{s.step, options.steps, loss / count, s.rate, norm / count, frames / std::max(seconds, 1e-9), false, 0};
    if (!held_out.empty() && (s.step % options.validate_every == 0 || last)) {
      p.validated = true;
      p.digit_error_rate = validate(network, frontend, held_out);
    }
    if (!options.checkpoint.empty() && s.step % options.validate_every == 0) write_network(network.to_network(), options.checkpoint);
    log.write(p);
    if (report) report(p);
    loss = norm = frames = 0;
    reported = s.step;
    since = std::chrono::steady_clock::now();
  };
  const auto next = [&] {
    Batch batch = feed.next();
    for (std::int64_t n : batch.lengths) frames += static_cast<double>(n);
    return batch;
  };
  const LearningRate rate{options.peak_rate, options.warmup, options.steps};
  fit(network, next, {rate, options.aligned_steps, options.clip_norm, options.dropout, options.weight_decay}, hooks);
  Network result = network.to_network();
  result.validate();
  return result;
}

}  // namespace erngen
