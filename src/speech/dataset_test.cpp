// Tests of the data set layout and of the utterances made from it.
#include "speech/dataset.hpp"

#include <unistd.h>

#include <cmath>
#include <fstream>
#include <set>

#include <doctest/doctest.h>

#include "base/error.hpp"
#include "speech/utterance.hpp"

using namespace erngen;

namespace {

struct Folder {
  Folder() : path(std::filesystem::temp_directory_path() / ("erngen_dataset_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path);
  }
  ~Folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

/// Clips whose samples tell digit, speaker and index apart: 10 + digit samples of one value.
std::vector<Clip> marked_clips() {
  std::vector<Clip> clips;
  for (int s = 0; s < 2; ++s) {
    for (int d = 0; d < 10; ++d) {
      for (int i = 0; i < 3; ++i) {
        const float mark = 0.25f + static_cast<float>(s * 100 + d * 10 + i) / 1024;
        clips.push_back(
            {{d}, s == 0 ? "ann" : "bob", i, {8000, std::vector<float>(static_cast<size_t>(10 + d), mark)}});
      }
    }
  }
  return clips;
}

}  // namespace

TEST_CASE("the layout is read in a fixed order and split by index") {
  const Folder folder;
  for (const char* name : {"7_zoe_12", "0_zoe_4", "0_ann_5", "0_ann_0", "314_x-y_2_3"}) {
    write_wav(folder.path / (std::string(name) + ".wav"), Audio{8000, {0.0f, 0.5f}});
  }
  std::ofstream(folder.path / "readme.txt") << "ignored";
  const auto r = read_layout(folder.path);
  REQUIRE(r.size() == 5);
  CHECK(r[0].speaker == "ann");
  CHECK(r[0].index == 0);
  CHECK(split_of(r[0]) == Split::test);
  CHECK(split_of(r[1]) == Split::train);
  CHECK(r[2].speaker == "x-y_2");
  CHECK(r[2].digits == std::vector<int>{3, 1, 4});
  CHECK(r[2].index == 3);
  CHECK(r[3].index == 4);
  CHECK(split_of(r[3]) == Split::test);
  CHECK(r[4].digits == std::vector<int>{7});
  CHECK(read_clips(r, 8000)[4].audio.samples.size() == 2);
  CHECK_THROWS_AS(read_clips(r, 16000), Error);
}

TEST_CASE("names that are not of the layout are refused") {
  for (const char* name :
       {"a_zoe_1", "1_zoe", "_zoe_1", "1__1", "1_zoe_", "1_zoe_x", "1_zoe_1x", "zoe", "1_zoe_99999999999"}) {
    const Folder folder;
    std::ofstream(folder.path / (std::string(name) + ".wav")) << "x";
    CHECK_THROWS_AS(read_layout(folder.path), Error);
  }
  const Folder empty;
  CHECK_THROWS_AS(read_layout(empty.path), Error);
  CHECK_THROWS_AS(read_layout(empty.path / "none"), Error);
}

TEST_CASE("utterances consist of whole clips of one speaker in the order of their digits") {
  const auto clips = marked_clips();
  UtteranceShape shape;
  shape.noise = 1e-3;
  std::set<size_t> counts;
  std::set<std::string> speakers;
  for (const Utterance& u : make_utterances(clips, shape, 200, 7)) {
    counts.insert(u.digits.size());
    speakers.insert(u.speaker);
    // What is louder than the noise is clips; runs of one value are one clip.
    std::vector<int> heard;
    size_t i = 0;
    while (i < u.audio.samples.size()) {
      const float v = u.audio.samples[i];
      size_t run = 1;
      while (i + run < u.audio.samples.size() && u.audio.samples[i + run] == v) ++run;
      if (v > 0.2f) {
        const int mark = static_cast<int>(std::lround((v - 0.25f) * 1024));
        CHECK((mark / 100 == 0 ? "ann" : "bob") == u.speaker);
        heard.push_back(mark / 10 % 10);
        CHECK(run == static_cast<size_t>(10 + heard.back()));
      }
      i += run;
    }
    CHECK(heard == u.digits);
    REQUIRE(u.spans.size() == u.digits.size());
    for (size_t n = 0; n < u.spans.size(); ++n) {
      CHECK(u.spans[n].end - u.spans[n].begin == static_cast<size_t>(10 + u.digits[n]));
      CHECK(u.audio.samples[u.spans[n].begin] > 0.2f);
      CHECK(u.audio.samples[u.spans[n].end - 1] > 0.2f);
    }
    const auto low = 0.1 * 2 + 0.05 * static_cast<double>(u.digits.size() - 1);
    CHECK(u.audio.seconds() > low);
  }
  CHECK(counts == std::set<size_t>{3, 4, 5, 6, 7});
  CHECK(speakers.size() == 2);
}

TEST_CASE("the same seed gives the same utterances, another seed others") {
  const auto clips = marked_clips();
  const auto a = make_utterances(clips, {}, 20, 1);
  const auto b = make_utterances(clips, {}, 20, 1);
  const auto c = make_utterances(clips, {}, 20, 2);
  bool differs = false;
  for (size_t i = 0; i < a.size(); ++i) {
    CHECK(a[i].audio.samples == b[i].audio.samples);
    differs = differs || a[i].digits != c[i].digits;
  }
  CHECK(differs);
}

TEST_CASE("connected clips stay alone") {
  std::vector<Clip> clips{{{3, 1, 4, 1}, "ann", 0, {8000, std::vector<float>(50, 0.5f)}},
                          {{7}, "ann", 0, {8000, std::vector<float>(50, 0.25f)}}};
  bool alone = false;
  for (const Utterance& u : make_utterances(clips, {}, 50, 1)) {
    if (u.digits.front() == 3) {
      alone = true;
      CHECK(u.digits == std::vector<int>{3, 1, 4, 1});
    } else {
      for (int d : u.digits) CHECK(d == 7);
    }
  }
  CHECK(alone);
  CHECK_THROWS_AS(make_utterances({}, {}, 1, 1), Error);
  UtteranceShape bad;
  bad.min_digits = 8;
  CHECK_THROWS_AS(make_utterances(clips, bad, 1, 1), Error);
}
