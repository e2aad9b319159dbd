// The bit-exact model over recorded sequences.
#pragma once

#include <functional>

#include "cell/fixed_model.hpp"
#include "cell/quant_network.hpp"
#include "network/sequences.hpp"

namespace erngen {

/// Raw integers in the formats of the network's ports: what the hardware is sent and what it must answer, in the last
/// pass of a network that needs several.
struct FixedRun {
  std::vector<int> lengths;  ///< of the sequences, in frames
  std::vector<int> shape;    ///< of an array of the user's result
  int input_size = 0, output_size = 0;
  int result_size = 0;                ///< values of a frame that the user sees
  std::vector<std::int32_t> inputs;   ///< [all frames][input_size], quantised
  std::vector<std::int32_t> outputs;  ///< [all frames][output_size]
  std::vector<SignalSaturation>
      saturations;  ///< values that met the end of their format, "input" first; none without a count
};

/// Quantises one frame of the network: each part of the input in its own format; what lies between two parts is zero.
/// `count` counts what met the end of its format.
void quantise_frame(const QuantNetwork& network, std::span<const float> frame, std::span<std::int32_t> raw,
                    SaturationCount* count = nullptr);

/// Outputs as real numbers.
std::vector<float> real_values(std::span<const std::int32_t> outputs, Format format);

/// Quantises `x` and runs each sequence from a zero state, in all passes. `progress(done, total)` counts frames of all
/// passes. Throws Error(bad_input) starting with `what` for frames of another width.
FixedRun run_fixed(const QuantNetwork& network, const Sequences& x, const std::string& what = "input",
                   const std::function<void(size_t, size_t)>& progress = {},
                   InstructionSet set = best_instruction_set());

/// What the user sees as real numbers, in the shape of the input.
Array real_outputs(const FixedRun& run, const QuantNetwork& network);

}  // namespace erngen
