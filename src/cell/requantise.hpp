// Other weights in the number formats of a quantised network.
#pragma once

#include "cell/quant_network.hpp"

namespace erngen {

/// Gives `graph` the fractions and guards of `like`; its weights stay real. Throws Error(bad_input) for another
/// structure.
void take_formats(Graph<double>& graph, const Graph<std::int32_t>& like);
void take_formats(Graph<double>& graph, const Graph<double>& like);

/// `network` in the formats of `formats`, which was quantised from a network of the same structure: what quantise()
/// would make of it if it found the same ranges. Words beyond their format saturate. Throws Error(bad_input) for
/// another structure.
QuantNetwork requantise(const Network& network, const QuantNetwork& formats);

}  // namespace erngen
