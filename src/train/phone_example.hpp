// A labelled TIMIT recording as a training example. No libtorch.
#pragma once

#include <string>
#include <vector>

#include "speech/frontend.hpp"
#include "speech/timit.hpp"
#include "train/batch.hpp"

namespace erngen {

/// Features, the folded phones in order, and the phone of each frame's middle (no_target between labels and in what is
/// not folded to anything). `labels` is timit_labels(phones). Throws Error(bad_input) naming the file when a label lies
/// beyond the end of the audio.
Example phone_example(const TimitRecording& recording, const Frontend& frontend, const std::vector<std::string>& labels,
                      int phones);

}  // namespace erngen
