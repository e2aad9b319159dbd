// The bit-exact model over recorded sequences.
#pragma once

#include <functional>

#include "cell/fixed_model.hpp"
#include "cell/quant_network.hpp"
#include "network/sequences.hpp"

namespace erngen {

/// Raw integers in the formats of the network's ports: what the hardware is sent and what it must answer.
struct FixedRun {
  std::vector<int> lengths;  ///< of the sequences, in frames
  std::vector<int> shape;    ///< of an array of the outputs
  int output_size = 0;
  std::vector<std::int32_t> inputs;   ///< [all frames][features], quantised
  std::vector<std::int32_t> outputs;  ///< [all frames][output_size]
  std::vector<SignalSaturation>
      saturations;  ///< values that met the end of their format, "input" first; none without a count
};

/// Quantises `x` and runs each sequence from a zero state. `progress(done, total)` counts frames. Throws
/// Error(bad_input) starting with `what` for frames of another width.
FixedRun run_fixed(const QuantNetwork& network, const Sequences& x, const std::string& what = "input",
                   const std::function<void(size_t, size_t)>& progress = {});

/// The outputs as real numbers, in the shape of the input.
Array real_outputs(const FixedRun& run, const QuantNetwork& network);

}  // namespace erngen
