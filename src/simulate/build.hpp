// From a design's directory to something that simulates it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "bench/bench_files.hpp"

namespace erngen {

enum class Waves { none, vcd, fst };

struct BuildRequest {
  std::filesystem::path directory;  ///< the design, absolute
  BenchShape shape;
  Waves waves = Waves::none;
  std::filesystem::path object_cache;                   ///< SimulationRequest::object_cache
  std::int64_t cycles = 0;                              ///< that will be simulated, about; 0: not known
  std::function<void(const std::string& stage)> stage;  ///< called when "translate" or "compile" begins
  std::chrono::duration<double> time_limit{86400};      ///< of a tool
};

/// Where build_verilator() puts the bench, as seen from DIR/images: ../build/verilator/bench, or in verilator-vcd,
/// -fst.
std::string verilator_bench(Waves waves);

/// Makes that bench, anew only if the design, the bench, the compiler's options or Verilator's version changed, or if
/// what is there was compiled for few cycles and many are to come. Throws Error(tool), Error(bad_input) for an
/// incomplete design.
void build_verilator(const BuildRequest& request);

/// Makes DIR/build/icarus/bench.vvp for `frames` frames. Throws as build_verilator.
void build_icarus(const BuildRequest& request, std::int64_t frames);

/// A key of everything the build depends on: RTL, bench sources, and `tool` (version and options).
std::string content_key(const std::filesystem::path& directory, const std::string& tool);

}  // namespace erngen
