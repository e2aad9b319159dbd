// A complete design directory: Verilog, memory images, manifest, testbench.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "bench/bench_files.hpp"
#include "plan/plan.hpp"

namespace erngen {

struct GenerateRequest {
  std::string top = "erngen_accelerator";  ///< name of the top module, a Verilog identifier; the images' begin with it
  std::string prefix;                      ///< of the names of all modules below the top; empty: default_prefix(top)
  std::string version = "0.0.0";           ///< of erngen, "major.minor.patch"
  std::string command;                     ///< the command line, without directories, for the file headers
  Json device = nullptr;                   ///< of a device file, for the manifest
  std::string part;                        ///< of the device, for Vivado in the core file; empty: none
  std::string architecture = "xilinx";     ///< of the device, as Edalize's Yosys knows it
  std::vector<GeneratedFile> examples;     ///< frames for the bench: tags.hex, inputs.hex, expected.hex
  int example_frames = 0;
  std::vector<std::string> wrappers;  ///< of wrapper_names()
  Json cocotb_rounds = nullptr;       ///< for cocotb_files(); null: no such bench
};

/// Everything that describes the design: shape, formats, ports, predictions, state map, files.
Json manifest(const QuantNetwork& network, const Plan& plan, const GenerateRequest& request);

/// Writes DIR/{README.md, manifest.json, network.safetensors, component.xml, TOP.core, rtl, images, software,
/// testbench}, and what the wrappers add: all of it or nothing. The same arguments give the same bytes. Throws
/// Error(usage) for a bad top name or prefix, Error(output) as StagedDirectory.
void generate(const QuantNetwork& network, const Plan& plan, const GenerateRequest& request,
              const std::filesystem::path& directory);

/// The JSON of `erngen plan`: predictions and resources under the names that scripts rely on.
Json plan_json(const Plan& plan);

}  // namespace erngen
