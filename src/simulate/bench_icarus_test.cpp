// The Icarus bench on stub designs of many shapes, and the faults, undefined bits among them.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>

#include "base/check_error.hpp"
#include "base/test_directory.hpp"
#include "simulate/simulate.hpp"
#include "simulate/stub_design.hpp"

using namespace erngen;
namespace fs = std::filesystem;

namespace {

SimulationReport run(const StubDesign& design, const fs::path& path, int frames, int fault,
                     std::optional<std::uint64_t> stalls) {
  if (!fs::exists(path)) write_stub(design, ERNGEN_SOURCE_ROOT, path);
  set_fault(path, fault);
  SimulationRequest request;
  request.directory = path;
  request.stimulus = stub_stimulus(design, frames, 1 + stalls.value_or(0));
  request.simulator = Simulator::icarus;
  request.stalls = stalls;
  request.watchdog = 5000;
  return simulate(request);
}

}  // namespace

TEST_CASE("the stream edges in many shapes, with the predicted latency, with and without stalls") {
  const StubDesign designs[] = {// k, width, beat in, beat out, size, streams, period
                                {4, 12, 8, 4, 10, 2, 24},   {1, 12, 1, 1, 1, 1, 8},    {1, 4, 4, 8, 7, 1, 16},
                                {8, 12, 8, 8, 8, 1, 8},     {8, 12, 8, 8, 16, 4, 8},   {8, 16, 4, 16, 20, 3, 16},
                                {16, 18, 16, 8, 20, 2, 16}, {8, 17, 2, 2, 13, 5, 20},  {64, 12, 32, 32, 3, 2, 8},
                                {64, 5, 16, 8, 153, 1, 40}, {2, 12, 16, 1, 39, 3, 60}, {16, 12, 32, 64, 153, 2, 20},
                                {4, 12, 1, 16, 6, 8, 12},   {8, 12, 32, 32, 32, 1, 8}};
  for (const StubDesign& design : designs) {
    const TestDirectory directory;
    INFO("k ", design.k, ", width ", design.width, ", beats ", design.beat_in, " and ", design.beat_out, ", size ",
         design.size, ", streams ", design.streams);
    SimulationReport report = run(design, directory / "d", 12, 0, {});
    INFO(report.first_mismatch);
    CHECK(report.mismatches == 0);
    CHECK(report.frames == 12 * design.streams);
    CHECK(report.outputs_checked == 12 * design.streams * design.size);
    CHECK(report.latency_cycles.value_or(-1) == design.latency());
    CHECK(report.cycles_per_frame.value_or(-1) == design.period);
    CHECK(report.passed());
    for (std::uint64_t seed = 1; seed <= 3; ++seed) {
      report = run(design, directory / "d", 30, 0, seed);
      INFO("seed ", seed, ": ", report.first_mismatch);
      CHECK(report.mismatches == 0);
      CHECK(report.frames == 30 * design.streams);
    }
  }
}

TEST_CASE("every fault is found, undefined bits too") {
  const StubDesign design;
  const TestDirectory directory;
  const std::pair<int, const char*> faults[] = {
      {1, "wrong element"},  {2, "wrong element"}, {3, "(undefined)"},   {4, "wrong tlast"},
      {5, "deadlock"},       {6, "wrong tuser"},   {7, "wrong element"}, {8, "wrong tlast"},
      {12, "wrong element"}, {14, "padding"},      {15, "tdest"},        {16, "handshake signal is undefined"}};
  for (const auto& [fault, text] : faults) {
    for (const bool stalls : {false, true}) {
      const SimulationReport report =
          run(design, directory / "d", 20, fault, stalls ? std::optional<std::uint64_t>(3) : std::nullopt);
      const int shown = fault;  // clang 14 lets no macro capture a structured binding
      INFO("fault ", shown, ", stalls ", stalls, ": ", report.first_mismatch);
      CHECK(report.mismatches > 0);
      CHECK(report.first_mismatch.find(text) != std::string::npos);
    }
  }
  CHECK(run(design, directory / "d", 20, 9, 3).first_mismatch.find("tvalid fell") != std::string::npos);
  CHECK(run(design, directory / "d", 20, 10, 3).first_mismatch.find("changed while it waited") != std::string::npos);
  CHECK_FALSE(run(design, directory / "d", 10, 11, {}).passed());
}

TEST_CASE("waves") {
  const TestDirectory directory;
  write_stub({}, ERNGEN_SOURCE_ROOT, directory / "d");
  SimulationRequest request;
  request.directory = directory / "d";
  request.stimulus = stub_stimulus({}, 2, 1);
  request.simulator = Simulator::icarus;
  for (const char* name : {"w.vcd", "w.fst"}) {
    request.waves = directory / name;
    CHECK(simulate(request).passed());
    CHECK(fs::file_size(request.waves) > 1000);
  }
}
