#include "network/sequence_file.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "base/contents.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/npz.hpp"

namespace erngen {
namespace {

std::vector<int> whole_lengths(const Array& array, const std::string& file) {
  if (array.shape.size() != 1)
    throw bad_input(fmt::format("{}: lengths have {} axes, expected [sequences]", file, array.shape.size()));
  std::vector<int> lengths;
  for (const float value : array.values) {
    const int length = value >= 0 && value < 0x1p24f ? static_cast<int>(value) : -1;
    if (static_cast<float>(length) != value)
      throw bad_input(fmt::format("{}: a length is {}, not a whole number of frames", file, value));
    lengths.push_back(length);
  }
  return lengths;
}

bool is_npz(const std::filesystem::path& file) { return file.extension() == ".npz"; }

Array padded(const Sequences& y) {
  const auto longest = static_cast<size_t>(y.padded_length()), width = static_cast<size_t>(y.features());
  Array array{{static_cast<int>(y.lengths().size()), y.padded_length(), y.features()},
              std::vector<float>(y.lengths().size() * longest * width)};
  auto from = y.values().begin();
  for (size_t n = 0; n < y.lengths().size(); ++n) {
    const auto count = static_cast<std::ptrdiff_t>(y.lengths()[n]) * y.features();
    std::copy(from, from + count, array.values.begin() + static_cast<std::ptrdiff_t>(n * longest * width));
    from += count;
  }
  return array;
}

}  // namespace

Sequences read_sequences(const std::filesystem::path& path) {
  const std::string file = path.string();
  const std::string bytes = read_file(path);
  if (!bytes.starts_with("PK")) return {parse_npy(bytes, file), file};
  auto arrays = parse_npz(bytes, file, {"features", "outputs", "lengths"});
  const auto frames = arrays.contains("features") ? arrays.find("features") : arrays.find("outputs");
  if (frames == arrays.end())
    throw bad_input(fmt::format("{}: has no array \"features\" (of outputs: \"outputs\")", file),
                    "write it with numpy.savez(FILE, features=X, lengths=N), outputs with outputs=Y");
  if (!arrays.contains("lengths")) return {std::move(frames->second), file};
  return {std::move(frames->second), whole_lengths(arrays.at("lengths"), file), file};
}

void require_writable(const std::filesystem::path& file, const Sequences& y) {
  if (!is_npz(file) && !y.equal_lengths())
    throw Error(ExitCode::usage, fmt::format("{}: one array cannot hold sequences of different lengths", file.string()),
                "name an .npz file, or keep the last frame of each sequence with --last");
}

void write_sequences(const std::filesystem::path& file, const Sequences& y) {
  require_writable(file, y);
  if (!is_npz(file)) return write_npy(file, {y.shape(y.features()), y.values()});
  const std::vector<std::int64_t> lengths(y.lengths().begin(), y.lengths().end());
  const Array all{{static_cast<int>(y.frames()), y.features()}, y.values()};
  const std::string outputs = npy_bytes(y.padded_length() > 0 ? padded(y) : all);
  write_file_atomically(file, npz_bytes({{"outputs", outputs}, {"lengths", npy_bytes(lengths)}}));
}

void write_last_frames(const std::filesystem::path& file, const Sequences& y) {
  if (is_npz(file))
    write_file_atomically(file, npz_bytes({{"outputs", npy_bytes(y.last())}}));
  else
    write_npy(file, y.last());
}

}  // namespace erngen
