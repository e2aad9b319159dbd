#include "speech/sentences.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <sstream>
#include <system_error>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/spelling.hpp"
#include "speech/lexicon.hpp"

namespace erngen {
namespace {

namespace fs = std::filesystem;

bool is_audio(const fs::path& file) {
  static const std::set<std::string> kinds{".wav", ".flac", ".mp3", ".ogg", ".sph"};
  return kinds.contains(lower_case(file.extension().string()));
}

bool is_transcript(const fs::path& file) {
  const std::string name = lower_case(file.filename().string());
  return name == "transcripts.txt" || name.ends_with(".trans.txt");
}

/// All regular files below the folder, sorted.
std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code error;
  for (auto entry = fs::recursive_directory_iterator(folder, fs::directory_options::follow_directory_symlink, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (entry->is_regular_file()) files.push_back(entry->path());
  }
  if (error) throw bad_input(fmt::format("{}: cannot be listed: {}", folder.string(), error.message()));
  std::sort(files.begin(), files.end());
  return files;
}

/// The words of each utterance.
using Transcripts = std::map<std::string, std::vector<std::string>>;

void read_transcripts(const fs::path& file, Transcripts& to) {
  std::istringstream lines(read_file(file));
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    std::istringstream fields(line);
    std::string name;
    if (!(fields >> name)) continue;
    std::vector<std::string> words;
    for (std::string word; fields >> word;) words.push_back(word);
    const auto wrong = [&](const char* why) {
      return bad_input(fmt::format("{}: line {}: {} {}", file.string(), number, name, why), "write NAME WORD WORD ...");
    };
    if (words.empty()) throw wrong("has no words");
    if (!to.emplace(name, std::move(words)).second) throw wrong("has a transcript already");
  }
}

}  // namespace

const std::vector<Sentence>& SentenceSet::part(SplitPart which) const {
  return which == SplitPart::training ? training : which == SplitPart::validation ? validation : test;
}

SentenceSet read_sentences(const SentenceFiles& files) {
  const Lexicon lexicon(files.lexicon_file());
  const SplitRule rule(files.split);
  const std::string folder = files.folder.string();
  Transcripts transcripts;
  std::map<std::string, fs::path> audio;
  for (const fs::path& file : files_below(files.folder)) {
    if (is_transcript(file)) read_transcripts(file, transcripts);
    if (!is_audio(file)) continue;
    const auto [known, is_new] = audio.emplace(file.stem().string(), file);
    if (!is_new)
      throw bad_input(fmt::format("{}: {} has the same name", file.string(), known->second.string()),
                      "names of utterances are unique");
  }
  if (audio.empty()) throw bad_input(fmt::format("{}: holds no audio files (.wav, .flac, .mp3, .ogg, .sph)", folder));
  if (transcripts.empty())
    throw bad_input(fmt::format("{}: holds no transcripts", folder),
                    "write transcripts.txt or NAME.trans.txt with lines NAME WORD WORD ...");

  SentenceSet set;
  set.labels = lexicon.labels();
  for (const auto& [name, words] : transcripts) set.without_audio += !audio.contains(name);
  std::set<std::string> keys;
  for (const auto& [name, file] : audio) {
    const auto words = transcripts.find(name);
    if (words == transcripts.end())
      throw bad_input(fmt::format("{}: has no transcript", file.string()),
                      fmt::format("add the line \"{} WORD WORD ...\" to a transcripts.txt", name));
    Sentence sentence{name, rule.key_of(name), file, {}};
    keys.insert(sentence.key);
    bool covered = true;
    for (const std::string& word : words->second) {
      const std::vector<int>* classes = lexicon.classes(word);
      if (!classes) {
        if (set.first_unknown.empty()) set.first_unknown = word;
        covered = false;
        break;
      }
      sentence.phones.insert(sentence.phones.end(), classes->begin(), classes->end());
    }
    set.outside_lexicon += !covered;
    if (!covered) continue;
    const SplitPart part = rule.part_of(sentence.key);
    (part == SplitPart::training     ? set.training
     : part == SplitPart::validation ? set.validation
                                     : set.test)
        .push_back(std::move(sentence));
  }
  rule.require_all(keys);
  for (const SplitPart part : {SplitPart::training, SplitPart::validation, SplitPart::test}) {
    if (set.part(part).empty() && (part == SplitPart::training || rule.lists(part)))
      throw bad_input(fmt::format("{}: the {} part is empty ({} sentences left out: a word is not in the lexicon)",
                                  files.split.string(), part_name(part), set.outside_lexicon),
                      "list other keys, or add words to the lexicon");
  }
  return set;
}

}  // namespace erngen
