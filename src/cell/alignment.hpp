// Which bits of a matrix-vector product to keep: guards and the drop of spectra, fractions of weights and accumulators.
//
// Products that are accumulated together must have one fraction, F = s + w with s the fraction of a vector's spectra
// and w that of its weights. What a vector or its weights have too much of must be given up on one side or the other.
// Each way has its price in the sums, which is estimated from the powers that calibration showed (n columns, blocks of
// k):
//
//   weights of fraction w:       2^-2w / 12  (n / k) E[x^2]     k words of a block's spectrum are rounded, and each
//   spectra of fraction s:       2^-2s / 12  (n / k) E[w^2]     sample is 1/k of the sum of k products (Parseval)
//   the vector's own fraction f: 2^-2f / 12   n      E[w^2]     which no choice here changes
#pragma once

#include "cell/quant_network.hpp"
#include "cell/ranges.hpp"
#include "ops/graph.hpp"

namespace erngen {

/// Chooses spectrum guards of all vectors, drop, fractions of weights and accumulators of a graph whose vectors have
/// their fractions; sets what follows from them in `formats`. No spectrum gets more than `max_spectrum_width` bits; at
/// most `extra_drop` bits are dropped beyond those that this takes.
void align_products(Graph<double>& graph, NumberFormats& formats, const Ranges& ranges, int max_spectrum_width,
                    int extra_drop);

}  // namespace erngen
