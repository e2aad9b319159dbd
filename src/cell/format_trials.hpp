// Quantising one network in several ways, and what each way loses.
#pragma once

#include <map>
#include <vector>

#include "cell/calibration.hpp"
#include "cell/format_search.hpp"
#include "cell/quantiser.hpp"

namespace erngen {

class FormatTrials {
 public:
  /// Keeps a reference to `options`. Throws as calibrate().
  FormatTrials(const Network& network, const Sequences& data, const QuantiseOptions& options);

  /// The network with these formats; `graph` gets them too, and keeps real weights. Throws Error(bad_input) or
  /// Error(capacity) where no format or unit holds what it must.
  QuantNetwork make(const Setting& setting, Graph<double>& graph);

  /// The network in the formats of another one of its structure. `beyond`: numbers that they do not hold.
  QuantNetwork make_like(const QuantNetwork& like, Graph<double>& graph, std::int64_t& beyond);

  /// Output SQNR in decibels on the frames that are tried; -infinity where make() throws.
  double output_sqnr(const Setting& setting);

  /// The precision found for these widths.
  Precision search(const Widths& widths);

  /// What quantise() takes for these widths: them or fewer bits, and their precision.
  Setting choose(const Widths& widths);

 private:
  PrecisionUse use(const Widths& widths) const;
  /// Chooses the frames that the trials run over: all of them, or as many of each stream as are quickly done.
  void remember_outputs();
  /// A unit's largest error is in the lsb of the activations, whatever the width of gate values: finer values are free
  /// of rounding, but not worth more entries.
  const ActivationUnit& unit(Function function, const NumberFormats& formats);

  const QuantiseOptions& options_;
  Graph<double> graph_;
  const Sequences frames_;  ///< of the network's last pass
  Graph<double> all_;       ///< graph_, with the larger numbers of the other networks
  nlohmann::ordered_json metadata_;
  Calibration calibration_;
  std::map<Widths, Precision> found_;
  double products_ = 0;          ///< of a trial
  Ranges ranges_;                ///< of the other networks, too
  int tried_ = 0;                ///< frames of each sequence that the trials run over
  std::vector<double> outputs_;  ///< of the real network on these frames
  UnitCache own_units_;
};

}  // namespace erngen
