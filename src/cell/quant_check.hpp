// What makes a quantised network legal: the conditions under which no operation of docs/reference/arithmetic.md
// overflows.
#pragma once

#include "cell/quant_network.hpp"

namespace erngen {

/// Sets the formats that follow from the graph: kmax, g_max and the longest accumulation.
template <class T>
void derive_formats(NumberFormats& formats, const Graph<T>& graph);

/// Throws Error(bad_input) naming a width or fraction that no network may have, its value and its limits.
void check_formats(const NumberFormats& formats);

/// check_formats(), and throws Error(bad_input) naming the format, phase or word, its value and its limit, unless every
/// number fits its format, every sum its width and every width the hardware and the model. The graph's structure is
/// that of a lowered network.
void check_quant_network(const QuantNetwork& network);

}  // namespace erngen
