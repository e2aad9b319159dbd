#include "speech/timit.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>
#include <string_view>
#include <system_error>
#include <tuple>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/spelling.hpp"

namespace erngen {
namespace {

namespace fs = std::filesystem;

// Speakers of TEST, in lower case.
constexpr std::string_view core_test_speakers =
    " mdab0 mwbt0 felc0 mtas1 mwew0 fpas0 mjmp0 mlnt0 fpkt0 mlll0 mtls0 fjlm0 mbpm0 mklt0 fnlp0 mcmj0 mjdh0 fmgd0 "
    "mgrt0 mnjm0 fdhc0 mjln0 mpam0 "
    "fmld0 ";
constexpr std::string_view development_speakers =
    " faks0 fdac1 fjem0 mgwt0 mjar0 mmdb1 mmdm2 mpdf0 fcmh0 fkms0 mbdg0 mbwm0 mcsh0 fadg0 fdms0 fedw0 mgjf0 mglb0 "
    "mrtk0 mtaa0 mtdt0 mthc0 mwjg0 "
    "fnmr0 frew0 fsem0 mbns0 mmjr0 mdls0 mdlf0 mdvc0 mers0 fmah0 fdrw0 mrcs0 mrjm4 fcal1 mmwh0 fjsj0 majc0 mjsw0 mreb0 "
    "fgjd0 fjmg0 mroa0 mteb0 "
    "mjfc0 mrjr0 fmml0 mrws1 ";

bool is_in(std::string_view list, const std::string& speaker) {
  return list.find(" " + speaker + " ") != std::string_view::npos;
}

/// The entry of a directory with this name in any case, or an empty path.
fs::path find_entry(const fs::path& directory, const std::string& name) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    if (lower_case(entry.path().filename().string()) == name) return entry.path();
  }
  return {};
}

TimitRecording read_recording(const fs::path& audio, const std::string& speaker) {
  TimitRecording r{speaker, lower_case(audio.stem().string()), audio, {}};
  const fs::path labels = find_entry(audio.parent_path(), r.sentence + ".phn");
  if (labels.empty())
    throw bad_input(
        fmt::format("{}: has no labels: there is no {}.PHN beside it", audio.string(), audio.stem().string()));
  r.phones = read_phn(labels);
  return r;
}

}  // namespace

std::vector<PhoneSpan> read_phn(const fs::path& file) {
  std::istringstream lines(read_file(file, 1 << 20));
  std::vector<PhoneSpan> spans;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const auto wrong = [&](const std::string& why) {
      return bad_input(fmt::format("{}: line {}: {}", file.string(), number, why));
    };
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    std::istringstream words(line);
    long begin = 0, end = 0;
    PhoneSpan span;
    std::string more;
    if (!(words >> begin >> end >> span.phone) || words >> more) throw wrong("is not BEGIN END PHONE");
    if (begin < 0 || end <= begin) throw wrong(fmt::format("a label from sample {} to {} has no length", begin, end));
    span.begin = static_cast<size_t>(begin);
    span.end = static_cast<size_t>(end);
    try {
      fold_phone(span.phone, 61);
    } catch (const Error& e) {
      throw wrong(e.what());
    }
    if (!spans.empty() && span.begin < spans.back().end)
      throw wrong(fmt::format("the label begins at sample {}, before the end {} of the one before: they overlap", begin,
                              spans.back().end));
    spans.push_back(span);
  }
  if (spans.empty()) throw bad_input(fmt::format("{}: holds no labels", file.string()));
  return spans;
}

std::vector<TimitRecording> read_timit(const fs::path& root, TimitSet set) {
  const fs::path half = find_entry(root, set == TimitSet::train ? "train" : "test");
  if (half.empty())
    throw bad_input(fmt::format("{}: has no directory {}", root.string(), set == TimitSet::train ? "TRAIN" : "TEST"),
                    "give TIMIT's directory, the one with TRAIN and TEST in it");
  std::vector<TimitRecording> recordings;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(half, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const fs::path& path = entry->path();
    if (lower_case(path.extension().string()) != ".wav") continue;
    const std::string speaker = lower_case(path.parent_path().filename().string());
    if (lower_case(path.stem().string()).starts_with("sa")) continue;
    if (set == TimitSet::core_test && !is_in(core_test_speakers, speaker)) continue;
    if (set == TimitSet::development && !is_in(development_speakers, speaker)) continue;
    recordings.push_back(read_recording(path, speaker));
  }
  if (error) throw bad_input(fmt::format("{}: cannot be listed: {}", half.string(), error.message()));
  if (recordings.empty())
    throw bad_input(fmt::format("{}: holds no recordings of this set of speakers", half.string()));
  std::sort(recordings.begin(), recordings.end(), [](const TimitRecording& a, const TimitRecording& b) {
    return std::tie(a.speaker, a.sentence) < std::tie(b.speaker, b.sentence);
  });
  return recordings;
}

}  // namespace erngen
