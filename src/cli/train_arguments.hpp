// The options that `train` and phase I of `explore` share: the data, the shape of the network, the optimiser.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "train/options.hpp"

namespace erngen::cli {

struct TrainArguments {
  TrainOptions options;

  /// --data, what kind of data it is, and the front end, whose defaults depend on the kind.
  void add_data(CLI::App& app, bool required);
  /// --hidden, --layers, ...: the recurrent layers, without cell type and block sizes.
  void add_shape(CLI::App& app);
  /// Steps, rates, regularisation, ADMM.
  void add_run(CLI::App& app);
  /// After the parse: what was not given gets the defaults of the kind of data.
  void resolve();

 private:
  std::vector<std::function<void()>> given_;  ///< each sets one option of the front end or the data that was given
};

}  // namespace erngen::cli
