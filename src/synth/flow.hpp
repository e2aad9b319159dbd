// `erngen synth` as a function: a generated design through Yosys, nextpnr or Vivado, and what came of it.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "synth/mapped_cells.hpp"
#include "synth/nextpnr_report.hpp"
#include "synth/product_registers.hpp"
#include "synth/vivado_report.hpp"

namespace erngen {

enum class SynthTool { yosys, nextpnr, vivado };

/// "yosys", "nextpnr", "vivado".
const char* tool_name(SynthTool tool);

struct SynthRequest {
  std::filesystem::path directory;  ///< what `erngen generate` wrote; files go to DIR/synth/TOOL
  SynthTool tool = SynthTool::yosys;
  std::string device;    ///< default: the manifest's
  std::string program;   ///< Yosys, nextpnr or Vivado; default: what PATH has
  std::string yosys;     ///< for nextpnr; default: what PATH has
  bool flatten = false;  ///< Yosys, see YosysOptions
  bool abc9 = false;     ///< Yosys on Lattice parts, see YosysOptions
  bool netlist = false;  ///< Yosys: also writes netlist.v
  bool simulation_cells =
      false;  ///< Yosys: only cells that it has simulation models for: no block RAM, on Lattice parts no DSP blocks
  std::optional<double> clock_mhz;                      ///< to aim at; default: the plan's
  std::optional<int> speed;                             ///< ECP5: 6, 7, 8; default: the part's
  std::uint64_t seed = 1;                               ///< of nextpnr's placement
  std::vector<std::string> nextpnr_options;             ///< further options of nextpnr, after those of the flow
  bool implement = true;                                ///< Vivado: place and route after synthesis
  std::filesystem::path activity;                       ///< Vivado: waves.vcd of erngen simulate, for the power report
  bool scripts_only = false;                            ///< writes the scripts and runs nothing
  std::chrono::duration<double> time_limit{86400};      ///< of each tool that is run
  std::function<void(const std::string& stage)> stage;  ///< called when a tool begins
};

struct SynthReport {
  SynthTool tool = SynthTool::yosys;
  std::string version;  ///< of the tools
  std::string device;
  std::filesystem::path directory;  ///< of the flow's files
  bool ran = false;                 ///< false: scripts only
  MappedResources resources;
  CellCounts cells;
  std::optional<NextpnrReport> routed;
  std::optional<ProductRegisters> product_registers;  ///< of the ECP5's multipliers
  std::optional<VivadoTiming> timing;
  std::optional<VivadoPower> power;
  Json predicted;         ///< the manifest's
  std::string bitstream;  ///< name within the directory; empty: none
  double cycles_per_frame = 0, latency_cycles = 0;

  /// The clock that routing reached, if something was routed.
  std::optional<double> clock_mhz() const;
  /// Of Vivado's power, which is that at the clock it was given.
  std::optional<double> energy_per_frame_uj() const;
};

/// Runs the flow. DIR/synth/TOOL then has the scripts, log.txt, the tools' reports and report.json; after a failure
/// there is no report.json. Throws Error(bad_input) for a directory that is not a design, Error(usage) for a device
/// that the tool does not know, Error(tool) for a tool that is missing, too old, fails, or reports something
/// unexpected, Error(output).
SynthReport synthesise(const SynthRequest& request);

/// The report beside the plan: resources, prediction and difference (in per cent of what was mapped), clock, frames a
/// second.
Json to_json(const SynthReport& report);

}  // namespace erngen
