// Chooses the formats of every signal from calibration data and quantises the weights.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "activation/search.hpp"
#include "cell/fixed_model.hpp"
#include "cell/formats.hpp"
#include "cell/quant_network.hpp"
#include "network/sequences.hpp"

namespace erngen {

struct QuantiseOptions {
  int weight_width = 12;      ///< most bits of a weight, 4..18
  int activation_width = 12;  ///< most bits of an element of a vector, 4..18
  static constexpr int least_spectrum_width = 12;
  int spectrum_width = NumberFormats::max_spectrum_width;  ///< most bits of a spectrum word, 12..18; 17 suits
                                                           ///< multipliers of 18 x 18 bits
  int cell_width = NumberFormats::max_cell_width;  ///< most bits of an LSTM's cell state, activation_width + 4..32;
                                                   ///< beyond them it saturates
  double activation_ulp = 1.0;                     ///< largest error of an activation unit, in lsb of the activations
  KindChoice sigmoid_kind = KindChoice::automatic;
  KindChoice tanh_kind = KindChoice::automatic;
  std::optional<Precision> precision = {};  ///< empty: searched for
  bool exact_widths = false;  ///< take the two widths as given, also where fewer bits lose less (best_widths.hpp)
  const QuantNetwork* formats = nullptr;    ///< of a network of the same structure: taken as they are, with its units
  std::vector<const Network*> others = {};  ///< of the same structure: formats hold their numbers and signals, too
  UnitCache* units = nullptr;               ///< kept from one call to the next; null: for one call
  std::map<std::string, int> matrix_width =
      {};  ///< families ("layers.0.input") rounded to fewer bits than weight_width, 2 at least
};

/// One line of the report: a signal on the calibration data.
struct SignalReport {
  std::string name;
  Format format;
  double max_abs = 0;      ///< of the real signal
  double sqnr_db = 0;      ///< signal power over the power of (fixed - real), in decibels; infinite: no error
  std::string gates = {};  ///< of a family of matrices that has several lines, as a GRU's: "r,z"
};

/// A state whose elements do not move in fixed point, though those of the real network do by two lsb or more.
struct StillState {
  std::string signal;
  Format format;
  int elements = 0, still = 0;
};

struct QuantiseReport {
  std::vector<SignalReport> signals;
  std::vector<SignalReport> matrices;  ///< spectra of each matrix family: range, format, SQNR of the rounding
  int frames = 0;
  double output_sqnr_db = 0;
  Widths widths;                              ///< those of the options, or fewer bits that lose less
  Precision precision;                        ///< what the search found
  std::vector<SignalSaturation> saturations;  ///< on the calibration data; those with a count
  std::vector<StillState> still;              ///< states with elements that stand still
  std::vector<std::string> warnings;  ///< a sentence each: what formats or calibration data cannot do, and what helps
};

/// Every sequence of `calibration` starts from a zero state.
/// Throws Error(usage) on widths outside 4..18, Error(bad_input) on calibration frames of another width, or signals so
/// large that no format holds them; Error(capacity) for an activation bound that no unit meets. `report` may be null.
/// The result satisfies check_quant_network().
QuantNetwork quantise(const Network& network, const Sequences& calibration, const QuantiseOptions& options,
                      QuantiseReport* report);

}  // namespace erngen
