// Folders of read sentences: audio, transcripts, a pronunciation lexicon and a split.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "speech/split_rule.hpp"

namespace erngen {

struct SentenceFiles {
  std::filesystem::path folder;
  std::filesystem::path lexicon;  ///< empty: lexicon.txt in the folder
  std::filesystem::path split;    ///< SplitRule
  std::filesystem::path lexicon_file() const { return lexicon.empty() ? folder / "lexicon.txt" : lexicon; }
};

struct Sentence {
  std::string name;  ///< the audio file's, without its extension
  std::string key;   ///< of the split: speaker or prompt
  std::filesystem::path audio;
  std::vector<int> phones;  ///< classes of the lexicon's labels
};

struct SentenceSet {
  std::vector<std::string> labels;                   ///< "<blank>" and the lexicon's phones
  std::vector<Sentence> training, validation, test;  ///< by name
  size_t outside_lexicon = 0;                        ///< sentences left out: a word is not in the lexicon
  size_t without_audio = 0;                          ///< transcripts left out: there is no recording of them
  std::string first_unknown;                         ///< the first word that is not in the lexicon

  const std::vector<Sentence>& part(SplitPart which) const;
};

/// Reads a folder and all below it: audio files (.wav, .flac, .mp3, .ogg, .sph, in any case) and transcripts, the files
/// called transcripts.txt or ending in .trans.txt, with lines "NAME WORD WORD ...". Sentences with words outside the
/// lexicon are left out and counted. Audio is not opened.
///
/// Throws Error(bad_input) naming the file: no such folder, no audio, no transcripts, audio without a transcript, a
/// name that occurs twice, a line without words; as of Lexicon and SplitRule; when no sentence is left to train on, or
/// in another part whose keys are listed.
SentenceSet read_sentences(const SentenceFiles& files);

}  // namespace erngen
