// One training run: its state, its steps, its checkpoints. (libtorch)
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "train/admm.hpp"
#include "train/checkpoint.hpp"
#include "train/feed.hpp"
#include "train/fixed_forward.hpp"
#include "train/log.hpp"
#include "train/optimiser.hpp"
#include "train/stages.hpp"
#include "train/trainer.hpp"

namespace erngen {

class TrainingRun {
 public:
  /// Goes on from the options' checkpoint when there is one. `first`: the network before the first stage.
  TrainingRun(const TrainOptions& options, const TrainingData& data, const Network& first,
              std::function<void(const TrainProgress&)> report);

  /// Does what is left and returns the network.
  Network finish();

 private:
  void enter_stage(const Network& network);
  void step();
  torch::Tensor task_loss(const Batch& batch, const Stage& stage) const;
  double dense_loss(const Stage& stage) const;
  torch::Tensor teacher_outputs(const torch::Tensor& x, const PackingPointer& packing) const;
  [[noreturn]] void diverged(const std::string& what, const Batch* batch) const;
  void check_weights() const;
  void write_snapshot() const;
  TrainProgress progress() const;
  bool rho_may_rise() const;  ///< the loss is near enough to the dense network's
  void report_progress(bool validate);
  /// A note where ADMM has left the weights far from block-circulant ones, and why.
  void report_distance() const;
  bool improved(double error);
  void save() const;
  void resume();

  TrainOptions options_;
  const TrainingData& data_;
  std::function<void(const TrainProgress&)> report_;
  std::vector<Stage> stages_;
  std::string identity_;
  std::unique_ptr<TrainLog> log_;
  std::unique_ptr<Feed> feed_;

  size_t stage_ = 0;
  int step_ = 0;    ///< finished steps of the stage
  int before_ = 0;  ///< finished steps of the stages before
  std::optional<TorchNetwork> network_;
  std::optional<TorchNetwork>
      teacher_;  ///< distillation: the dense network, from the stage on that makes it block-circulant
  std::unique_ptr<Optimiser> optimiser_;
  std::unique_ptr<Admm> admm_;
  double dense_loss_ = 0;     ///< ADMM: of the network that it began with
  double smoothed_loss_ = 0;  ///< ADMM: an exponential mean of the loss; 0: no step yet
  std::unique_ptr<FixedForward> fixed_;
  std::vector<torch::Tensor> best_;  ///< the parameters with the lowest validation error of the stage
  double best_error_ = 0;
  int stale_ = 0;       ///< validations since then
  bool ended_ = false;  ///< the stage, before its last step

  // since the last report
  double loss_ = 0, norm_ = 0, frames_ = 0, last_norm_ = 0;
  int count_ = 0;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace erngen
