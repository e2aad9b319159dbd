// The Verilator bench on the stub design: right results and cycles, every fault found, the script, waves, rebuilding.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "base/check_error.hpp"
#include "base/test_directory.hpp"
#include "simulate/simulate.hpp"
#include "simulate/stub_design.hpp"

using namespace erngen;
namespace fs = std::filesystem;

namespace {

const fs::path root = ERNGEN_SOURCE_ROOT;

/// One stub, built once for all cases that do not change its shape; faults are told by an image.
struct Stub {
  TestDirectory directory;
  StubDesign design;
  fs::path path = directory / "design";
  Stub() { write_stub(design, root, path); }
  SimulationRequest request(int frames, std::uint64_t seed) const {
    SimulationRequest r;
    r.directory = path;
    r.stimulus = stub_stimulus(design, frames, seed);
    r.object_cache = directory / "objects";
    r.watchdog = 5000;
    return r;
  }
};

Stub& stub() {
  static Stub instance;
  set_fault(instance.path, 0);
  return instance;
}

SimulationReport with_fault(int fault, bool stalls, int frames = 20) {
  SimulationRequest request = stub().request(frames, 7);
  set_fault(stub().path, fault);
  set_fault(request.directory, fault);
  if (stalls) request.stalls = 5;
  return simulate(request);
}

}  // namespace

TEST_CASE("a right design passes, with its cycles, and is built once") {
  std::vector<std::string> stages;
  SimulationRequest request = stub().request(20, 1);
  request.progress = [&](const SimulationProgress& p) {
    if (stages.empty() || stages.back() != p.stage) stages.push_back(p.stage);
  };
  SimulationReport report = simulate(request);
  INFO(report.first_mismatch);
  CHECK(report.passed());
  CHECK(report.frames == 40);
  CHECK(report.outputs_checked == 400);
  CHECK(report.outputs == request.stimulus.expected);
  CHECK(report.latency_cycles == stub().design.latency());
  CHECK(report.cycles_per_frame == stub().design.period);
  CHECK(report.cycles_constant);
  CHECK(stages == std::vector<std::string>{"translate", "compile", "simulate"});
  stages.clear();
  report = simulate(request);
  CHECK(report.passed());
  CHECK(stages == std::vector<std::string>{"simulate"});
}

TEST_CASE("a bench that was compiled for few cycles is compiled again for many, and then kept") {
  const auto compiled = [&](int frames) {
    bool seen = false;
    SimulationRequest request = stub().request(frames, 1);
    request.progress = [&](const SimulationProgress& p) { seen = seen || p.stage == "compile"; };
    CHECK(simulate(request).passed());
    return seen;
  };
  const int many = 120000 / stub().design.period;
  compiled(20);
  CHECK(compiled(many));
  CHECK_FALSE(compiled(many));
  CHECK_FALSE(compiled(20));
}

TEST_CASE("stalls change nothing but the cycles") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    SimulationRequest request = stub().request(30, seed);
    request.stalls = seed;
    const SimulationReport report = simulate(request);
    INFO("seed ", seed, ": ", report.first_mismatch);
    CHECK(report.passed());
    CHECK(report.outputs_checked == 600);
    CHECK_FALSE(report.cycles_per_frame.has_value());
  }
}

TEST_CASE("fewer streams than the design has: the latency is compared, the rate is not") {
  SimulationRequest request = stub().request(20, 1);
  Stimulus one{10, 10, {}, {}, {}};
  for (size_t n = 1; n < 40; n += 2) {
    one.frames.push_back(request.stimulus.frames[n]);
    const auto at = static_cast<std::ptrdiff_t>(10 * n);
    one.inputs.insert(one.inputs.end(), request.stimulus.inputs.begin() + at,
                      request.stimulus.inputs.begin() + at + 10);
    one.expected.insert(one.expected.end(), request.stimulus.expected.begin() + at,
                        request.stimulus.expected.begin() + at + 10);
  }
  request.stimulus = one;
  const SimulationReport report = simulate(request);
  CHECK(report.passed());
  CHECK(report.streams == 1);
  CHECK_FALSE(report.predicted_cycles_per_frame.has_value());
  CHECK(report.predicted_latency_cycles == stub().design.latency());
  // It is compared with the prediction for the stream whose frame went alone.
  CHECK(report.latency_stream == 1);
  const fs::path file = stub().path / "manifest.json";
  const std::string text = read_file(file);
  Json manifest = parse_json(text, "manifest");
  for (const int more : {0, 1}) {
    const int latency = stub().design.latency();
    manifest["predicted"]["stream_latency_cycles"] = {latency + 1 - more, latency + more};
    write_file_atomically(file, manifest.dump());
    CHECK(simulate(request).passed() == (more == 0));
  }
  write_file_atomically(file, text);
}

TEST_CASE("every fault is found") {
  const std::pair<int, const char*> faults[] = {{1, "element"},
                                                {2, "element"},
                                                {4, "tlast"},
                                                {5, "deadlock: nothing moved for 5000 cycles"},
                                                {6, "tuser"},
                                                {7, "element"},
                                                {8, "tlast"},
                                                {12, "element"},
                                                {14, "padding element"},
                                                {15, "tdest"}};
  for (const auto& [fault, text] : faults) {
    for (const bool stalls : {false, true}) {
      const SimulationReport report = with_fault(fault, stalls);
      const int shown = fault;  // clang 14 lets no macro capture a structured binding
      INFO("fault ", shown, ", stalls ", stalls, ": ", report.first_mismatch);
      CHECK(report.mismatches > 0);
      CHECK(report.first_mismatch.find(text) != std::string::npos);
    }
  }
  // Faults that show only under back-pressure, or only in the cycles.
  CHECK(with_fault(9, true).first_mismatch.find("tvalid fell") != std::string::npos);
  CHECK(with_fault(10, true).first_mismatch.find("changed while it waited") != std::string::npos);
  const SimulationReport slow = with_fault(11, false, 10);
  CHECK(slow.mismatches == 0);
  CHECK_FALSE(slow.cycles_constant);
  CHECK_FALSE(slow.passed());
}

TEST_CASE("a wrong prediction fails") {
  SimulationRequest request = stub().request(20, 1);
  const fs::path file = stub().path / "manifest.json";
  const std::string text = read_file(file);
  for (const char* key : {"cycles_per_frame", "latency_cycles"}) {
    Json manifest = parse_json(text, "manifest");
    manifest["predicted"][key] = manifest["predicted"][key].get<int>() + 1;
    write_file_atomically(file, manifest.dump());
    const SimulationReport report = simulate(request);
    CHECK(report.mismatches == 0);
    CHECK_FALSE(report.passed());
  }
  write_file_atomically(file, text);
}

TEST_CASE("the script accesses registers before, between, during and after frames") {
  for (const int seed : {0, 1, 2, 3}) {
    SimulationRequest request = stub().request(20, 2);
    if (seed != 0) request.stalls = static_cast<std::uint64_t>(seed);
    request.script =
        "expect 0 0x45524e47\nwrite 4 0x11223344\nwrite 4 0xaabbccdd 0x5 # strobes\nexpect 4 0x11bb33dd\nexpect 4 0xdd "
        "0xff\n"
        "write_error 0x100 1\nread_error 0x200\nframes 3\nread 8\nstart 30\nwrite 4 7\nread 4\npoll 8 33\nfinish\nidle "
        "10\nframes all\nread 8\n";
    const SimulationReport report = simulate(request);
    INFO("seed ", seed, ": ", report.first_mismatch);
    CHECK(report.passed());
    CHECK(report.reads == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{8, 3}, {4, 7}, {8, 40}});
    CHECK(report.control_accesses >= 13);
  }
  SimulationRequest request = stub().request(20, 2);
  request.script = "measure\nexpect 4 1\n";
  SimulationReport report = simulate(request);
  CHECK(report.mismatches == 1);
  CHECK(report.latency_cycles == stub().design.latency());
  CHECK(report.first_mismatch.find("script line 2, address 4: got 0, expected 1") != std::string::npos);
  request.script = "read 0x100\n";  // and no frames
  report = simulate(request);
  CHECK(report.first_mismatch.find("response 2, expected 0 (OKAY)") != std::string::npos);
  CHECK(report.mismatches == 1 + 400);
  set_fault(request.directory, 13);
  request.script = "write 4 6\nexpect 4 6\nframes all\n";
  CHECK(simulate(request).mismatches == 1);
  request.script = "write 4\n";
  CHECK_ERROR(simulate(request), ExitCode::tool, "wrong count of operands");
}

TEST_CASE("waves are written in both formats") {
  for (const char* name : {"w.vcd", "w.fst"}) {
    SimulationRequest request = stub().request(4, 1);
    request.waves = stub().directory / name;
    CHECK(simulate(request).passed());
    CHECK(fs::file_size(request.waves) > 1000);
  }
}

TEST_CASE("a design that does not compile is the tool's failure, with its message") {
  SimulationRequest request = stub().request(4, 1);
  const fs::path file = stub().path / "rtl/ern_skid.v";
  const std::string text = read_file(file);
  write_file_atomically(file, text + "module broken\n");
  CHECK_ERROR(simulate(request), ExitCode::tool, "syntax error");
  write_file_atomically(file, text);
  CHECK(simulate(request).passed());
}

TEST_CASE("wide lanes, blocks wider than beats, one stream") {
  Stub& shared = stub();
  for (const StubDesign& design : {StubDesign{16, 18, 4, 16, 39, 1, 60}, StubDesign{8, 16, 32, 2, 153, 3, 90}}) {
    const TestDirectory directory;
    write_stub(design, root, directory / "design");
    SimulationRequest request = shared.request(1, 1);
    request.directory = directory / "design";
    request.stimulus = stub_stimulus(design, 12, 3);
    SimulationReport report = simulate(request);
    INFO(report.first_mismatch);
    CHECK(report.passed());
    CHECK(report.latency_cycles == design.latency());
    request.stalls = 9;
    report = simulate(request);
    INFO(report.first_mismatch);
    CHECK(report.passed());
  }
}
