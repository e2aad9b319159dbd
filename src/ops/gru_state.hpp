// What both kinds of GRU share: the gates r and z, and the state, which they update and round alike.
#pragma once

#include "network/network.hpp"
#include "ops/cell_template.hpp"
#include "ops/cell_units.hpp"
#include "ops/graph_builder.hpp"

namespace erngen {

/// The vector h of a state: saturate(round_shift(state, f_s - fraction), A).
inline std::int32_t state_output(const CellFormats& formats, std::int64_t state, int fraction, SaturationCount& count) {
  return narrow(
      saturate_counted(round_shift(state, formats.state_fraction() - fraction), formats.activation_width, count));
}

/// h = n + q (h' - n), the update of both GRU variants; between n and h', so it needs no saturation.
/// n, q: G bits; h_previous and the result: HW bits.
inline std::int64_t gru_update(const CellFormats& format, std::int64_t n, std::int64_t q, std::int64_t h_previous) {
  const int fraction = format.gate_fraction();
  const std::int64_t candidate = n * (std::int64_t{1} << (format.state_fraction() - fraction));
  return round_shift(candidate * (std::int64_t{1} << fraction) + q * (h_previous - candidate), fraction);
}

/// The phase with the sums of r and z over the input and the vector h at t - 1, which begins with the layer's initial
/// state; it ends with `op` and gives `output`.
Phase<double>& add_gru_gates(GraphBuilder& b, const GruLayer& layer, Op op, int h, int output);

/// The candidates of GRUs of both kinds, which share the list of what goes on of a state: once, and only where some
/// candidate is not tanh.
void add_state_candidates(const CellSite& site, CellParameters& all);

}  // namespace erngen
