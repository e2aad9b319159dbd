// The bench's files: what is sent, what must come back, what came back.
//
// All are little-endian int32 words (docs/reference/interfaces.md):
//   stimulus  'ERNS', 1, frames F, input size N, then F pairs (stream, end of sequence + 2 * fault), then F x N inputs
//   words     'ERNW', 1, rows R, columns C, then R x C values       (expected outputs and outputs)
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ern {

/// What is wrong with a frame when it is sent; nothing comes out for one with a fault.
enum class Fault {
  none,
  first_lost,  ///< its first beat is not sent
  last_lost,   ///< nor its last; what follows is no frame until the next tlast
  repeated,    ///< its last beat goes twice, first without tlast
  turns,       ///< the lowest bit of tid is another one in the last beat
  foreign,     ///< tid is the number of streams
  swallowed    ///< nothing, but the frame before it had no tlast
};
constexpr int faults = 7;

struct Frame {
  int stream = 0;
  bool end = false;  ///< the last frame of a sequence
  Fault fault = Fault::none;
};

struct Stimulus {
  int size = 0;  ///< elements of an input frame
  std::vector<Frame> frames;
  std::vector<std::int32_t> inputs;  ///< [frames][size]
};

struct Words {
  int rows = 0;
  int columns = 0;
  std::vector<std::int32_t> values;  ///< [rows][columns]
};

constexpr std::int32_t stimulus_magic = 0x534e5245;  // "ERNS"
constexpr std::int32_t words_magic = 0x574e5245;     // "ERNW"
constexpr std::int32_t file_version = 1;

/// The words of a file that starts with `magic` and the version. Throws std::runtime_error naming the file.
inline std::vector<std::int32_t> read_words_file(const std::string& file, std::int32_t magic) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  if (!in) throw std::runtime_error(file + ": cannot be read");
  const std::streamoff bytes = in.tellg();
  if (bytes < 16 || bytes % 4 != 0) throw std::runtime_error(file + ": not a whole number of words, or truncated");
  std::vector<std::int32_t> words(static_cast<size_t>(bytes) / 4);
  in.seekg(0);
  if (!in.read(reinterpret_cast<char*>(words.data()), bytes)) throw std::runtime_error(file + ": cannot be read");
  if (words[0] != magic || words[1] != file_version) throw std::runtime_error(file + ": not a file of this bench");
  if (words[2] < 0 || words[3] < 1) throw std::runtime_error(file + ": negative size");
  return words;
}

inline Stimulus read_stimulus(const std::string& file) {
  const std::vector<std::int32_t> words = read_words_file(file, stimulus_magic);
  const auto frames = static_cast<size_t>(words[2]);
  const auto size = static_cast<size_t>(words[3]);
  if (words.size() != 4 + frames * (2 + size)) throw std::runtime_error(file + ": length differs from its header");
  Stimulus s;
  s.size = words[3];
  for (size_t n = 0; n < frames; ++n) {
    const std::int32_t marks = words[5 + 2 * n];
    if (marks < 0 || marks >= 2 * faults)
      throw std::runtime_error(file + ": unknown fault in frame " + std::to_string(n));
    s.frames.push_back({words[4 + 2 * n], (marks & 1) != 0, static_cast<Fault>(marks / 2)});
  }
  s.inputs.assign(words.begin() + 4 + 2 * static_cast<std::ptrdiff_t>(frames), words.end());
  return s;
}

inline Words read_words(const std::string& file) {
  std::vector<std::int32_t> words = read_words_file(file, words_magic);
  Words w;
  w.rows = words[2];
  w.columns = words[3];
  if (words.size() != 4 + static_cast<size_t>(w.rows) * static_cast<size_t>(w.columns))
    throw std::runtime_error(file + ": length differs from its header");
  w.values.assign(words.begin() + 4, words.end());
  return w;
}

inline void write_words(const std::string& file, const Words& w) {
  const std::int32_t header[4] = {words_magic, file_version, w.rows, w.columns};
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(header), sizeof header);
  out.write(reinterpret_cast<const char*>(w.values.data()), static_cast<std::streamsize>(w.values.size() * 4));
  if (!out.flush()) throw std::runtime_error(file + ": cannot be written");
}

}  // namespace ern
