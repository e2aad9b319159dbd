#include "speech/dataset.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

Recording parse_name(const std::filesystem::path& file) {
  const std::string stem = file.stem().string();
  const size_t first = stem.find('_');
  const size_t last = stem.rfind('_');
  const auto wrong = [&] {
    return bad_input(fmt::format("{}: the name is not {{digits}}_{{speaker}}_{{index}}.wav", file.string()));
  };
  if (first == std::string::npos || first == 0 || last <= first + 1) throw wrong();
  Recording r;
  for (char c : stem.substr(0, first)) {
    if (c < '0' || c > '9') throw wrong();
    r.digits.push_back(c - '0');
  }
  r.speaker = stem.substr(first + 1, last - first - 1);
  const char* end = stem.data() + stem.size();
  const auto [stop, error] = std::from_chars(stem.data() + last + 1, end, r.index);
  if (error != std::errc{} || stop != end || r.index < 0) throw wrong();
  r.file = file;
  return r;
}

}  // namespace

std::vector<Recording> read_layout(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<Recording> recordings;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".wav") recordings.push_back(parse_name(entry.path()));
  }
  if (error) throw bad_input(fmt::format("{}: cannot be listed: {}", folder.string(), error.message()));
  if (recordings.empty()) {
    throw bad_input(fmt::format("{}: holds no .wav files", folder.string()),
                    "give the folder of {digit}_{speaker}_{index}.wav files");
  }
  std::sort(recordings.begin(), recordings.end(), [](const Recording& a, const Recording& b) {
    return std::tie(a.speaker, a.digits, a.index) < std::tie(b.speaker, b.digits, b.index);
  });
  return recordings;
}

std::vector<Clip> read_clips(const std::vector<Recording>& recordings, int sample_rate) {
  std::vector<Clip> clips;
  clips.reserve(recordings.size());
  for (const Recording& r : recordings)
    clips.push_back({r.digits, r.speaker, r.index, read_audio(r.file, sample_rate)});
  return clips;
}

}  // namespace erngen
