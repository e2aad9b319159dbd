#include "speech/audio.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <sndfile.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"

namespace erngen {
namespace {

struct Close {
  void operator()(SNDFILE* f) const { sf_close(f); }
};
using File = std::unique_ptr<SNDFILE, Close>;

/// A file in memory that libsndfile writes to, so that the disk sees a complete file or none.
struct Bytes {
  std::string content;
  size_t position = 0;
};

sf_count_t size_of(void* user) { return static_cast<sf_count_t>(static_cast<Bytes*>(user)->content.size()); }
sf_count_t tell(void* user) { return static_cast<sf_count_t>(static_cast<Bytes*>(user)->position); }

sf_count_t seek(sf_count_t offset, int whence, void* user) {
  auto& b = *static_cast<Bytes*>(user);
  const auto from = whence == SEEK_SET ? size_t{0} : whence == SEEK_CUR ? b.position : b.content.size();
  b.position = from + static_cast<size_t>(offset);
  return static_cast<sf_count_t>(b.position);
}

sf_count_t write(const void* data, sf_count_t count, void* user) {
  auto& b = *static_cast<Bytes*>(user);
  const auto n = static_cast<size_t>(count);
  if (b.content.size() < b.position + n) b.content.resize(b.position + n, '\0');
  b.content.replace(b.position, n, static_cast<const char*>(data), n);
  b.position += n;
  return count;
}

/// libsndfile silently shortens a WAV file that ends before its header says. Sizes near 2^31 and 2^32 are written by
/// programs that stream and mean "unknown".
void require_whole_riff(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::array<unsigned char, 8> head{};
  in.read(reinterpret_cast<char*>(head.data()), head.size());
  if (!in || std::string_view(reinterpret_cast<const char*>(head.data()), 4) != "RIFF") return;
  const std::uintmax_t claimed =
      8u + (head[4] | head[5] << 8 | head[6] << 16 | static_cast<std::uintmax_t>(head[7]) << 24);
  std::error_code ignored;
  const std::uintmax_t present = std::filesystem::file_size(file, ignored);
  if (claimed < 0x7ff00000u && present < claimed) {
    throw bad_input(fmt::format("{}: is truncated: {} of {} bytes", file.string(), present, claimed));
  }
}

}  // namespace

Audio read_audio(const std::filesystem::path& file) {
  const std::string name = file.string();
  require_regular_file(file);
  SF_INFO info{};
  const File f(sf_open(name.c_str(), SFM_READ, &info));
  if (!f) {
    const std::string bytes = read_file(file), contents = contents_name(bytes);
    if (!contents.empty() && contents.find("audio") == std::string::npos)
      throw other_contents(name, bytes, "an audio file", "give a mono WAV, FLAC, MP3 or NIST SPHERE file");
    throw bad_input(fmt::format("{}: cannot be read as audio: {}", name, sf_strerror(nullptr)),
                    "give a mono WAV, FLAC, MP3 or NIST SPHERE file");
  }
  if (info.channels != 1) {
    throw bad_input(fmt::format("{}: has {} channels, 1 is expected", name, info.channels),
                    "mix it down to mono first");
  }
  require_whole_riff(file);
  if (info.frames <= 0) throw bad_input(fmt::format("{}: holds no samples", name));
  // A header may claim any length: no more than an hour at 192 kHz is believed before memory is taken.
  constexpr sf_count_t limit = sf_count_t{3600} * 192000;
  if (info.frames > limit)
    throw bad_input(fmt::format("{}: claims {} samples, the limit is {}", name, info.frames, limit));

  Audio audio;
  audio.sample_rate = info.samplerate;
  audio.samples.resize(static_cast<size_t>(info.frames));
  const sf_count_t got = sf_readf_float(f.get(), audio.samples.data(), info.frames);
  if (got != info.frames) {
    throw bad_input(fmt::format("{}: is truncated: {} of {} samples", name, got, info.frames));
  }
  for (size_t i = 0; i < audio.samples.size(); ++i) {
    if (!std::isfinite(audio.samples[i])) throw bad_input(fmt::format("{}: sample {} is not finite", name, i));
  }
  return audio;
}

Audio read_audio(const std::filesystem::path& file, int sample_rate) {
  Audio audio = read_audio(file);
  if (audio.sample_rate != sample_rate) {
    throw bad_input(
        fmt::format("{}: has {} Hz, the network's front end expects {} Hz", file.string(), audio.sample_rate,
                    sample_rate),
        fmt::format("resample it, for example: sox {} -r {} resampled.wav", file.filename().string(), sample_rate));
  }
  return audio;
}

void write_wav(const std::filesystem::path& file, const Audio& audio) {
  Bytes bytes;
  SF_VIRTUAL_IO io{size_of, seek, nullptr, write, tell};
  SF_INFO info{};
  info.samplerate = audio.sample_rate;
  info.channels = 1;
  info.format = SF_FORMAT_WAV | SF_FORMAT_PCM_16;
  File f(sf_open_virtual(&io, SFM_WRITE, &info, &bytes));
  if (!f) throw Error(ExitCode::output, fmt::format("{}: cannot be written: {}", file.string(), sf_strerror(nullptr)));
  // Integers, because libsndfile writes floats times 32767 but reads integers divided by 32768.
  std::vector<short> words;
  words.reserve(audio.samples.size());
  for (float s : audio.samples)
    words.push_back(static_cast<short>(std::lround(std::clamp(s * 32768.0f, -32768.0f, 32767.0f))));
  sf_writef_short(f.get(), words.data(), static_cast<sf_count_t>(words.size()));
  f.reset();  // completes the header
  write_file_atomically(file, bytes.content);
}

}  // namespace erngen
