// Mono audio: reading (WAV, FLAC, NIST SPHERE and what else libsndfile knows) and writing WAV.
#pragma once

#include <filesystem>
#include <vector>

namespace erngen {

/// One channel, full scale is +-1.
struct Audio {
  int sample_rate = 0;  ///< Hz
  std::vector<float> samples;
  double seconds() const { return static_cast<double>(samples.size()) / sample_rate; }
};

/// Reads a whole file. Throws Error(bad_input) naming the file when it is missing, not audio, truncated,
/// has no samples, more than one channel, or holds NaN or infinity (float files).
Audio read_audio(const std::filesystem::path& file);

/// The same, and throws unless the file has this sample rate.
Audio read_audio(const std::filesystem::path& file, int sample_rate);

/// Writes 16-bit PCM WAV, samples clamped to full scale; atomically. Throws Error(output).
void write_wav(const std::filesystem::path& file, const Audio& audio);

}  // namespace erngen
