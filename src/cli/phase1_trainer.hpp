// Trains the candidates of Phase I, once each, and plans their engines.
#pragma once

#include <filesystem>
#include <string>

#include "cell/quant_network.hpp"
#include "cli/phase1_ledger.hpp"
#include "cli/phase1_search.hpp"
#include "plan/plan.hpp"
#include "train/options.hpp"

namespace erngen::cli {

class Phase1Trainer {
 public:
  /// `options`: data, shape and recipe of all trainings. Files go to the ledger's directory.
  Phase1Trainer(TrainOptions options, int bits, DeviceLimits device, double clock_mhz, Ledger& ledger);

  /// Takes the training from the ledger, or trains: a dense network from random weights; a block-circulant one by ADMM
  /// from the neighbour, from the dense LSTM, or (a GRU) from a dense network that the same training makes first. Then
  /// quantises and plans it.
  Trial run(const Variant& candidate, const std::optional<Variant>& neighbour);

  /// The network file, and the candidate in fixed point with the formats of its own calibration data.
  std::filesystem::path network_file(const Variant& candidate) const;
  QuantNetwork quantised(const Variant& candidate) const;

  int trained() const { return trained_; }  ///< by this object, the ledger's not counted

 private:
  TrainOptions recipe(const Variant& candidate, const std::optional<Variant>& neighbour) const;
  std::filesystem::path file(const Variant& candidate, const char* kind) const;

  TrainOptions options_;
  int bits_;
  DeviceLimits device_;
  double clock_mhz_;
  Ledger& ledger_;
  int trained_ = 0;
};

}  // namespace erngen::cli
