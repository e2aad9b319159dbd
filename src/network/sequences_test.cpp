// Sequences of equal and different lengths: what is taken from an array, what is refused, and files of both kinds.
#include "base/check_error.hpp"

#include <sys/resource.h>

#include "base/file.hpp"
#include "base/npz.hpp"
#include "base/test_directory.hpp"
#include "network/sequence_file.hpp"

using namespace erngen;

namespace {

using Shape = std::vector<int>;

std::vector<float> vector_of(std::span<const float> values) { return {values.begin(), values.end()}; }

/// features [2, 3, 1] with lengths {2, 3}.
const Array padded_features{{2, 3, 1}, {1, 2, -1, 3, 4, 5}};

}  // namespace

TEST_CASE("the first frames") {
  const Sequences many(Array{{3, 2, 1}, {0, 1, 2, 3, 4, 5}});
  CHECK(many.first(3).lengths() == Shape{2, 1});
  CHECK(many.first(3).values() == std::vector<float>{0, 1, 2});
  CHECK(many.first(4).shape(7) == Shape{2, 2, 7});
  CHECK(many.first(100).lengths() == many.lengths());
  CHECK(Sequences(Array{{4, 1}, {0, 1, 2, 3}}).first(2).shape(5) == Shape{2, 5});
}

TEST_CASE("arrays of one and of several sequences") {
  const Sequences one(Array{{2, 3}, {0, 1, 2, 3, 4, 5}});
  CHECK(one.lengths() == Shape{2});
  CHECK(one.frames() == 2);
  CHECK(vector_of(one.frame(1)) == std::vector<float>{3, 4, 5});
  CHECK(one.shape(7) == Shape{2, 7});
  const Sequences many(Array{{3, 2, 1}, {0, 1, 2, 3, 4, 5}});
  CHECK(many.lengths() == Shape{2, 2, 2});
  CHECK(many.shape(7) == Shape{3, 2, 7});
  CHECK(many.last().shape == Shape{3, 1});
  CHECK(many.last().values == std::vector<float>{1, 3, 5});
  CHECK(one.with({8, 9}, 1).shape(1) == Shape{2, 1});
  CHECK_NOTHROW(one.require_features(3, "x.npy"));
  CHECK_ERROR(one.require_features(4, "x.npy"), ExitCode::bad_input,
              "x.npy: frames have 3 elements, the network takes 4");
  CHECK_ERROR(Sequences(Array{{6}, {0, 1, 2, 3, 4, 5}}, "x"), ExitCode::bad_input,
              "x: has shape [6], expected [frames");
  CHECK_ERROR(Sequences(Array{{0, 6}, {}}), ExitCode::bad_input, "no frame");
  CHECK_ERROR(Sequences(Array{{0, 2, 6}, {}}), ExitCode::bad_input, "no frame");
}

TEST_CASE("sequences of different lengths") {
  const Sequences padded(padded_features, {2, 3}, "x");
  CHECK(padded.values() == std::vector<float>{1, 2, 3, 4, 5});
  CHECK(padded.shape(4) == Shape{5, 4});
  CHECK(padded.last().values == std::vector<float>{2, 5});
  const Sequences joined(Array{{5, 1}, {1, 2, 3, 4, 5}}, {2, 3}, "x");
  CHECK(joined.values() == padded.values());
  CHECK_FALSE(joined.equal_lengths());
  const auto refuse = [](const Array& x, const std::vector<int>& lengths, const char* text) {
    CHECK_ERROR(Sequences(x, lengths, "x.npz"), ExitCode::bad_input, text);
  };
  refuse(padded_features, {2, 4}, "x.npz: sequence 1 has 4 frames, but the array only 3");
  refuse(padded_features, {2, 0}, "sequence 1 has 0 frames");
  refuse(padded_features, {2}, "1 lengths, but features of 2 sequences");
  refuse({{5, 1}, {1, 2, 3, 4, 5}}, {2, 4}, "the lengths add up to 6, but there are 5 frames");
  refuse({{5}, {1, 2, 3, 4, 5}}, {5}, "features have shape [5]");
  refuse({{0, 1}, {}}, {}, "no frame");
}

TEST_CASE("files of sequences keep their form") {
  TestDirectory directory;
  const auto back = [&](const char* name, const Sequences& x) {
    write_sequences(directory / name, x);
    return read_sequences(directory / name);
  };
  const Sequences equal(Array{{2, 2, 1}, {1, 2, 3, 4}});
  CHECK(back("y.npy", equal).shape(1) == Shape{2, 2, 1});
  CHECK(back("y.npz", equal).lengths() == Shape{2, 2});
  const Sequences joined(Array{{5, 1}, {1, 2, 3, 4, 5}}, {2, 3}, "x"), padded(padded_features, {2, 3}, "x");
  CHECK(back("y.npz", joined).lengths() == Shape{2, 3});
  CHECK(read_npz(directory / "y.npz").at("outputs").shape == Shape{5, 1});
  CHECK(back("y.npz", padded).values() == padded.values());
  CHECK(read_npz(directory / "y.npz").at("outputs").shape == Shape{2, 3, 1});
  CHECK(read_npz(directory / "y.npz").at("outputs").values == std::vector<float>{1, 2, 0, 3, 4, 5});
  CHECK_ERROR(write_sequences(directory / "different.npy", joined), ExitCode::usage, "different lengths");
  write_last_frames(directory / "last.npy", joined);
  CHECK(read_npy(directory / "last.npy").values == std::vector<float>{2, 5});
  write_last_frames(directory / "last.npz", joined);
  CHECK(read_sequences(directory / "last.npz").shape(1) == Shape{2, 1});
}

/// Lets this process have `bytes` of addresses; returns the limit before.
static rlimit memory_limit(std::uint64_t bytes) {
  rlimit limit{};
  getrlimit(RLIMIT_AS, &limit);
  rlimit lower = limit;
  lower.rlim_cur = bytes;
  setrlimit(RLIMIT_AS, &lower);
  return limit;
}

TEST_CASE("archives that hold no sequences are refused") {
  TestDirectory directory;
  const auto refuse = [&](std::vector<std::pair<std::string, std::string>> arrays, const char* text) {
    write_file_atomically(directory / "x.npz", npz_bytes(std::move(arrays)));
    CHECK_ERROR(read_sequences(directory / "x.npz"), ExitCode::bad_input, text);
  };
  const std::string features = npy_bytes(padded_features);
  refuse({{"x", features}}, "has no array \"features\"");
  refuse({{"features", features}, {"lengths", npy_bytes(Array{{2}, {2, 2.5f}})}}, "a length is 2.5");
  refuse({{"features", features}, {"lengths", npy_bytes(Array{{2}, {2, -1}})}}, "sequence 1 has -1 frames");
  refuse({{"features", features}, {"lengths", npy_bytes(Array{{1, 2}, {2, 3}})}}, "lengths have 2 axes");
  // A size that is claimed and not there: its memory is never taken (the limit of one malloc is below it).
  std::string bytes = npz_bytes({{"features", features}});
  const std::string size{static_cast<char>(features.size() & 0xff), static_cast<char>(features.size() >> 8), 0, 0};
  int claims = 0;  // in the entry and in the directory: the size in the archive, then the size of the contents
  for (size_t at = bytes.find(size + size); at != std::string::npos; at = bytes.find(size + size, at), ++claims)
    bytes.replace(at + 4, 4, "\xff\xff\xff\x7f");
  CHECK(claims == 2);
  write_file_atomically(directory / "x.npz", bytes);
  {
    const rlimit before = memory_limit(std::uint64_t{1} << 30);
    CHECK_ERROR(read_sequences(directory / "x.npz"), ExitCode::bad_input, "x.npz");
    setrlimit(RLIMIT_AS, &before);
  }
  write_file_atomically(directory / "x.npz", "\x89HDF\r\n\x1a\n");
  CHECK_ERROR(read_sequences(directory / "x.npz"), ExitCode::bad_input, "an HDF5 file");
  write_file_atomically(directory / "x.npz", npz_bytes({{"features", features}, {"labels", "not read"}}));
  CHECK(read_sequences(directory / "x.npz").lengths() == Shape{3, 3});
}
