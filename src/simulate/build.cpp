#include "simulate/build.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "bench/design_files.hpp"
#include "simulate/process.hpp"

namespace fs = std::filesystem;

namespace erngen {
namespace {

constexpr std::uintmax_t large_model = 8u << 20;  ///< bytes of C++
/// So many cycles are simulated sooner without optimisation than with it compiled. (7 MB of C++, g++ 12: 7.3 s of
/// processor time to compile and 1.6 s for 100,000 cycles, or 11.9 s and 0.3 s; the same bench may be run again.)
constexpr std::int64_t few_cycles = 100000;

/// FNV-1a over lengths and bytes: it detects change, it is no defence against intent.
class Key {
 public:
  void add(std::string_view bytes) {
    for (size_t n = bytes.size(), i = 0; i < 8; ++i) mix(static_cast<unsigned char>(n >> (8 * i)));
    for (const char c : bytes) mix(static_cast<unsigned char>(c));
  }
  std::string text() const { return fmt::format("{:016x}", hash_); }

 private:
  void mix(unsigned char byte) { hash_ = (hash_ ^ byte) * 0x100000001b3u; }
  std::uint64_t hash_ = 0xcbf29ce484222325u;
};

std::string tool_version(const std::vector<std::string>& command) {
  return run_tool({command, {}, {}, {}, std::chrono::minutes(1)}, "asking for its version").last_lines;
}

/// The C++ that Verilator made, in bytes.
std::uintmax_t generated_bytes(const fs::path& build) {
  std::uintmax_t bytes = 0;
  for (const auto& entry : fs::directory_iterator(build))
    if (entry.path().extension() == ".cpp") bytes += entry.file_size();
  return bytes;
}

/// Objects of Verilator's own run-time library, the same for every design: fetched from or left in the cache.
void fetch_objects(const fs::path& cache, const fs::path& build) {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(cache, none)) {
    fs::copy_file(entry.path(), build / entry.path().filename(), fs::copy_options::overwrite_existing, none);
    if (!none) fs::last_write_time(build / entry.path().filename(), fs::file_time_type::clock::now(), none);
  }
}
void leave_objects(const fs::path& cache, const fs::path& build) {
  std::error_code failed;  // a cache that cannot be written is no failure
  fs::create_directories(cache, failed);
  for (const auto& entry : fs::directory_iterator(build)) {
    const fs::path name = entry.path().filename();
    if (name.extension() != ".o" || !name.string().starts_with("verilated") || fs::exists(cache / name)) continue;
    try {
      write_file_atomically(cache / name, read_file(entry.path()), Sync::none);
    } catch (const Error&) {
    }
  }
}

const char* wave_suffix(Waves waves) { return waves == Waves::fst ? "-fst" : waves == Waves::vcd ? "-vcd" : ""; }

}  // namespace

std::string content_key(const fs::path& directory, const std::string& tool) {
  std::vector<std::string> names = design_files(directory);
  names.insert(names.begin(), "rtl/files.f");
  std::vector<std::string> bench;
  for (const auto& entry : fs::directory_iterator(directory / "testbench"))
    if (entry.is_regular_file()) bench.push_back("testbench/" + entry.path().filename().string());
  std::sort(bench.begin(), bench.end());
  names.insert(names.end(), bench.begin(), bench.end());

  Key key;
  key.add(tool);
  for (const std::string& name : names) {
    key.add(name);
    key.add(read_file(directory / name));
  }
  return key.text();
}

std::string verilator_bench(Waves waves) { return fmt::format("../build/verilator{}/bench", wave_suffix(waves)); }

void build_verilator(const BuildRequest& request) {
  const char* suffix = wave_suffix(request.waves);
  const std::string name = fmt::format("build/verilator{}", suffix);
  const fs::path build = request.directory / name;
  const fs::path bench = build / "bench";
  const fs::path key_file = build / "key";

  const std::string version = tool_version({"verilator", "--version"});
  std::vector<std::string> translate{"verilator"};
  for (const std::string& argument : verilator_arguments(request.shape)) translate.push_back(argument);
  if (request.waves == Waves::fst) translate.push_back("--trace-fst");
  if (request.waves == Waves::vcd) translate.push_back("--trace");
  translate.insert(translate.end(), {"-Mdir", name});

  std::string tool = version;
  for (const std::string& argument : translate) tool += argument + '\n';
  const bool brief = request.cycles > 0 && request.cycles <= few_cycles;
  // Modules that are kept apart make less C++: the instances of a lane share their code.
  const std::array apart{"--inline-mult", "1"};
  const std::string optimised = content_key(request.directory, tool), key = brief ? optimised + " brief" : optimised;
  if (fs::exists(bench) && fs::exists(key_file)) {
    const std::string present = read_file(key_file);
    if (present == optimised || present == key) return;
  }

  fs::remove_all(build);
  fs::create_directories(build);
  const fs::path log = build / "log.txt";
  if (request.stage) request.stage("translate");
  run_tool({translate, request.directory, log, {}, request.time_limit}, "translating the design");

  // A large model takes minutes to compile, more than a faster simulation saves: its modules are then kept apart and
  // optimised less. (32 lanes of 32 words: 36 MB of C++, or 18.)
  const bool large = !brief && generated_bytes(build) > large_model;
  if (large) {
    translate.insert(translate.end(), apart.begin(), apart.end());
    for (const auto& entry : fs::directory_iterator(build))
      if (entry.path() != log) fs::remove(entry.path());
    run_tool({translate, request.directory, log, {}, request.time_limit}, "translating the design");
  }
  // Most of the time goes into reading Verilator's headers for each of a hundred files; one file reads them once, which
  // only more than three cores make up for. (29 MB of C++: 28 s on two cores, or 47 s.)
  const long cores = std::clamp(sysconf(_SC_NPROCESSORS_ONLN), 1L, 8L);
  const char* optimisation = brief ? "-O0" : large ? "-O1" : "-O2";
  const std::vector<std::string> options{fmt::format("OPT_FAST={}", optimisation), "OPT_SLOW=-O0", "OPT_GLOBAL=-O1",
                                         fmt::format("VM_PARALLEL_BUILDS={}", cores > 3 ? 1 : 0)};
  fs::path cache;
  if (!request.object_cache.empty()) {
    Key objects;
    for (const std::string& part : {version, options[2], std::string(suffix)}) objects.add(part);
    cache = request.object_cache / objects.text();
    fetch_objects(cache, build);
  }
  if (request.stage) request.stage("compile");
  // Verilator's makefile refuses a folder whose name has a space, but all names in it are relative.
  std::vector<std::string> compile{"make", "-C", name, "CURDIR=.", "-f", "Vern_top.mk", fmt::format("-j{}", cores)};
  compile.insert(compile.end(), options.begin(), options.end());
  run_tool({compile, request.directory, log, {}, request.time_limit}, "compiling the simulation");
  if (!cache.empty()) leave_objects(cache, build);
  write_file_atomically(key_file, key, Sync::none);
}

void build_icarus(const BuildRequest& request, std::int64_t frames) {
  const fs::path build = request.directory / "build/icarus";
  fs::create_directories(build);
  fs::remove(build / "log.txt");
  std::vector<std::string> compile{"iverilog",
                                   "-g2005",
                                   "-Wno-timescale",
                                   "-DERN_SIMULATION",
                                   "-I",
                                   "testbench",
                                   fmt::format("-DERN_FRAMES={}", frames),
                                   "-s",
                                   "ern_testbench",
                                   "-o",
                                   "build/icarus/bench.vvp",
                                   "testbench/ern_testbench.v"};
  for (const std::string& file : design_files(request.directory)) compile.push_back(file);
  if (request.stage) request.stage("compile");
  run_tool({compile, request.directory, build / "log.txt", {}, request.time_limit}, "compiling the design");
}

}  // namespace erngen
