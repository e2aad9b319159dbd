// What `erngen simulate` sends and expects: the recorded input through the design's own copy of its network.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cell/fixed_model.hpp"
#include "network/output_cut.hpp"
#include "network/sequences.hpp"

namespace erngen {

/// Raw integers in the formats of the design's ports.
struct SimulationVectors {
  std::vector<int> lengths;  ///< of the sequences, in frames
  int input_size = 0;
  int output_size = 0;
  OutputForm form;
  int output_fraction = 0;                    ///< an output's value is raw * 2^-output_fraction
  std::vector<std::int32_t> inputs;           ///< [all frames][input_size], quantised
  std::vector<std::int32_t> expected;         ///< [all frames][output_size], from the fixed-point reference model
  std::vector<SignalSaturation> saturations;  ///< of that model
};

/// Quantises `x` and runs the reference model of `design`/network.safetensors over each sequence from a zero state.
/// Throws Error(bad_input) naming `x_name` or the network file.
SimulationVectors simulation_vectors(const std::filesystem::path& design, const Sequences& x,
                                     const std::string& x_name);

}  // namespace erngen
