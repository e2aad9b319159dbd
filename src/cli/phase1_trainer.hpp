// Trains the candidates of Phase I, once each, and plans their engines.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
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
  Phase1Trainer(TrainOptions options, int bits, DeviceLimits device, double clock_mhz, const Ledger& ledger);

  /// The candidate's training as the ledger has it, with its planned engine.
  std::optional<Trial> known(const Variant& candidate);

  /// Trains the candidate unless the ledger has it: a dense network from random weights; a block-circulant one by ADMM
  /// from Variant::start(), or (a GRU) from a dense network that the same training makes first. Throws Error(output) if
  /// another process trains it.
  void train(const Variant& candidate);

  /// The candidate's record in the ledger, if it is trained.
  std::optional<LedgerEntry> entry(const Variant& candidate) const;

  /// The network file, and the candidate in fixed point with the formats of its own calibration data.
  std::filesystem::path network_file(const Variant& candidate) const;
  QuantNetwork quantised(const Variant& candidate) const;

  /// What a process says that trains the candidate alone.
  std::filesystem::path messages(const Variant& candidate) const { return file(candidate, ".txt"); }

 private:
  TrainOptions recipe(const Variant& candidate) const;
  std::string key(const Variant& candidate) const;
  std::filesystem::path file(const Variant& candidate, const char* kind) const;

  TrainOptions options_;
  int bits_;
  DeviceLimits device_;
  double clock_mhz_;
  const Ledger& ledger_;
  std::map<Variant, std::optional<double>> cycles_;  ///< a frame, of those that were planned
};

}  // namespace erngen::cli
