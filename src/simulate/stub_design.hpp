// For tests: a complete design directory around the stub accelerator, and stimuli with their expected outputs.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/bits.hpp"
#include "base/file.hpp"
#include "base/random.hpp"
#include "bench/bench_files.hpp"
#include "simulate/stimulus.hpp"
#include "units/axis.hpp"

namespace erngen {

struct StubDesign {
  int k = 4;
  int width = 12;
  int beat_in = 8;
  int beat_out = 4;
  int size = 10;
  int streams = 2;
  int period = 24;

  BenchShape shape() const {
    const int lane = axis_element_bits(width);
    return {
        "stub_accelerator", streams, {size, width, width - 1, lane, beat_in}, {size, width, width - 1, lane, beat_out}};
  }

  /// The stub begins in the cycle in which the first block is offered and takes one block a cycle from the next one on.
  /// While the first block waits for that one cycle, no beat of the next one can be gathered.
  int latency() const {
    std::vector<int> taken;
    int cycle = axis_in_block_cycle(k, beat_in, size, 0);
    for (int j = 0; j < ceil_div(size, k); ++j) {
      cycle = std::max(cycle + 1, axis_in_block_cycle(k, beat_in, size, j) + (j > 0 && beat_in < k ? 1 : 0));
      taken.push_back(cycle);
    }
    return axis_out_last_beat(k, beat_out, size, taken);
  }
};

/// Writes DIR as the generator would. `root` holds templates/ and testbench/.
inline void write_stub(const StubDesign& d, const std::filesystem::path& root, const std::filesystem::path& directory) {
  namespace fs = std::filesystem;
  for (const char* name : {"rtl", "images", "testbench"}) fs::create_directories(directory / name);
  std::string files;
  for (const char* name :
       {"ern_assert", "ern_skid", "ern_fifo", "ern_rechunk", "ern_axis_in", "ern_axis_out", "ern_axil"}) {
    fs::copy_file(root / "templates" / fmt::format("{}.v", name), directory / "rtl" / fmt::format("{}.v", name));
    files += fmt::format("rtl/{}.v\n", name);
  }
  std::string stub = read_file(root / "src/simulate/stub/stub_accelerator.v");
  const std::pair<const char*, int> parameters[] = {{"K", d.k},
                                                    {"A", d.width},
                                                    {"ELEMENT_BITS", axis_element_bits(d.width)},
                                                    {"BEAT_IN", d.beat_in},
                                                    {"BEAT_OUT", d.beat_out},
                                                    {"SIZE", d.size},
                                                    {"STREAMS", d.streams},
                                                    {"PERIOD", d.period}};
  for (const auto& [name, value] : parameters) {
    const size_t at = stub.find("= ", stub.find(fmt::format("parameter {} ", name))) + 2;
    stub.replace(at, stub.find(',', at) - at, fmt::format("{}", value));
  }
  write_file_atomically(directory / "rtl/stub_accelerator.v", stub);
  write_file_atomically(directory / "rtl/files.f", files + "rtl/stub_accelerator.v\n");
  write_file_atomically(directory / "images/fault.hex", "00\n");
  for (const std::string& name : bench_source_names())
    fs::copy_file(root / "testbench" / name, directory / "testbench" / name);
  for (const GeneratedFile& file : bench_files(d.shape()))
    write_file_atomically(directory / "testbench" / file.name, file.text);

  const auto stream = [](const StreamShape& s) {
    return Json{{"size", s.size},
                {"width", s.width},
                {"fraction", s.fraction},
                {"element_bits", s.element_bits},
                {"beat_elements", s.beat_elements}};
  };
  const Json manifest{{"generator", "erngen"},
                      {"top", "stub_accelerator"},
                      {"streams", d.streams},
                      {"input", stream(d.shape().input)},
                      {"output", stream(d.shape().output)},
                      {"predicted", {{"cycles_per_frame", d.period}, {"latency_cycles", d.latency()}}}};
  write_file_atomically(directory / "manifest.json", manifest.dump(2) + "\n");
}

inline void set_fault(const std::filesystem::path& directory, int fault) {
  write_file_atomically(directory / "images/fault.hex", fmt::format("{:02x}\n", fault));
}

/// Random frames for all streams; sequences of a stream end at its frames number `ends` and at its last one.
inline Stimulus stub_stimulus(const StubDesign& d, int frames, std::uint64_t seed, int ends = 3) {
  Rng rng(seed);
  Stimulus s{d.size, d.size, {}, {}, {}};
  const std::int64_t half = std::int64_t{1} << (d.width - 1);
  std::vector<std::vector<std::int64_t>> state(static_cast<size_t>(d.streams),
                                               std::vector<std::int64_t>(static_cast<size_t>(d.size)));
  for (int frame = 0; frame < frames; ++frame) {
    for (int stream = 0; stream < d.streams; ++stream) {
      const bool end = frame == ends || frame == frames - 1;
      s.frames.push_back({stream, end});
      for (std::int64_t& h : state[static_cast<size_t>(stream)]) {
        const std::int64_t x = rng.between(-half, half - 1);
        h = ((h + x + half) & (2 * half - 1)) - half;  // A-bit wrapping
        s.inputs.push_back(static_cast<std::int32_t>(x));
        s.expected.push_back(static_cast<std::int32_t>(h));
        if (end) h = 0;
      }
    }
  }
  return s;
}

}  // namespace erngen
