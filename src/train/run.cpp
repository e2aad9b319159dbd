#include "train/run.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <torch/nn/utils/clip_grad.h>
#include <torch/utils.h>

#include "base/error.hpp"
#include "base/fingerprint.hpp"
#include "network/network_file.hpp"
#include "train/loss.hpp"

namespace erngen {
namespace {

constexpr double smoothing_steps = 20;      // of the loss that holds rho back: two updates, an eighth of the noise
constexpr double far_from_circulant = 0.1;  // of |D| / |W|

void copy_values(const std::vector<torch::Tensor>& from, const std::vector<torch::Tensor>& to) {
  const torch::NoGradGuard no_gradients;
  for (size_t n = 0; n < from.size(); ++n) to[n].copy_(from[n].reshape(to[n].sizes()));
}

std::vector<torch::Tensor> copies(const std::vector<torch::Tensor>& from) {
  std::vector<torch::Tensor> result;
  for (const torch::Tensor& t : from) result.push_back(t.detach().clone());
  return result;
}

std::vector<Tensor> plain(const std::vector<torch::Tensor>& list) {
  std::vector<Tensor> result;
  for (const torch::Tensor& t : list) {
    const torch::Tensor values = t.detach().contiguous();
    const float* first = values.data_ptr<float>();
    result.push_back(
        {{values.sizes().begin(), values.sizes().end()}, std::vector<float>(first, first + values.numel())});
  }
  return result;
}

Json shape_json(const BlockChoice& choice) {
  const auto sizes = [](const BlockSizes& b) { return Json{b.input, b.recurrent, b.projection, b.dense}; };
  Json json{{"all", sizes(choice.all)}};
  for (const auto& [layer, block] : choice.layers) json[std::to_string(layer)] = sizes(block);
  return json;
}

}  // namespace

TrainingRun::TrainingRun(const TrainOptions& options, const TrainingData& data, const Network& first,
                         std::function<void(const TrainProgress&)> report)
    : options_(options), data_(data), report_(std::move(report)), stages_(stages_of(options, first.max_block() > 1)) {
  const Json target = shape_json(options_.shape.block);
  identity_ =
      fingerprint(network_bytes(first) + target.dump() + recipe_json(options_).dump() +
                  fmt::format(" {} {} {}", options_.epochs, options_.validate_every, data_.validation().size()));
  enter_stage(first);
  resume();
  if (!feed_) feed_ = std::make_unique<Feed>(data_, 0);
  if (!log_) log_ = std::make_unique<TrainLog>(options_.log, 0);
  since_ = std::chrono::steady_clock::now();
}

void TrainingRun::enter_stage(const Network& network) {
  const StageKind kind = stages_[stage_].kind;
  const Network begin = begin_stage(kind, network, options_.shape.block);
  network_.emplace(begin);
  const bool leaves_dense =
      kind == StageKind::admm || (kind == StageKind::retrain && options_.method == Method::projection);
  if (options_.distillation > 0 && leaves_dense) teacher_.emplace(network);
  admm_ = kind == StageKind::admm ? std::make_unique<Admm>(begin, options_.shape.block, options_.admm) : nullptr;
  optimiser_ =
      std::make_unique<Optimiser>(admm_ ? admm_->coordinates() : network_->parameters(), options_.weight_decay);
  fixed_ = kind == StageKind::quantised ? std::make_unique<FixedForward>(begin, data_, options_) : nullptr;
  dense_loss_ = smoothed_loss_ = 0;
  best_.clear();
  best_error_ = 0;
  step_ = stale_ = 0;
  ended_ = false;
}

Network TrainingRun::finish() {
  for (;;) {
    write_snapshot();
    while (step_ < stages_[stage_].rate.steps && !ended_) {
      step();
      write_snapshot();
    }
    if (stage_ + 1 == stages_.size()) break;
    before_ += step_;
    const Network left = network_->to_network();
    ++stage_;
    enter_stage(left);
  }
  if (options_.patience > 0 && !best_.empty()) copy_values(best_, network_->parameters());
  Network result = network_->to_network();
  result.validate();
  return result;
}

torch::Tensor TrainingRun::task_loss(const Batch& batch, const Stage& stage) const {
  const auto packing = std::make_shared<const Packing>(batch.lengths);
  const torch::Tensor x = feature_tensor(batch);
  torch::Tensor y;
  if (fixed_) {
    const std::vector<GivenSignals> given = fixed_->signals(network_->to_network(), x, *packing);
    y = network_->forward(x, packing, 0, &given);
  } else {
    y = network_->forward(x, packing, stage.dropout);
  }
  const bool aligned = options_.loss == Loss::frames || (step_ < stage.aligned_steps && !batch.targets.empty());
  torch::Tensor loss = aligned ? frame_loss(y, batch) : ctc_loss(y, batch, *packing);
  if (teacher_) {
    const double share = options_.distillation;
    const std::int64_t labels =
        options_.loss == Loss::frames ? batch.rows() : static_cast<std::int64_t>(batch.labels.size());
    loss = (1 - share) * loss + share * distillation_loss(y, teacher_outputs(x, packing), labels);
  }
  return loss;
}

/// What the loss of the stage is before its first step, the mean over the first batches.
double TrainingRun::dense_loss(const Stage& stage) const {
  const torch::NoGradGuard no_gradients;
  double sum = 0;
  const std::vector<Batch> batches = data_.pool(0);
  for (const Batch& batch : batches) sum += task_loss(batch, stage).item<double>();
  return sum / static_cast<double>(batches.size());
}

torch::Tensor TrainingRun::teacher_outputs(const torch::Tensor& x, const PackingPointer& packing) const {
  const torch::NoGradGuard no_gradients;
  return teacher_->forward(x, packing, 0);
}

void TrainingRun::step() {
  const Stage& stage = stages_[stage_];
  const double rate = stage.rate.at(step_);
  const Batch batch = feed_->next();
  // Dropout depends on the seed and the step alone, so that nothing of the generator needs to be kept.
  torch::manual_seed(options_.seed * 1000003u + static_cast<std::uint64_t>(before_ + step_));
  const std::vector<torch::Tensor> parameters = network_->parameters();
  for (const torch::Tensor& p : parameters) p.mutable_grad().reset();
  if (admm_ && step_ == 0) dense_loss_ = dense_loss(stage);
  const torch::Tensor task = task_loss(batch, stage);
  task.backward();
  const double loss = task.item<double>();
  const double norm = torch::nn::utils::clip_grad_norm_(parameters, options_.clip_norm);
  if (!std::isfinite(loss) || !std::isfinite(norm))
    diverged(fmt::format("the loss of step {} is {} and its gradient's norm {}", before_ + step_ + 1, loss, norm),
             &batch);
  if (admm_) admm_->split_gradient(parameters);
  optimiser_->step(rate);
  if (admm_) admm_->pull(parameters, rate);
  ++step_;
  if (admm_) {
    smoothed_loss_ = step_ == 1 ? loss : smoothed_loss_ + (loss - smoothed_loss_) / smoothing_steps;
    if (step_ % options_.admm.interval == 0) {
      admm_->update(rho_may_rise());
      ended_ = admm_->converged();
    }
  }
  loss_ += loss;
  norm_ += norm;
  last_norm_ = norm;
  ++count_;
  frames_ += static_cast<double>(batch.rows());
  const bool last = ended_ || step_ == stage.rate.steps;
  const bool validate = last || (before_ + step_) % options_.validate_every == 0;
  if (validate || (before_ + step_) % options_.log_every == 0)
    report_progress(validate);
  else if (report_)
    report_(progress());
  if (admm_ && last) report_distance();
}

TrainProgress TrainingRun::progress() const {
  TrainProgress p;
  p.stage = stage_name(stages_[stage_].kind);
  p.step = before_ + step_;
  for (const Stage& s : stages_) p.steps += s.rate.steps;
  return p;
}

void TrainingRun::diverged(const std::string& what, const Batch* batch) const {
  std::string cause =
      fmt::format("the gradient's norm was {:.3g} a step before, at the learning rate {:.3g}: the rate is too high",
                  last_norm_, stages_[stage_].rate.at(step_));
  const auto large = [](float v) { return std::abs(v) > 1e4f; };
  if (batch && std::any_of(batch->features.begin(), batch->features.end(), large))
    cause = "a feature of this batch is beyond 10000: normalise the features";
  const std::string kept =
      options_.checkpoint.empty() ? "" : fmt::format("; the last good state is in {}", options_.checkpoint.string());
  throw bad_input(fmt::format("training: {} (stage {}); {}{}", what, stage_name(stages_[stage_].kind), cause, kept),
                  "use a lower rate or a smaller gradient norm");
}

void TrainingRun::check_weights() const {
  for (const torch::Tensor& w : network_->parameters()) {
    if (!at::isfinite(w).all().item<bool>())
      diverged(fmt::format("a weight is no longer finite after step {}", before_ + step_), nullptr);
  }
}

void TrainingRun::write_snapshot() const {
  const std::vector<int>& at = options_.snapshots;
  if (stage_ + 1 < stages_.size() || std::find(at.begin(), at.end(), step_) == at.end()) return;
  write_network(network_->to_network(), fmt::format("{}.{}", options_.snapshot.string(), step_));
}

void TrainingRun::report_progress(bool validate) {
  if (validate) check_weights();
  const Stage& stage = stages_[stage_];
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - since_).count();
  TrainProgress p = progress();
  p.summary = true;
  p.loss = loss_ / count_;
  p.rate = stage.rate.at(step_ - 1);
  p.gradient_norm = norm_ / count_;
  p.frames_per_second = frames_ / std::max(seconds, 1e-9);
  if (admm_ && admm_->state().updates > 0) {
    p.admm = true;
    p.rho = admm_->state().last.rho;
    p.primal = admm_->state().last.primal;
    p.dual = admm_->state().last.dual;
    p.distance = admm_->distance();
    p.loss_ratio = smoothed_loss_ / dense_loss_;
  }
  for (const torch::Tensor& w : network_->parameters()) p.parameters += static_cast<size_t>(w.numel());
  if (validate && !data_.validation().empty()) {
    p.validated = true;
    p.error_rate = fixed_ ? fixed_->error_rate(network_->to_network())
                          : error_rate(*network_, data_, data_.validation(), options_.loss);
    if (stage_ + 1 == stages_.size() && options_.patience > 0 && !improved(p.error_rate))
      ended_ = ++stale_ >= options_.patience;
  }
  log_->write(p);
  loss_ = norm_ = frames_ = 0;
  count_ = 0;
  if (validate) save();
  if (report_) report_(p);
  since_ = std::chrono::steady_clock::now();
}

bool TrainingRun::rho_may_rise() const {
  const double limit = options_.admm.loss_limit;
  return limit == 0 || smoothed_loss_ <= limit * dense_loss_;
}

void TrainingRun::report_distance() const {
  const double distance = admm_->distance();
  if (!report_ || distance <= far_from_circulant) return;
  const AdmmOptions& o = options_.admm;
  TrainProgress p;
  p.note =
      fmt::format("ADMM ends at |D| / |W| = {:.2f}: so much of the weights' norm the projection takes away. ",
                  distance) +
      (rho_may_rise()
           ? std::string("More --admm-steps or a larger --rho-last bring them closer")
           : fmt::format("rho came to {:.3g} of {:.3g}, for the loss is {:.3g} times the dense network's, {:.3g}: a "
                         "larger --admm-loss-limit than {:g} lets it rise",
                         admm_->state().last.rho, o.rho_last, smoothed_loss_ / dense_loss_, dense_loss_, o.loss_limit));
  report_(p);
}

bool TrainingRun::improved(double error) {
  if (!best_.empty() && error >= best_error_) return false;
  best_ = copies(network_->parameters());
  best_error_ = error;
  stale_ = 0;
  return true;
}

void TrainingRun::save() const {
  if (options_.checkpoint.empty()) return;
  const Optimiser::State adam = optimiser_->state();
  Checkpoint c;
  c.progress = {static_cast<int>(stage_), step_, before_, adam.steps, best_error_, stale_, ended_, log_->bytes(), {}};
  c.lists = {{"weights", plain(network_->parameters())},
             {"means", plain(adam.means)},
             {"squares", plain(adam.squares)},
             {"best", plain(best_)}};
  if (teacher_) c.lists.emplace_back("teacher", plain(teacher_->parameters()));
  if (admm_) {
    const Admm::State& s = admm_->state();
    c.progress.admm = {s.updates, s.rho, s.pulled, dense_loss_, smoothed_loss_, s.last.rho, s.last.primal, s.last.dual};
    c.lists.emplace_back("coordinates", plain(s.coordinates));
    c.lists.emplace_back("before", plain(s.before));
    c.lists.emplace_back("dual", plain(s.dual));
  }
  write_checkpoint(c, identity_, options_.checkpoint);
}

void TrainingRun::resume() {
  if (options_.checkpoint.empty() || !std::filesystem::exists(options_.checkpoint)) return;
  const Checkpoint c = read_checkpoint(options_.checkpoint, identity_);
  const RunProgress& progress = c.progress;
  const auto refused = [&](const std::string& why) {
    return bad_input(fmt::format("{}: {}", options_.checkpoint.string(), why), checkpoint_way_out);
  };
  const auto stage = static_cast<size_t>(progress.stage);
  if (stage >= stages_.size() || progress.step > stages_[stage].rate.steps ||
      progress.admm.has_value() != (stages_[stage].kind == StageKind::admm))
    throw refused(fmt::format("this run has no step {} of stage {}", progress.step, progress.stage + 1));
  // The list of that name, with as many numbers as the tensors of the run have: none, where there may be none.
  const auto take = [&](const char* name, const std::vector<torch::Tensor>& like, bool maybe_none = false) {
    const std::vector<Tensor>* list = c.find(name);
    std::vector<torch::Tensor> found;
    if (list && list->empty() && maybe_none) return found;
    if (!list || list->size() != like.size())
      throw refused(fmt::format("the tensors \"{}\" are not those of this run", name));
    for (size_t n = 0; n < like.size(); ++n) {
      if (static_cast<std::int64_t>((*list)[n].size()) != like[n].numel())
        throw refused(fmt::format("the tensor {}.{} is {}, not of the {} numbers of this run", name, n,
                                  (*list)[n].shape_text(), like[n].numel()));
      found.push_back(torch::tensor(std::get<std::vector<float>>((*list)[n].values)).reshape(like[n].sizes()));
    }
    return found;
  };
  const Network first = network_->to_network();
  // Only the structure of the network counts here: its numbers come from the checkpoint.
  stage_ = stage;
  Network structure = first;
  for (size_t n = 1; n <= stage_; ++n) structure = begin_stage(stages_[n].kind, structure, options_.shape.block);
  enter_stage(structure);
  copy_values(take("weights", network_->parameters()), network_->parameters());
  if (options_.distillation > 0 && stages_[stage_].kind != StageKind::dense) {
    teacher_.emplace(first);
    copy_values(take("teacher", teacher_->parameters()), teacher_->parameters());
  }
  const std::vector<torch::Tensor>& learned = optimiser_->parameters();
  const std::vector<torch::Tensor> means = take("means", learned, true);
  optimiser_->restore({progress.adam_steps, means, take("squares", learned, means.empty())});
  best_ = take("best", network_->parameters(), true);
  best_error_ = progress.best_error;
  step_ = progress.step;
  before_ = progress.before;
  stale_ = progress.stale;
  ended_ = progress.ended;
  if (admm_) {
    const AdmmProgress& p = *progress.admm;
    const Admm::State& begun = admm_->state();
    dense_loss_ = p.dense_loss;
    smoothed_loss_ = p.smoothed_loss;
    admm_->restore({take("coordinates", begun.coordinates),
                    take("before", begun.before),
                    take("dual", begun.dual),
                    p.updates,
                    p.rho_next,
                    p.pulled,
                    {p.rho, p.primal, p.dual}});
  }
  feed_ = std::make_unique<Feed>(data_, before_ + step_);
  log_ = std::make_unique<TrainLog>(options_.log, progress.log_bytes);
}

}  // namespace erngen
