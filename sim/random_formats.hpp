// For tests: other number formats for a quantised network than a quantiser would choose.
#pragma once

#include <algorithm>

#include "activation/search.hpp"
#include "base/random.hpp"
#include "cell/quant_check.hpp"
#include "cell/quant_network.hpp"

namespace erngen {

/// Draws the widths of gates, states, candidates and pre-activations and the fractions of hidden vectors. The integers
/// of the weights stay, with the fractions that then fit; what they compute means little, and saturates now and then.
inline void draw_formats(QuantNetwork& network, Rng& rng) {
  NumberFormats& f = network.formats;
  const auto between = [&](int low, int high) { return static_cast<int>(rng.between(low, std::max(low, high))); };
  const int A = f.activation_width;
  f.gate_width = between(A, std::min(A + 3, NumberFormats::max_gate_width));
  f.open_bits = std::min(f.open_bits, NumberFormats::max_state_width - f.gate_width);
  const int least = f.open_width();
  f.state_width = rng.below(4) == 0 ? between(least, NumberFormats::max_state_width)
                                    : between(least, std::min(A + f.open_bits + 6, NumberFormats::max_state_width));
  const int finer = std::max(0, f.gate_fraction() - f.cell_fraction);
  f.cell_fraction += finer;
  f.cell_width = std::min(f.cell_width + finer, NumberFormats::max_cell_width);
  const int candidate = between(A, NumberFormats::max_state_width);
  f.candidate_fraction = std::min(f.candidate_fraction + candidate - f.candidate_width, f.sum_fraction());
  f.candidate_width = candidate;
  f.preactivation_fraction =
      between(std::max(0, std::min(A - 4, f.readout_fraction)), std::min(f.readout_fraction, 17));
  f.preactivation_width =
      std::clamp(f.preactivation_fraction + between(3, 6), 4, NumberFormats::max_preactivation_width);
  network.sigmoid = smallest_unit(network.graph.functions.sigmoid, f.preactivation(), f.gate(), 2);
  network.tanh = smallest_unit(network.graph.functions.tanh, f.preactivation(), f.gate(), 2);

  for (auto& phase : network.graph.phases) {
    for (std::int32_t& value : phase.initial)
      value = static_cast<std::int32_t>(saturate(value, phase.operation().keeps_cell ? f.cell_width : f.state_width));
    if (phase.operation().is_linear() || phase.operation().leaves_sums) continue;
    const int most = phase.operation().finest_fraction(f);
    Vector& vector = network.graph.vectors[phase.output];
    const int fraction = between(A - 1 - f.open_bits, std::min(most, A + 3));
    for (auto& reader : network.graph.phases)
      for (auto& part : reader.parts)
        for (auto& term : part.terms)
          if (term.vector == phase.output) term.weight_fraction -= fraction - vector.fraction;
    vector.fraction = fraction;
  }
  check_quant_network(network);
}

}  // namespace erngen
