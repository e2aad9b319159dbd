// Descriptor of ern_fft and ern_ifft: latency, widths and multipliers.
//
// `modes` is the templates' parameter MODES: bit e is set when block size 2^e is used.
#pragma once

#include <bit>

#include "base/bits.hpp"
#include "spectral/twiddle.hpp"
#include "units/pipeline.hpp"

namespace erngen {

/// log2 of the largest used block size. required: modes > 0.
constexpr int top_mode(int modes) { return std::bit_width(static_cast<unsigned>(modes)) - 1; }

/// Whether only one block size is used, so that no multiplexer is built.
constexpr bool single_mode(int modes) { return std::has_single_bit(static_cast<unsigned>(modes)); }

/// Cycles of ern_fft_stage and ern_ifft_stage for stage M: the addition, and where there are rotations these and a
/// register behind them.
constexpr int transform_stage_latency(int m, const Pipeline& pipeline = {}) {
  return m <= 4 ? 1 : 2 + pipeline.rotation;  // 2 and 4 may share a cycle
}

/// Cycles of all stages up to the largest used size.
constexpr int transform_stages_latency(int modes, const Pipeline& pipeline = {}) {
  int cycles = top_mode(modes) >= 2 ? pipeline.small_stages - 2 : 0;
  for (int e = 1; e <= top_mode(modes); ++e) cycles += transform_stage_latency(1 << e, pipeline);
  return cycles;
}

/// Cycles of ern_fft, with its parameter DROP.
constexpr int fft_latency(int modes, int drop, const Pipeline& pipeline = {}) {
  return transform_stages_latency(modes, pipeline) + (drop > 0 ? 1 : 0);
}

/// Cycles of ern_ifft.
constexpr int ifft_latency(int modes, const Pipeline& pipeline = {}) {
  return transform_stages_latency(modes, pipeline) + (single_mode(modes) ? 0 : 1);
}

/// Least OUT_WIDTH of ern_fft: one bit a stage, less the dropped ones.
constexpr int fft_out_width(int modes, int in_width, int drop) { return in_width + top_mode(modes) - drop; }

/// Least OUT_WIDTH of ern_ifft: one bit a stage, one for the modulus, and the shift to the fraction of `reference`.
constexpr int ifft_out_width(int in_width, int reference) { return in_width + log2_exact(reference) + 1; }

/// Products of one unit of `words`: three a rotation, two where C = S (an eighth of a turn). Each is a DSP block
/// (two if its data is wider than 25 bits).
constexpr int transform_products(int words, int modes) {
  int products = 0;
  for (int m = 8; m <= 1 << top_mode(modes); m *= 2)
    for (int b = 1; b < m / 4; ++b) products += words / m * (twiddle(b, m).c == twiddle(b, m).s ? 2 : 3);
  return products;
}

}  // namespace erngen
