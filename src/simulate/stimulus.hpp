// What a simulation sends and expects: quantised frames in the order in which they are sent.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <vector>

#include "bench/bench_files.hpp"

namespace erngen {

/// What the bench does wrong when it sends a frame, for tests: the faults of testbench/ern_stimulus.hpp.
enum class FrameFault { none, first_lost, last_lost, repeated, turns, foreign, swallowed };

/// One frame's place: the stream that it belongs to and whether its sequence ends with it.
struct StimulusFrame {
  int stream = 0;
  bool end_of_sequence = false;
  FrameFault fault = FrameFault::none;  ///< Verilator only; for a frame with a fault nothing is expected
};

/// Raw integers in the formats of the design's ports.
struct Stimulus {
  int input_size = 0;
  int output_size = 0;
  std::vector<StimulusFrame> frames;   ///< in sending order
  std::vector<std::int32_t> inputs;    ///< [frames][input_size]
  std::vector<std::int32_t> expected;  ///< [frames][output_size]
  std::vector<size_t> source = {};     ///< [frames] which of interleave()'s frames each is
};

/// Sequences of these lengths, one after another in `inputs` [all frames][input_size] and `expected`
/// [all frames][output_size], put on `streams` streams: each goes to the stream that has the fewest frames so far, the
/// lowest of equals. The streams are interleaved frame by frame: (0,0), (1,0), ..., (0,1), ... The last frame of each
/// sequence carries the mark. Throws Error(internal) if an array's size is not that of the lengths.
Stimulus interleave(int streams, const std::vector<int>& lengths, int input_size, int output_size,
                    std::span<const std::int32_t> inputs, std::span<const std::int32_t> expected);

/// Output words in sending order [frames][output_size], in the order in which interleave() was given the frames.
std::vector<std::int32_t> in_given_order(const Stimulus& stimulus, std::span<const std::int32_t> outputs);

/// Throws Error(bad_input) unless sizes and streams fit the design, every input fits the input format and every
/// expected word the output format, and there is a frame.
void validate(const Stimulus& stimulus, const BenchShape& shape);

/// The files of ern_testbench.cpp: stimulus.bin and expected.bin. Throws Error(output).
void write_binary_files(const Stimulus& stimulus, const std::filesystem::path& directory);

/// The files of ern_testbench.v: tags.hex, inputs.hex, expected.hex.
std::vector<GeneratedFile> hex_files(const Stimulus& stimulus);

/// The files of ern_testbench.v: tags.hex, inputs.hex and expected.hex. Throws Error(output).
void write_hex_files(const Stimulus& stimulus, const std::filesystem::path& directory);

/// The values of a words file of the bench [rows][columns]. Throws Error(bad_input) unless it has these sizes.
std::vector<std::int32_t> read_words_file(const std::filesystem::path& file, std::int64_t rows, int columns);

/// As read_words_file for the Icarus bench's text: decimal words, one a line; an undefined one ("x") reads as 0.
std::vector<std::int32_t> read_words_text(const std::filesystem::path& file, std::int64_t rows, int columns);

}  // namespace erngen
