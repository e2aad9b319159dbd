// Training of a network by stages. This header needs no libtorch.
#pragma once

#include <functional>
#include <string>

#include "network/network.hpp"
#include "train/options.hpp"

namespace erngen {

/// How far a run is; a summary is one line of its log.
struct TrainProgress {
  std::string note;      ///< not empty: only this is set, a line for the user
  bool summary = false;  ///< otherwise only stage, step and steps are set: one more step is done
  std::string stage;     ///< "dense", "admm", "retrain", "direct", "quantised"
  int step = 0;          ///< finished steps of all stages
  int steps = 0;         ///< of all stages; fewer are done when one ends early
  double loss = 0;  ///< mean since the last report: cross entropy a frame in the aligned steps, then CTC loss a label
  double rate = 0;  ///< learning rate
  double gradient_norm = 0;  ///< of the loss, mean, before clipping
  double frames_per_second = 0;
  bool validated = false;
  double error_rate = 0;  ///< of the validation examples, when validated
  bool admm = false;
  double rho = 0, primal = 0, dual = 0;  ///< residuals of the last update, in the ADMM stage (admm.hpp)
  double distance = 0;                   ///< |D| / |W| now
  double loss_ratio = 0;                 ///< smoothed loss over that of the dense network
  size_t parameters = 0;                 ///< of the network now
};

/// Trains as the options say and returns the network, with metadata "labels", "recipe" and, where there is one,
/// "frontend". The same options, data and thread count give the same network, interrupted and resumed or not. Throws
/// Error for bad options and data, and when the loss or a weight is no longer finite, with the step and the likely
/// cause.
Network train(const TrainOptions& options, const std::function<void(const TrainProgress&)>& report = {});

}  // namespace erngen
