#include "synth/mapped_cells.hpp"

#include <cctype>
#include <regex>
#include <sstream>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/parsed_number.hpp"
#include "synth/report_line.hpp"

namespace erngen {
namespace {

Error not_statistics(const std::string& what, const std::string& why) {
  return {ExitCode::tool, fmt::format("{}: not the statistics that Yosys prints: {}", what, why),
          "use Yosys 0.23 or newer"};
}

std::int64_t count_in(const std::string& digits, const std::string& what) {
  const auto count = parsed_number<std::int64_t>(digits);
  if (!count) throw not_statistics(what, fmt::format("a count of {} digits", digits.size()));
  return *count;
}

/// The last table of the text: the design hierarchy, or the only module.
std::string table_of(std::string_view text, const std::string& what) {
  static const std::regex title("=== (.*) ===");
  std::vector<std::string> titles;
  std::string body;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    if (line.size() > longest_report_line)
      throw not_statistics(what, fmt::format("a line of {} characters", line.size()));
    std::smatch match;
    if (std::regex_search(line, match, title)) {
      titles.push_back(match[1]);
      body.clear();
    } else {
      body += line + '\n';
    }
  }
  if (titles.empty()) throw not_statistics(what, "it has no '=== module ===' line");
  if (titles.size() > 1 && titles.back() != "design hierarchy")
    throw not_statistics(what, fmt::format("{} modules and no design hierarchy", titles.size()));
  return body;
}

bool starts(const std::string& text, std::string_view with) { return text.compare(0, with.size(), with) == 0; }

void count_xilinx(const std::string& cell, std::int64_t n, MappedResources& r) {
  if (starts(cell, "DSP48E"))
    r.dsp += n;
  else if (starts(cell, "RAMB36E"))
    r.bram36 += static_cast<double>(n);
  else if (starts(cell, "RAMB18E"))
    r.bram36 += static_cast<double>(n) / 2;
  else if (starts(cell, "URAM288"))
    r.large_ram += n;
  else if (starts(cell, "RAM32M") || starts(cell, "RAM64M"))
    r.lut_ram += 4 * n;
  else if (starts(cell, "RAM128X1D"))
    r.lut_ram += 4 * n;
  else if (starts(cell, "RAM128X1S") || starts(cell, "RAM32X1D") || starts(cell, "RAM64X1D"))
    r.lut_ram += 2 * n;
  else if (starts(cell, "RAM256X1S"))
    r.lut_ram += 4 * n;
  else if (starts(cell, "RAM"))
    r.lut_ram += n;
  else if (starts(cell, "SRL") || cell == "SRLC32E")
    r.lut_shift += n;
  else if (starts(cell, "LUT"))
    r.lut_logic += n;
  else if (starts(cell, "FD"))
    r.ff += n;
  else if (cell == "CARRY4")
    r.carry += n;
}

void count_ecp5(const std::string& cell, std::int64_t n, MappedResources& r) {
  if (starts(cell, "MULT"))
    r.dsp += n;
  else if (cell == "DP16KD" || cell == "PDPW16KD")
    r.bram36 += static_cast<double>(n) / 2;
  else if (starts(cell, "TRELLIS_DPR16X4") || starts(cell, "DPR16X4"))
    r.lut_ram += 6 * n;
  else if (starts(cell, "LUT"))
    r.lut_logic += n;
  else if (cell == "TRELLIS_FF")
    r.ff += n;
  else if (cell == "CCU2C")
    r.lut_carry += 2 * n, r.carry += n;
}

void count_ice40(const std::string& cell, std::int64_t n, MappedResources& r) {
  if (cell == "SB_MAC16")
    r.dsp += n;
  else if (starts(cell, "SB_RAM40_4K"))
    r.bram36 += static_cast<double>(n) * 4096 / 36864;
  else if (starts(cell, "SB_SPRAM"))
    r.large_ram += n;
  else if (cell == "SB_LUT4")
    r.lut_logic += n;
  else if (starts(cell, "SB_DFF"))
    r.ff += n;
  else if (cell == "SB_CARRY")
    r.carry += n;
}

/// An ALM holds one LUT of six inputs, or two of fewer, or two bits of a carry chain; an MLAB cell of Yosys is 32 x 1,
/// two of which an ALM has.
void count_cyclone5(const std::string& cell, std::int64_t n, MappedResources& r, std::int64_t& halves) {
  if (starts(cell, "MISTRAL_MUL"))
    r.dsp += n;
  else if (cell == "MISTRAL_M10K")
    r.bram36 += static_cast<double>(n) * 10240 / 36864;
  else if (cell == "MISTRAL_MLAB")
    r.lut_ram += (n + 1) / 2;
  else if (cell == "MISTRAL_ALUT6")
    r.lut_logic += n;
  else if (cell == "MISTRAL_ALUT_ARITH")
    r.lut_carry += (n + 1) / 2, r.carry += n;
  else if (starts(cell, "MISTRAL_ALUT"))
    halves += n;
  else if (cell == "MISTRAL_FF")
    r.ff += n;
}

}  // namespace

CellCounts parse_yosys_statistics(std::string_view text, const std::string& what) {
  const std::string body = table_of(text, what);
  // "  LUT4   12" below "Number of cells: 40" (to 0.4x), or "   12   LUT4" below "40 cells" (later).
  static const std::regex old_total(R"(^ +Number of cells: +(\d+)$)"), old_cell(R"(^ +([$\\A-Za-z]\S*) +(\d+)$)");
  static const std::regex new_total(R"(^ +(\d+) +(?:\S+ +)?cells$)"),
      new_cell(R"(^ +(\d+) +(?:[0-9.]+ +|- +)?([$\\A-Za-z]\S*)$)");
  CellCounts cells;
  std::int64_t total = -1, sum = 0;
  bool old_layout = false;
  std::istringstream lines(body);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (total < 0) {
      old_layout = std::regex_match(line, match, old_total);
      if (old_layout || std::regex_match(line, match, new_total)) total = count_in(match[1], what);
      continue;
    }
    if (!std::regex_match(line, match, old_layout ? old_cell : new_cell)) {
      if (sum == total) break;  // the table is over
      if (line.find("submodules") != std::string::npos) break;
      throw not_statistics(what, fmt::format("'{}' among the cells", line));
    }
    const std::string name = match[old_layout ? 1 : 2];
    const std::int64_t n = count_in(match[old_layout ? 2 : 1], what);
    if (name == "submodules") break;
    if (n > total - sum) break;
    cells[name] += n;
    sum += n;
  }
  if (total < 0) throw not_statistics(what, "it names no number of cells");
  if (sum != total) throw not_statistics(what, fmt::format("{} cells are listed, {} are named", sum, total));
  return cells;
}

MappedResources count_resources(const CellCounts& cells, Family family) {
  MappedResources r;
  std::int64_t halves = 0;  // LUTs two of which an ALM holds
  for (const auto& [cell, n] : cells) {
    if (family == Family::ecp5)
      count_ecp5(cell, n, r);
    else if (family == Family::ice40)
      count_ice40(cell, n, r);
    else if (family == Family::cyclone5)
      count_cyclone5(cell, n, r, halves);
    else
      count_xilinx(cell, n, r);
  }
  r.lut_logic += (halves + 1) / 2;
  r.lut = r.lut_logic + r.lut_ram + r.lut_shift + r.lut_carry;
  return r;
}

Json to_json(const MappedResources& r) {
  return {{"dsp", r.dsp},
          {"bram36", r.bram36},
          {"large_ram", r.large_ram},
          {"lut", r.lut},
          {"lut_logic", r.lut_logic},
          {"lut_ram", r.lut_ram},
          {"lut_shift", r.lut_shift},
          {"lut_carry", r.lut_carry},
          {"ff", r.ff},
          {"carry", r.carry}};
}

}  // namespace erngen
