// What is cut off at the very end of a network when it is imported, and left to the host: it keeps the order of the
// outputs, or needs exponentials and a division that an accelerator had better not make.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "network/network.hpp"

namespace erngen {

enum class OutputCut { none, softmax, log_softmax, argmax };

/// metadata.output.cut. Throws Error(bad_input) for a word that is none of "softmax", "log_softmax" and "argmax".
OutputCut output_cut(const nlohmann::ordered_json& metadata);
const char* cut_name(OutputCut cut);

/// How many values it makes of a frame of `outputs`.
int cut_size(OutputCut cut, int outputs);

/// Applies it to each frame of y, [frames][outputs]. Returns [frames][cut_size()]; the index of the first greatest
/// output in the case of argmax.
std::vector<float> apply_cut(OutputCut cut, std::span<const float> y, int outputs);

/// What a network's outputs are before they are compared with those of the user's model.
struct OutputForm {
  OutputCut cut = OutputCut::none;
  bool last = false;  ///< only the last frame of a sequence has an output

  OutputForm() = default;
  /// Of a network, or of the structure of a quantised one, whose metadata stand elsewhere.
  explicit OutputForm(const Network& network) : OutputForm(network, network.metadata) {}
  OutputForm(const Network& structure, const nlohmann::ordered_json& metadata)
      : cut(output_cut(metadata)), last(structure.last_frame_only) {}
};

}  // namespace erngen
