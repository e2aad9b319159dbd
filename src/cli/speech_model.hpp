// A network file of either kind as a recogniser of speech.
#pragma once

#include <string>

#include "speech/labels.hpp"
#include "speech/score.hpp"

namespace erngen::cli {

struct SpeechModel {
  SpeechInterface speech;
  Recogniser run;          ///< in float for a network, in fixed point (the hardware's answer) for a quantised network
  std::string arithmetic;  ///< "float" or "fixed"
  int inputs = 0;
  int outputs = 0;
};

/// Reads the file. Throws Error as the readers do, and when its metadata describes no speech recogniser of this size.
SpeechModel open_speech_model(const std::string& file);

}  // namespace erngen::cli
