// How many bits the formats get that no width of the user's says: a search over the fixed-point model's error.
#pragma once

#include <functional>

#include "cell/formats.hpp"

namespace erngen {

/// What kinds of cells a network has, and so which bits it has a use for.
struct PrecisionUse {
  bool lstm = false, gru = false, nonlinear = false;
  bool drops = false;  ///< whether spectra lose bits anyway, to fit their port
  int activation_width = 12, weight_width = 12;
};

/// The precision with the best value of SQNR less price, from where the climb began; a decibel is what the hardware of
/// about 1 % of an engine's LUTs must bring. `sqnr` gives the output's signal-to-noise ratio in decibels.
Precision search_precision(const PrecisionUse& use, const std::function<double(const Precision&)>& sqnr);

/// The price of a precision's bits in decibels.
double precision_price(const PrecisionUse& use, const Precision& precision);

}  // namespace erngen
