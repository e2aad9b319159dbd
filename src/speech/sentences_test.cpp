// Folders of read sentences: lexicon, split, transcripts, and what is wrong with them.
#include <fstream>

#include <doctest/doctest.h>

#include "base/check_error.hpp"
#include "base/test_directory.hpp"
#include "speech/lexicon.hpp"
#include "speech/sentences.hpp"

namespace {

using namespace erngen;

void write(const std::filesystem::path& file, const std::string& text) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

/// Two speakers a, b, two sentences each, and one with an unknown word; audio files are not opened.
struct Folder {
  Folder() {
    write(directory / "lexicon.txt", ";;; a comment\nSEE S IY\nTEA T IY\nSEE Z IY\n");
    write(directory / "a" / "transcripts.txt", "a-1 see tea\na-2 Tea\n");
    write(directory / "b" / "b.trans.txt", "b-1 SEE\nb-2 SEE WHALES\nb-3 TEA\nb-9 SEE\n");
    for (const char* name : {"a/a-1.wav", "a/a-2.FLAC", "b/b-1.mp3", "b/b-2.wav", "b/b-3.wav"})
      write(directory / name, "");
    split(R"j({"key": "([a-z])-[0-9]", "validation": [], "test": ["b"]})j");
  }
  void split(const std::string& text) { write(directory / "split.json", text); }
  SentenceFiles files() const { return {directory.path(), {}, directory / "split.json"}; }
  SentenceSet read() const { return read_sentences(files()); }
  TestDirectory directory;
};

}  // namespace

TEST_CASE("a lexicon gives classes: the blank, then the phones in order") {
  const Folder f;
  const Lexicon lexicon(f.directory / "lexicon.txt");
  CHECK(lexicon.labels() == std::vector<std::string>{"<blank>", "IY", "S", "T", "Z"});
  REQUIRE(lexicon.classes("See"));
  CHECK(*lexicon.classes("See") == std::vector<int>{2, 1});  // the first pronunciation
  CHECK_FALSE(lexicon.classes("WHALES"));
  write(f.directory / "bad.txt", "SEE S IY\n\nTEA\n");
  CHECK_ERROR(Lexicon(f.directory / "bad.txt"), ExitCode::bad_input, "line 3: the word TEA has no phones");
  write(f.directory / "empty.txt", "\n");
  CHECK_ERROR(Lexicon(f.directory / "empty.txt"), ExitCode::bad_input, "holds no words");
}

TEST_CASE("sentences are split by key; those with unknown words or without audio are left out and counted") {
  Folder f;
  const SentenceSet set = f.read();
  REQUIRE(set.training.size() == 2);
  CHECK(set.training[0].name == "a-1");
  CHECK(set.training[0].key == "a");
  CHECK(set.training[0].phones == std::vector<int>{2, 1, 3, 1});
  CHECK(set.training[1].audio.filename() == "a-2.FLAC");
  REQUIRE(set.test.size() == 2);
  CHECK(set.test[1].name == "b-3");
  CHECK(set.validation.empty());
  CHECK(set.outside_lexicon == 1);
  CHECK(set.first_unknown == "WHALES");
  CHECK(set.without_audio == 1);
  // By sentence instead of speaker.
  f.split(R"j({"key": "[a-z]-([0-9])", "validation": ["1"], "test": ["2"]})j");
  const SentenceSet other = f.read();
  CHECK(other.training.size() == 1);
  CHECK(other.validation.size() == 2);
  CHECK(other.test.size() == 1);
}

TEST_CASE("what is wrong with a split is said") {
  Folder f;
  f.split(R"j({"key": "([a-z])-[0-9]", "validation": ["b"], "test": ["a", "b"]})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "\"test\": b is listed twice, in \"validation\" before");
  f.split(R"j({"key": "([a-z])-[0-9]", "validation": ["c"], "test": ["b"]})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "no utterance has the key c");
  f.split(R"j({"key": "([a-z])-[0-9]", "validation": ["a"], "test": ["b"]})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "the training part is empty (1 sentences left out");
  f.split(R"j({"key": "[a-z]-([0-9])", "validation": [], "test": ["2", "9"]})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "no utterance has the key 9");
  f.split(R"j({"key": "([ac])-[0-9]", "validation": [], "test": []})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "does not match the utterance b-1");
  f.split(R"j({"key": "[a-z]-[0-9]", "validation": [], "test": []})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "has no group");
  f.split(R"j({"key": "([a-z", "validation": [], "test": []})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "is no regular expression");
  f.split(R"j({"key": "([a-z])-[0-9]", "test": []})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "has no \"validation\"");
  f.split(R"j({"key": "([a-z])-[0-9]", "validation": [1], "test": []})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "1 is not a string");
  f.split(R"j({"key": "([a-z])-[0-9]", "validation": [], "test": [], "train": []})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "train");
  // All sentences of a listed key are left out.
  f.split(R"j({"key": "(.*)", "validation": [], "test": ["b-2"]})j");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "the test part is empty");
}

TEST_CASE("what is wrong with the files is said") {
  Folder f;
  write(f.directory / "a" / "a-3.wav", "");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "a-3.wav: has no transcript");
  write(f.directory / "a" / "more.trans.txt", "a-3 SEE\na-1 TEA\n");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "a-1 has a transcript already");
  write(f.directory / "a" / "more.trans.txt", "a-3\n");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "line 1: a-3 has no words");
  write(f.directory / "a" / "more.trans.txt", "a-3 SEE\n");
  CHECK(f.read().training.size() == 3);
  write(f.directory / "b" / "a-3.mp3", "");
  CHECK_ERROR(f.read(), ExitCode::bad_input, "has the same name");
  const TestDirectory none;
  write(none / "split.json", R"j({"key": "(.*)", "validation": [], "test": []})j");
  write(none / "words.txt", "SEE S IY\n");
  const SentenceFiles empty{none.path(), none / "words.txt", none / "split.json"};
  CHECK_ERROR(read_sentences(empty), ExitCode::bad_input, "holds no audio files");
  write(none / "x.wav", "");
  CHECK_ERROR(read_sentences(empty), ExitCode::bad_input, "holds no transcripts");
  const SentenceFiles nowhere{none / "nowhere", none / "words.txt", none / "split.json"},
      no_lexicon{none.path(), {}, none / "split.json"};
  CHECK_ERROR(read_sentences(nowhere), ExitCode::bad_input, "nowhere");
  CHECK_ERROR(read_sentences(no_lexicon), ExitCode::bad_input, "lexicon.txt");
}
