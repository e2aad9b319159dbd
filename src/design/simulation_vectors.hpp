// What `erngen simulate` sends and expects: the recorded input through the design's own copy of its network.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "cell/fixed_model.hpp"
#include "network/output_cut.hpp"
#include "network/sequences.hpp"
#include "simulate/stimulus.hpp"

namespace erngen {

/// Raw integers in the formats of the design's ports; the last pass of a network that needs several, in which all
/// layers have what they read.
struct SimulationVectors {
  std::vector<int> lengths;  ///< of the sequences, in frames
  int streams = 1;           ///< of the design
  int padding = 0;           ///< sequences at the end that fill the rounds of streams that take turns
  int input_size = 0;
  int output_size = 0;
  Network structure;  ///< says what the user sees of the outputs
  OutputForm form;
  Format output_format;
  std::vector<std::int32_t> inputs;           ///< [all frames][input_size], quantised
  std::vector<std::int32_t> expected;         ///< [all frames][output_size], from the fixed-point reference model
  std::vector<SignalSaturation> saturations;  ///< of that model

  /// Frames in the order in which they are sent.
  Stimulus stimulus() const;
  /// What the user sees of the hardware's outputs in sending order, as real numbers in the order of the input, without
  /// those of the padding: [all frames][structure.output()].
  std::vector<float> real_outputs(const Stimulus& sent, std::span<const std::int32_t> outputs) const;
};

/// Quantises `x` and runs the reference model of `design`/network.safetensors over each sequence from a zero state.
/// Where the design's streams take turns, frames of zeros make all streams as long as the longest. The form's output is
/// the last frame's where the design gives no other. Throws Error(bad_input) naming `x_name`, the network file or the
/// manifest.
SimulationVectors simulation_vectors(const std::filesystem::path& design, const Sequences& x,
                                     const std::string& x_name);

}  // namespace erngen
