// Formats from ranges: the quantiser's decisions, apart from running the network.
#pragma once

#include <map>
#include <string>

#include "cell/graph.hpp"
#include "cell/quant_network.hpp"

namespace erngen {

/// Largest absolute value of each signal (names: real_model.hpp).
using Ranges = std::map<std::string, double>;

/// Largest f for which |x| <= limit fits fixed<width, width - f>; f is at most `max_fraction`.
int fraction_for(double limit, int width, int max_fraction);

/// Decides formats, vector fractions, spectrum guards, accumulator and weight fractions of `graph`.
/// `graph` keeps its real weights.
NumberFormats choose_formats(Graph<double>& graph, const Ranges& ranges, int weight_width, int activation_width,
                             int max_spectrum_width = NumberFormats::max_spectrum_width,
                             int max_cell_width = NumberFormats::max_cell_width);

/// Rounds every weight, bias and peephole of a graph whose formats are chosen.
Graph<std::int32_t> quantise_weights(const Graph<double>& graph, const NumberFormats& formats);

}  // namespace erngen
