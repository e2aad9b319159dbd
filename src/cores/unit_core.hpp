// Standalone cores: one hardware unit with a plain port, its bench, and the words that the bench sends and expects.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "activation/search.hpp"
#include "base/json.hpp"
#include "rtl/embedded.hpp"

namespace erngen {

/// Everything that a unit's directory holds, before it is written.
struct UnitCore {
  std::string kind;                    ///< "fft", "ifft", "activation"
  std::string top;                     ///< module with clk, rst_i, valid_i, data_i, valid_o, data_o
  std::vector<std::string> templates;  ///< names of the hand-written modules below the top
  std::string verilog;                 ///< of the top
  std::vector<std::pair<std::string, std::string>> images;  ///< name, text
  int in_bits = 0, out_bits = 0, latency = 0, words = 0;
  Json description;  ///< parameters and costs, for the manifest
};

struct TransformRequest {
  bool inverse = false;
  int size = 8;      ///< points, a power of two, 2..64
  int width = 12;    ///< bits of an input word, 2..32
  int drop = 0;      ///< forward: bits that are rounded away at the end
  int words = 1000;  ///< vectors of the bench, seeded, corners first
};

/// A real transform in packed form (docs/reference/arithmetic.md) of one vector a cycle. Throws Error(usage) naming the
/// parameter.
UnitCore transform_core(const TransformRequest& request, const std::string& top);

struct ActivationRequest {
  Function function = Function::sigmoid;
  Format input{14, 10};
  int width = 12;  ///< bits of the output, fraction width - 1
  double max_ulp = 1;
  KindChoice kind = KindChoice::automatic;
  Multiplier multiplier = Multiplier::logic;
};

/// An activation unit; its bench sends every input of the format. Throws Error(usage), Error(capacity) as
/// smallest_unit().
UnitCore activation_core(const ActivationRequest& request, const std::string& top);

/// Writes DIR/{manifest.json, rtl, images, testbench}: all of it or nothing. Throws Error(output).
void write_unit(const UnitCore& core, const std::string& version, const std::filesystem::path& directory);

struct UnitVerdict {
  int words = 0;  ///< compared
  bool passed = false;
  std::string text;  ///< the bench's last line
};

/// Runs the bench of a written unit in Icarus. Throws Error(tool), also when a tool takes longer than `time_limit`.
UnitVerdict simulate_unit(const std::filesystem::path& directory,
                          std::chrono::duration<double> time_limit = std::chrono::hours(24));

/// testbench/ern_unit_testbench.v, carried inside the program.
std::span<const EmbeddedFile> embedded_unit_bench();

}  // namespace erngen
