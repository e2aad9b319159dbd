// What needs no simulator: the order of frames, the bench's files, manifests and stimuli that are refused.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "simulate/simulate.hpp"

#include <cstdlib>
#include <cstring>

#include <doctest/doctest.h>

#include "base/check_error.hpp"
#include "base/file.hpp"
#include "base/test_directory.hpp"
#include "simulate/build.hpp"
#include "simulate/stub_design.hpp"

using namespace erngen;

namespace {

std::vector<std::int32_t> words_of(const std::string& bytes) {
  std::vector<std::int32_t> words(bytes.size() / 4);
  std::memcpy(words.data(), bytes.data(), bytes.size());
  return words;
}

/// A manifest as the generator writes it, with one change.
Json manifest(const StubDesign& d = {}) {
  const auto stream = [](const StreamShape& s) {
    return Json{{"size", s.size},
                {"width", s.width},
                {"fraction", s.fraction},
                {"element_bits", s.element_bits},
                {"beat_elements", s.beat_elements}};
  };
  return {{"generator", "erngen"},
          {"top", "t"},
          {"streams", d.streams},
          {"input", stream(d.shape().input)},
          {"output", stream(d.shape().output)}};
}

}  // namespace

TEST_CASE("streams are interleaved frame by frame and sorted again") {
  // Stream s, frame f, element e is 100 s + 10 f + e.
  std::vector<std::int32_t> inputs, expected;
  for (int s = 0; s < 3; ++s)
    for (int f = 0; f < 2; ++f)
      for (int e = 0; e < 2; ++e) {
        inputs.push_back(100 * s + 10 * f + e);
        if (e == 0) expected.push_back(-(100 * s + 10 * f));
      }
  const Stimulus stimulus = interleave(3, {2, 2, 2}, 2, 1, inputs, expected);
  CHECK(stimulus.inputs == std::vector<std::int32_t>{0, 1, 100, 101, 200, 201, 10, 11, 110, 111, 210, 211});
  CHECK(stimulus.expected == std::vector<std::int32_t>{0, -100, -200, -10, -110, -210});
  REQUIRE(stimulus.frames.size() == 6);
  for (int n = 0; n < 6; ++n) {
    CHECK(stimulus.frames[n].stream == n % 3);
    CHECK(stimulus.frames[n].end_of_sequence == (n >= 3));
  }
  CHECK(in_given_order(stimulus, stimulus.expected) == expected);
  CHECK_ERROR(interleave(3, {2, 2, 2}, 2, 2, inputs, expected), ExitCode::internal, "6 expected words");
}

TEST_CASE("sequences follow each other on the stream that has the fewest frames") {
  // Sequence q, frame f is 10 q + f. Lengths 3, 1, 2, 1 on two streams: 0 on stream 0; 1, 2 on stream 1; then 3 on 0.
  const std::vector<int> lengths{3, 1, 2, 1};
  const std::vector<std::int32_t> words{0, 1, 2, 10, 20, 21, 30};
  const Stimulus stimulus = interleave(2, lengths, 1, 1, words, words);
  CHECK(stimulus.inputs == std::vector<std::int32_t>{0, 10, 1, 20, 2, 21, 30});
  std::vector<int> streams, ends;
  for (const StimulusFrame& frame : stimulus.frames) {
    streams.push_back(frame.stream);
    ends.push_back(frame.end_of_sequence);
  }
  CHECK(streams == std::vector<int>{0, 1, 0, 1, 0, 1, 0});
  CHECK(ends == std::vector<int>{0, 1, 0, 0, 1, 1, 1});
  CHECK(in_given_order(stimulus, stimulus.expected) == words);
  CHECK(interleave(4, lengths, 1, 1, words, words).frames[3].stream == 3);  // enough streams: one each
}

TEST_CASE("the bench's binary files") {
  const TestDirectory directory;
  const Stimulus stimulus{2, 1, {{1, false}, {0, true}}, {5, -6, 7, -8}, {9, -10}};
  write_binary_files(stimulus, directory.path());
  CHECK(words_of(read_file(directory / "stimulus.bin")) ==
        std::vector<std::int32_t>{0x534e5245, 1, 2, 2, 1, 0, 0, 1, 5, -6, 7, -8});
  CHECK(words_of(read_file(directory / "expected.bin")) == std::vector<std::int32_t>{0x574e5245, 1, 2, 1, 9, -10});
  CHECK(read_words_file(directory / "expected.bin", 2, 1) == stimulus.expected);
  CHECK_ERROR(read_words_file(directory / "expected.bin", 1, 2), ExitCode::bad_input, "not 1 rows of 2 words");
  write_hex_files(stimulus, directory.path());
  CHECK(read_file(directory / "tags.hex") == "00000002\n00000001\n");
  CHECK(read_file(directory / "inputs.hex") == "00000005\nfffffffa\n00000007\nfffffff8\n");
  write_file_atomically(directory / "text", "1\n-2\nx\n");
  CHECK(read_words_text(directory / "text", 3, 1) == std::vector<std::int32_t>{1, -2, 0});
  CHECK_ERROR(read_words_text(directory / "text", 2, 1), ExitCode::bad_input, "3 words");
}

TEST_CASE("a stimulus must fit the design") {
  const BenchShape shape = StubDesign{}.shape();
  const Stimulus good = stub_stimulus({}, 2, 1);
  validate(good, shape);
  Stimulus bad = good;
  bad.frames[1].stream = 2;
  CHECK_ERROR(validate(bad, shape), ExitCode::bad_input, "stream 2 does not exist");
  bad = good;
  bad.inputs[13] = 2048;
  CHECK_ERROR(validate(bad, shape), ExitCode::bad_input, "input of frame 1, element 3: 2048 does not fit 12 bits");
  bad = good;
  bad.expected[0] = -2049;
  CHECK_ERROR(validate(bad, shape), ExitCode::bad_input, "expected output of frame 0, element 0: -2049");
  bad = good;
  bad.input_size = 11;
  CHECK_ERROR(validate(bad, shape), ExitCode::bad_input, "frames of 11 inputs and 10 outputs do not fit");
  CHECK_ERROR(validate(Stimulus{10, 10, {}, {}, {}}, shape), ExitCode::bad_input, "no frame");
}

TEST_CASE("manifests that are refused") {
  const BenchShape shape = bench_shape(manifest(), "m");
  CHECK(shape.streams == 2);
  CHECK(shape.output.beats() == 3);
  const auto with = [](const char* pointer, const Json& value) {
    Json m = manifest();
    m[Json::json_pointer(pointer)] = value;
    return bench_shape(m, "m.json");
  };
  CHECK_ERROR(with("/top", "a b; rm"), ExitCode::bad_input, "not a module name");
  CHECK_ERROR(with("/top", 5), ExitCode::bad_input, "not a module name");
  CHECK_ERROR(with("/streams", 0), ExitCode::bad_input, "m.json: \"streams\" is 0");
  CHECK_ERROR(with("/streams", 1e30), ExitCode::bad_input, "\"streams\" is");
  CHECK_ERROR(with("/input/size", -3), ExitCode::bad_input, "m.json: input: \"size\" is -3");
  CHECK_ERROR(with("/output/element_bits", 24), ExitCode::bad_input, "are not a stream");
  CHECK_ERROR(with("/output/beat_elements", 3), ExitCode::bad_input, "are not a stream");
  CHECK_ERROR(with("/input", Json::array()), ExitCode::bad_input, "no entry \"size\"");
  CHECK_ERROR(bench_shape(Json::object(), "m"), ExitCode::bad_input, "no entry \"top\"");
}

TEST_CASE("directories that are not a design") {
  const TestDirectory directory;
  SimulationRequest request;
  request.directory = directory.path();
  request.stimulus = stub_stimulus({}, 2, 1);
  CHECK_ERROR(simulate(request), ExitCode::bad_input, "it has no manifest.json");
  write_file_atomically(directory / "manifest.json", "{\"generator\": \"other\"}");
  CHECK_ERROR(simulate(request), ExitCode::bad_input, "not a manifest of erngen");
  write_file_atomically(directory / "manifest.json", manifest().dump());
  request.waves = "x.png";
  CHECK_ERROR(simulate(request), ExitCode::usage, "x.png");
  request.waves.clear();
  request.simulator = Simulator::icarus;
  request.script = "read 0\n";
  CHECK_ERROR(simulate(request), ExitCode::unsupported, "script");
}

TEST_CASE("a missing simulator is the tool's failure and names it") {
  const TestDirectory directory;
  write_file_atomically(directory / "manifest.json", manifest().dump());
  std::filesystem::create_directories(directory / "rtl");
  write_file_atomically(directory / "rtl/files.f", "rtl/top.v\n");
  write_file_atomically(directory / "rtl/top.v", "");
  SimulationRequest request;
  request.directory = directory.path();
  request.stimulus = stub_stimulus({}, 2, 1);
  const std::string path = std::getenv("PATH");
  setenv("PATH", directory.path().c_str(), 1);
  CHECK_ERROR(simulate(request), ExitCode::tool, "verilator: program not found\n  way out: install verilator");
  request.simulator = Simulator::icarus;
  CHECK_ERROR(simulate(request), ExitCode::tool, "iverilog: program not found");
  setenv("PATH", path.c_str(), 1);
}

TEST_CASE("the key follows every file of the design and the tool") {
  const TestDirectory directory;
  std::filesystem::create_directories(directory / "rtl");
  std::filesystem::create_directories(directory / "testbench");
  write_file_atomically(directory / "rtl/files.f", "rtl/a.v\n");
  write_file_atomically(directory / "rtl/a.v", "module a; endmodule\n");
  write_file_atomically(directory / "testbench/b.cpp", "int b;\n");
  const std::string key = content_key(directory.path(), "tool 1");
  CHECK(content_key(directory.path(), "tool 1") == key);
  CHECK(content_key(directory.path(), "tool 2") != key);
  write_file_atomically(directory / "rtl/a.v", "module a ; endmodule\n");
  CHECK(content_key(directory.path(), "tool 1") != key);
  write_file_atomically(directory / "rtl/a.v", "module a; endmodule\n");
  CHECK(content_key(directory.path(), "tool 1") == key);
  write_file_atomically(directory / "testbench/b.cpp", "int c;\n");
  CHECK(content_key(directory.path(), "tool 1") != key);
  write_file_atomically(directory / "rtl/files.f", "rtl/none.v\n");
  CHECK_ERROR(content_key(directory.path(), "tool 1"), ExitCode::bad_input, "rtl/none.v");
}

TEST_CASE("a report passes only without mismatches and with the predicted cycles") {
  SimulationReport report;
  report.streams = 3;
  CHECK(report.passed());  // nothing measured, nothing compared
  report.cycles_per_frame = 100.0 / 3;
  report.cycles_constant = true;
  report.latency_cycles = 70;
  CHECK(report.passed());  // nothing predicted
  report.predicted_cycles_per_frame = 100.0 / 3;
  report.predicted_latency_cycles = 70;
  CHECK(report.passed());
  report.predicted_cycles_per_frame = 101.0 / 3;
  CHECK_FALSE(report.passed());
  report.predicted_cycles_per_frame = 100.0 / 3;
  report.cycles_constant = false;
  CHECK_FALSE(report.passed());
  report.cycles_constant = true;
  report.latency_cycles = 71;
  CHECK_FALSE(report.passed());
  report.latency_cycles = 70;
  report.mismatches = 1;
  CHECK_FALSE(report.passed());
}
