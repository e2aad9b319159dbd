// The options that `train` and phase I of `explore` share: the data, the shape of the network, the optimiser.
#pragma once

#include <string>

#include <CLI/CLI.hpp>

#include "train/options.hpp"

namespace erngen::cli {

struct TrainArguments {
  TrainOptions options;

  /// --data, what kind of data it is, and the front end.
  void add_data(CLI::App& app, bool required);
  /// --hidden, --layers, ...: the recurrent layers, without cell type and block sizes.
  void add_shape(CLI::App& app);
  /// Steps, rates, regularisation, ADMM.
  void add_run(CLI::App& app);
};

}  // namespace erngen::cli
