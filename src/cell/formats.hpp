// Formats from ranges: the quantiser's decisions, apart from running the network.
#pragma once

#include "cell/quant_network.hpp"
#include "cell/ranges.hpp"
#include "ops/graph.hpp"

namespace erngen {

/// Bits that no width of the user's says and that only the network can show to be worth their price; the quantiser
/// tries several (format_search.hpp).
struct Precision {
  int gate_bits = 0;       ///< G - A
  int argument_bits = 0;   ///< f_p - (A - 2)
  int argument_range = 3;  ///< pre-activations lie in [-2^argument_range, 2^argument_range)
  int state_bits = 0;      ///< HW - G
  int extra_drop = 0;      ///< most bits that spectra lose beyond those that their port takes
  int cell_bits = 0;       ///< of CW beyond the wide port of a multiplier, where the cell states need them
  friend auto operator<=>(const Precision&, const Precision&) = default;
};

/// The two widths that every other one follows.
struct Widths {
  int weights = 12, activations = 12;
  friend auto operator<=>(const Widths&, const Widths&) = default;
};

/// One way to quantise a network.
struct Setting {
  Widths widths;
  Precision precision;
};

/// The widths that the user gives.
struct FormatLimits {
  int weight_width = 12;                                   ///< W
  int activation_width = 12;                               ///< A
  int spectrum_width = NumberFormats::max_spectrum_width;  ///< most bits of a spectrum word
  int cell_width = NumberFormats::max_cell_width;          ///< most bits of an LSTM's cell state
};

/// Decides formats, vector fractions, spectrum guards, drop, accumulator and weight fractions of `graph`. Where a port
/// or a limit is too narrow for the precision asked for, there is less. `graph` keeps its real weights.
NumberFormats choose_formats(Graph<double>& graph, const Ranges& ranges, const FormatLimits& limits,
                             const Precision& precision);

/// Rounds every weight, bias and peephole of a graph whose formats are chosen. `beyond` may be null; else the numbers
/// that their formats do not hold, which saturate, are added to it.
Graph<std::int32_t> quantise_weights(const Graph<double>& graph, const NumberFormats& formats,
                                     std::int64_t* beyond = nullptr);

/// Of two networks of one structure: in the place of each number of `graph` the one of either with the larger
/// magnitude, so that formats which hold it hold both. Throws Error(bad_input) for another structure.
void take_larger_numbers(Graph<double>& graph, const Graph<double>& other);

}  // namespace erngen
