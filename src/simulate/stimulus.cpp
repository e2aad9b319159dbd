#include "simulate/stimulus.hpp"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/file.hpp"

namespace erngen {
namespace {

// The constants of testbench/ern_stimulus.hpp.
constexpr std::int32_t stimulus_magic = 0x534e5245;
constexpr std::int32_t words_magic = 0x574e5245;
constexpr std::int32_t file_version = 1;

static_assert(std::endian::native == std::endian::little, "the bench's files are little-endian");

void append(std::string& bytes, std::span<const std::int32_t> words) {
  bytes.append(reinterpret_cast<const char*>(words.data()), words.size_bytes());
}

std::string hex(std::span<const std::int32_t> words) {
  std::string text;
  text.reserve(words.size() * 9);
  for (const std::int32_t word : words)
    fmt::format_to(std::back_inserter(text), "{:08x}\n", static_cast<std::uint32_t>(word));
  return text;
}

void require_range(std::span<const std::int32_t> values, int width, int size, const char* what) {
  const std::int64_t limit = std::int64_t{1} << (width - 1);
  for (size_t n = 0; n < values.size(); ++n)
    if (values[n] < -limit || values[n] >= limit)
      throw bad_input(fmt::format("{} of frame {}, element {}: {} does not fit {} bits", what, n / size, n % size,
                                  values[n], width));
}

}  // namespace

Stimulus interleave(int streams, const std::vector<int>& lengths, int input_size, int output_size,
                    std::span<const std::int32_t> inputs, std::span<const std::int32_t> expected) {
  struct Frame {
    size_t source;
    bool end_of_sequence;
  };
  std::vector<std::vector<Frame>> queues(static_cast<size_t>(streams));
  size_t count = 0;
  for (const int length : lengths) {
    auto& queue = *std::ranges::min_element(queues, {}, &std::vector<Frame>::size);
    for (int n = 0; n < length; ++n) queue.push_back({count++, n == length - 1});
  }
  if (inputs.size() != count * input_size || expected.size() != count * output_size)
    throw Error(ExitCode::internal,
                fmt::format("{} input and {} expected words are not {} frames", inputs.size(), expected.size(), count));
  Stimulus s{input_size, output_size, {}, {}, {}, {}};
  s.inputs.reserve(inputs.size());
  s.expected.reserve(expected.size());
  for (size_t n = 0; s.frames.size() < count; ++n)
    for (int stream = 0; stream < streams; ++stream) {
      const auto& queue = queues[static_cast<size_t>(stream)];
      if (n >= queue.size()) continue;
      const auto in = inputs.subspan(queue[n].source * input_size, input_size);
      const auto out = expected.subspan(queue[n].source * output_size, output_size);
      s.frames.push_back({stream, queue[n].end_of_sequence});
      s.source.push_back(queue[n].source);
      s.inputs.insert(s.inputs.end(), in.begin(), in.end());
      s.expected.insert(s.expected.end(), out.begin(), out.end());
    }
  return s;
}

std::vector<std::int32_t> in_given_order(const Stimulus& stimulus, std::span<const std::int32_t> outputs) {
  std::vector<std::int32_t> sorted(outputs.size());
  const auto size = static_cast<size_t>(stimulus.output_size);
  for (size_t n = 0; n < stimulus.source.size(); ++n)
    std::ranges::copy(outputs.subspan(n * size, size),
                      sorted.begin() + static_cast<std::ptrdiff_t>(stimulus.source[n] * size));
  return sorted;
}

void validate(const Stimulus& stimulus, const BenchShape& shape) {
  if (stimulus.frames.empty()) throw bad_input("the stimulus has no frame");
  if (stimulus.input_size != shape.input.size || stimulus.output_size != shape.output.size)
    throw bad_input(
        fmt::format("frames of {} inputs and {} outputs do not fit the design \"{}\", which takes {} and gives {}",
                    stimulus.input_size, stimulus.output_size, shape.top, shape.input.size, shape.output.size));
  for (const StimulusFrame& frame : stimulus.frames)
    if (frame.stream < 0 || frame.stream >= shape.streams)
      throw bad_input(
          fmt::format("stream {} does not exist: the design \"{}\" has {}", frame.stream, shape.top, shape.streams),
          "give at most as many streams, or generate with --streams");
  const size_t frames = stimulus.frames.size();
  if (stimulus.inputs.size() != frames * stimulus.input_size ||
      stimulus.expected.size() != frames * stimulus.output_size)
    throw Error(ExitCode::internal, "the stimulus' arrays differ from its number of frames");
  require_range(stimulus.inputs, shape.input.width, shape.input.size, "input");
  require_range(stimulus.expected, shape.output.width, shape.output.size, "expected output");
}

void write_binary_files(const Stimulus& stimulus, const std::filesystem::path& directory) {
  const auto frames = static_cast<std::int32_t>(stimulus.frames.size());
  std::string bytes;
  append(bytes, std::vector<std::int32_t>{stimulus_magic, file_version, frames, stimulus.input_size});
  for (const StimulusFrame& frame : stimulus.frames)
    append(bytes, std::vector<std::int32_t>{
                      frame.stream, (frame.end_of_sequence ? 1 : 0) + 2 * static_cast<std::int32_t>(frame.fault)});
  append(bytes, stimulus.inputs);
  write_file_atomically(directory / "stimulus.bin", bytes, Sync::none);

  bytes.clear();
  append(bytes, std::vector<std::int32_t>{words_magic, file_version, frames, stimulus.output_size});
  append(bytes, stimulus.expected);
  write_file_atomically(directory / "expected.bin", bytes, Sync::none);
}

std::vector<GeneratedFile> hex_files(const Stimulus& stimulus) {
  std::vector<std::int32_t> tags;
  for (const StimulusFrame& frame : stimulus.frames) tags.push_back(2 * frame.stream + (frame.end_of_sequence ? 1 : 0));
  return {{"tags.hex", hex(tags)}, {"inputs.hex", hex(stimulus.inputs)}, {"expected.hex", hex(stimulus.expected)}};
}

void write_hex_files(const Stimulus& stimulus, const std::filesystem::path& directory) {
  for (const GeneratedFile& file : hex_files(stimulus))
    write_file_atomically(directory / file.name, file.text, Sync::none);
}

std::vector<std::int32_t> read_words_file(const std::filesystem::path& file, std::int64_t rows, int columns) {
  const std::string bytes = read_file(file);
  const std::int32_t header[4] = {words_magic, file_version, static_cast<std::int32_t>(rows), columns};
  const auto count = static_cast<size_t>(rows) * static_cast<size_t>(columns);
  if (bytes.size() != sizeof header + count * 4 || std::memcmp(bytes.data(), header, sizeof header) != 0)
    throw bad_input(fmt::format("{}: not {} rows of {} words", file.string(), rows, columns));
  std::vector<std::int32_t> words(count);
  std::memcpy(words.data(), bytes.data() + sizeof header, count * 4);
  return words;
}

std::vector<std::int32_t> read_words_text(const std::filesystem::path& file, std::int64_t rows, int columns) {
  const std::string text = read_file(file);
  std::vector<std::int32_t> words;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::int32_t word = 0;  // stays for an undefined word
    std::from_chars(text.data() + begin, text.data() + end, word);
    words.push_back(word);
    begin = end + 1;
  }
  if (words.size() != static_cast<size_t>(rows) * static_cast<size_t>(columns))
    throw bad_input(fmt::format("{}: {} words, not {} rows of {}", file.string(), words.size(), rows, columns));
  return words;
}

}  // namespace erngen
