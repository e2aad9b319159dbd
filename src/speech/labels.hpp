// What a network file says about speech: its front end and its output classes.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "speech/frontend.hpp"

namespace erngen {

/// A network as a recogniser of speech, without the network.
struct SpeechInterface {
  Frontend frontend;
  std::vector<std::string> labels;  ///< labels[0] is the CTC blank
};

/// metadata["labels"]. Throws Error(bad_input) unless it is a list of at least two strings.
std::vector<std::string> labels_from_metadata(const Json& metadata);

/// From a network's metadata. Throws Error(bad_input) starting with `what` (the file) when the front end or the labels
/// are missing or wrong, or do not fit a network of `inputs` inputs and `outputs` outputs.
SpeechInterface speech_interface(const Json& metadata, int inputs, int outputs, const std::string& what);

}  // namespace erngen
