#include "simulate/simulate.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "base/directory_lock.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/system_error.hpp"
#include "simulate/build.hpp"
#include "simulate/file_lock.hpp"
#include "simulate/process.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

constexpr int steady_frames = 4;  ///< a stream needs as many for its rate to be compared

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

Waves wave_format(const fs::path& file) {
  if (file.empty()) return Waves::none;
  if (file.extension() == ".vcd") return Waves::vcd;
  if (file.extension() == ".fst") return Waves::fst;
  throw Error(ExitCode::usage, fmt::format("{}: the format of the waves is told by .vcd or .fst", file.string()));
}

Json read_manifest(const fs::path& directory) {
  const fs::path file = directory / "manifest.json";
  if (!fs::exists(file))
    throw bad_input(fmt::format("{}: not a generated design: it has no manifest.json", directory.string()),
                    "erngen generate writes one");
  Json manifest = read_json(file.string());
  if (!manifest.is_object() || manifest.value("generator", Json()) != "erngen")
    throw bad_input(fmt::format("{}: not a manifest of erngen", file.string()), "erngen generate writes one");
  return manifest;
}

/// The bench's command line in DIR/images. Every name in it is relative: simulators take names of many kinds for
/// something else, and the user's directories may have any name.
std::vector<std::string> bench_command(const SimulationRequest& request, const fs::path& waves) {
  const std::string run = fmt::format("../build/run-{}/", simulator_name(request.simulator));
  std::vector<std::string> c;
  if (request.simulator == Simulator::icarus) {
    c = {"vvp", "-n", "../build/icarus/bench.vvp"};
    if (!waves.empty())
      c.insert(c.end(), {waves.extension() == ".fst" ? "-fst" : "-vcd", "+waves=" + run + waves.string()});
    for (const char* name : {"tags", "inputs", "expected"}) c.push_back(fmt::format("+{}={}{}.hex", name, run, name));
    c.insert(c.end(), {"+outputs=" + run + "outputs.txt", "+report=" + run + "report.json",
                       fmt::format("+watchdog={}", request.watchdog)});
    if (request.stalls) c.push_back(fmt::format("+stalls={}", *request.stalls % 0x7fffffff));
    return c;
  }
  c = {verilator_bench(wave_format(waves)),
       "--stimulus",
       run + "stimulus.bin",
       "--expected",
       run + "expected.bin",
       "--outputs",
       run + "outputs.bin",
       "--report",
       run + "report.json",
       "--watchdog",
       fmt::format("{}", request.watchdog)};
  if (request.stalls) c.insert(c.end(), {"--stalls", fmt::format("{}", *request.stalls)});
  if (!request.script.empty()) c.insert(c.end(), {"--script", run + "script.txt"});
  if (!waves.empty()) c.insert(c.end(), {"--waves", run + waves.string()});
  // Registers start with random bits; the seed 0 would mean the time of day.
  c.insert(c.end(),
           {"+verilator+rand+reset+2", fmt::format("+verilator+seed+{}", 1 + request.stalls.value_or(0) % 0x7ffffffe)});
  return c;
}

SimulationReport parse_report(const Json& json, const std::string& file) {
  SimulationReport r;
  try {
    r.frames = json.at("frames");
    r.outputs_checked = json.at("outputs_checked");
    r.mismatches = json.at("mismatches");
    r.first_mismatch = json.at("first_mismatch");
    r.end = json.at("end");
    r.cycles = json.at("cycles");
    r.streams = json.at("streams");
    r.control_accesses = json.at("control_accesses");
    for (const Json& read : json.at("reads")) r.reads.emplace_back(read.at(0), read.at(1));
    if (json.at("latency_cycles") >= 0) r.latency_cycles = json.at("latency_cycles").get<std::int64_t>();
    r.latency_stream = json.at("latency_stream");
    if (json.at("distance_count") > 0 && r.streams > 0) {
      r.cycles_per_frame = json.at("distance_sum").get<double>() / json.at("distance_count").get<double>() / r.streams;
      r.cycles_constant = json.at("distance_min") == json.at("distance_max");
    }
  } catch (const Json::exception& error) {
    throw Error(ExitCode::tool, fmt::format("{}: the bench's report is incomplete: {}", file, error.what()));
  }
  return r;
}

/// What the plan says of a design.
std::optional<double> predicted_number(const Json& manifest, const char* key) {
  const Json predicted = manifest.value("predicted", Json::object());
  if (!predicted.is_object() || !predicted.contains(key) || !predicted.at(key).is_number()) return {};
  return predicted.at(key).get<double>();
}

/// Takes the predictions that the run can be held to.
void add_predictions(SimulationReport& report, const Json& manifest, const Stimulus& stimulus, int design_streams) {
  const Json predicted = manifest.value("predicted", Json::object());
  if (const auto latency = predicted_number(manifest, "latency_cycles"))
    report.predicted_latency_cycles = std::llround(*latency);
  if (predicted.is_object() && predicted.contains("stream_latency_cycles"))
    report.predicted_latency_cycles = predicted.at("stream_latency_cycles").at(report.latency_stream);
  std::vector<int> frames(static_cast<size_t>(design_streams));
  for (const StimulusFrame& frame : stimulus.frames) ++frames[static_cast<size_t>(frame.stream)];
  bool steady = true;
  for (const int count : frames) steady = steady && count >= steady_frames;
  if (steady) report.predicted_cycles_per_frame = predicted_number(manifest, "cycles_per_frame");
}

}  // namespace

const char* simulator_name(Simulator simulator) { return simulator == Simulator::icarus ? "icarus" : "verilator"; }

bool SimulationReport::cycles_match() const {
  if (latency_cycles && predicted_latency_cycles && *latency_cycles != *predicted_latency_cycles) return false;
  if (!cycles_per_frame || !predicted_cycles_per_frame) return true;
  // Both are quotients of whole cycles by the number of streams, as exact as a double is.
  return cycles_constant &&
         std::abs(*cycles_per_frame - *predicted_cycles_per_frame) * streams < 1e-6 * *cycles_per_frame;
}

SimulationReport simulate(const SimulationRequest& request) {
  const fs::path directory = fs::absolute(request.directory);
  const Json manifest = read_manifest(directory);
  const BenchShape shape = bench_shape(manifest, (directory / "manifest.json").string());
  validate(request.stimulus, shape);
  const bool icarus = request.simulator == Simulator::icarus;
  if (icarus && !request.script.empty())
    throw unsupported("the Icarus bench runs no script", "use Verilator for accesses to registers");
  const Waves waves = wave_format(request.waves);

  const auto report_stage = [&](const std::string& stage, std::int64_t done, std::int64_t total) {
    if (request.progress) request.progress({stage, done, total});
  };
  if (!request.waves.empty()) require_writable_directory(request.waves);
  const DirectoryLock work(directory, DirectoryLock::Use::shared);
  std::error_code failed;
  fs::create_directories(directory / "build", failed);
  const FileLock lock(directory / fmt::format("build/{}.lock", simulator_name(request.simulator)));
  const fs::path run = directory / fmt::format("build/run-{}", simulator_name(request.simulator));
  fs::remove_all(run, failed);
  fs::create_directories(run, failed);
  if (failed) throw cannot_write(run, failed.value());

  const auto start = std::chrono::steady_clock::now();
  const auto frames = static_cast<std::int64_t>(request.stimulus.frames.size());
  const double cycles = predicted_number(manifest, "cycles_per_frame").value_or(0) * static_cast<double>(frames);
  const auto about = static_cast<std::int64_t>(std::clamp(cycles, 0.0, 1e15));
  const BuildRequest build{directory,
                           shape,
                           waves,
                           request.object_cache,
                           about,
                           [&](const std::string& stage) { report_stage(stage, 0, 0); },
                           request.time_limit};
  icarus ? build_icarus(build, frames) : build_verilator(build);
  const double build_seconds = seconds_since(start);

  if (icarus)
    write_hex_files(request.stimulus, run);
  else
    write_binary_files(request.stimulus, run);
  if (!request.script.empty()) write_file_atomically(run / "script.txt", request.script, Sync::none);
  report_stage("simulate", 0, frames);
  const auto run_start = std::chrono::steady_clock::now();
  const auto see_line = [&](std::string_view line) {
    long long done = 0, total = 0;
    if (std::sscanf(std::string(line).c_str(), "progress %lld %lld", &done, &total) != 2) return false;
    report_stage("simulate", done, total);
    return true;
  };
  const fs::path waves_file = waves == Waves::none ? "" : "waves" + request.waves.extension().string();
  const ProcessRequest command{bench_command(request, waves_file), directory / "images", run / "log.txt", see_line,
                               request.time_limit};
  const ProcessResult result = run_process(command);
  if (!waves_file.empty() && fs::exists(run / waves_file)) move_file(run / waves_file, request.waves);
  if (result.status > 1 || !fs::exists(run / "report.json"))
    throw Error(ExitCode::tool,
                fmt::format("the simulation of {} stopped with status {}; its last lines:\n{}", directory.string(),
                            result.status, result.last_lines),
                fmt::format("read {}", command.log.string()));

  SimulationReport report = parse_report(read_json((run / "report.json").string()), (run / "report.json").string());
  if ((result.status == 0) != (report.mismatches == 0) && !icarus)
    throw Error(ExitCode::tool,
                fmt::format("{}: the bench's status {} contradicts its report", directory.string(), result.status));
  report.simulator = request.simulator;
  report.log = command.log;
  report.build_seconds = build_seconds;
  report.run_seconds = seconds_since(run_start);
  report.outputs = icarus ? read_words_text(run / "outputs.txt", frames, shape.output.size)
                          : read_words_file(run / "outputs.bin", frames, shape.output.size);
  add_predictions(report, manifest, request.stimulus, shape.streams);
  return report;
}

BenchShape design_shape(const fs::path& directory) {
  return bench_shape(read_manifest(directory), (directory / "manifest.json").string());
}

Json to_json(const SimulationReport& r) {
  const auto optional = [](const auto& value) { return value ? Json(*value) : Json(nullptr); };
  Json json;
  json["simulator"] = simulator_name(r.simulator);
  json["frames"] = r.frames;
  json["outputs_checked"] = r.outputs_checked;
  json["mismatches"] = r.mismatches;
  json["first_mismatch"] = r.first_mismatch;
  json["end"] = r.end;
  json["streams"] = r.streams;
  json["cycles"] = r.cycles;
  json["cycles_per_frame"] = optional(r.cycles_per_frame);
  json["cycles_constant"] = r.cycles_constant;
  json["latency_cycles"] = optional(r.latency_cycles);
  json["latency_stream"] = r.latency_stream;
  json["predicted"] = {{"cycles_per_frame", optional(r.predicted_cycles_per_frame)},
                       {"latency_cycles", optional(r.predicted_latency_cycles)}};
  json["cycles_match"] = r.cycles_match();
  json["control_accesses"] = r.control_accesses;
  json["reads"] = Json::array();
  for (const auto& [address, value] : r.reads) json["reads"].push_back({address, value});
  json["passed"] = r.passed();
  return json;
}

}  // namespace erngen
