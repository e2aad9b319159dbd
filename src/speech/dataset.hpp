// Folders of digit recordings in the layout of the Free Spoken Digit Dataset.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "speech/audio.hpp"

namespace erngen {

/// One file `{digits}_{speaker}_{index}.wav`. FSDD has one digit a file; several digits, such as `31415_anna_0.wav`,
/// are a connected utterance.
struct Recording {
  std::vector<int> digits;
  std::string speaker;
  int index = 0;
  std::filesystem::path file;
};

enum class Split { test, train };

/// FSDD's official split: index 0..4 is test, 5 and above is training.
constexpr int test_indices = 5;
inline Split split_of(const Recording& r) { return r.index < test_indices ? Split::test : Split::train; }

/// All .wav files of the folder, in order of speaker, digits, index. Throws Error(bad_input) when the folder is
/// missing or has none, or for a .wav file whose name is not of the layout.
std::vector<Recording> read_layout(const std::filesystem::path& folder);

/// A recording with its samples.
struct Clip {
  std::vector<int> digits;
  std::string speaker;
  int index = 0;
  Audio audio;
};

/// Reads the audio of these recordings; they must have this sample rate. Errors as of read_audio.
std::vector<Clip> read_clips(const std::vector<Recording>& recordings, int sample_rate);

}  // namespace erngen
