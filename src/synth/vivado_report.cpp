#include "synth/vivado_report.hpp"

#include <regex>
#include <sstream>
#include <vector>

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/parsed_number.hpp"
#include "synth/report_line.hpp"

namespace erngen {
namespace {

Error not_a_report(const std::string& what, const std::string& why) {
  return {ExitCode::tool, fmt::format("{}: not the report that Vivado writes: {}", what, why),
          "use Vivado 2018.1 or newer"};
}

std::string trimmed(const std::string& text) {
  const size_t from = text.find_first_not_of(" \t\r"), to = text.find_last_not_of(" \t\r");
  return from == std::string::npos ? "" : text.substr(from, to - from + 1);
}

std::vector<std::string> lines_of(std::string_view text, const std::string& what) {
  std::vector<std::string> lines;
  std::istringstream stream{std::string(text)};
  for (std::string line; std::getline(stream, line);) {
    if (line.size() > longest_report_line)
      throw not_a_report(what, fmt::format("a line of {} characters", line.size()));
    lines.push_back(line);
  }
  return lines;
}

/// The cells of a table's row "| a | b |"; empty for other lines.
std::vector<std::string> row_of(const std::string& line) {
  std::vector<std::string> cells;
  const std::string text = trimmed(line);
  if (text.size() < 2 || text.front() != '|') return cells;
  std::istringstream stream(text.substr(1));
  for (std::string cell; std::getline(stream, cell, '|');) cells.push_back(trimmed(cell));
  return cells;
}

std::optional<double> number(const std::string& text) {
  static const std::regex form(R"([<]?(-?\d+(\.\d+)?))");
  std::smatch match;
  if (!std::regex_match(text, match, form)) return std::nullopt;
  return parsed_number<double>(match[1].str());
}

/// Column 1 of the first row whose name, without '*' at its end, is one of `names`.
std::optional<double> value_of(const std::vector<std::string>& lines, const std::vector<std::string>& names) {
  for (const std::string& line : lines) {
    const auto row = row_of(line);
    if (row.size() < 2) continue;
    std::string name = row[0];
    while (!name.empty() && name.back() == '*') name.pop_back();
    for (const std::string& wanted : names)
      if (name == wanted)
        if (const auto value = number(row[1])) return value;
  }
  return std::nullopt;
}

double required(const std::vector<std::string>& lines, const std::vector<std::string>& names, const std::string& what) {
  const auto value = value_of(lines, names);
  if (!value) throw not_a_report(what, fmt::format("no row '{}' with a number", names.front()));
  return *value;
}

}  // namespace

MappedResources parse_vivado_utilization(std::string_view text, const std::string& what) {
  const auto lines = lines_of(text, what);
  const auto count = [&](const std::vector<std::string>& names) {
    return static_cast<std::int64_t>(required(lines, names, what));
  };
  const auto optional = [&](const std::vector<std::string>& names) {
    return static_cast<std::int64_t>(value_of(lines, names).value_or(0));
  };
  MappedResources r;
  r.lut = count({"Slice LUTs", "CLB LUTs"});
  r.lut_logic = count({"LUT as Logic"});
  r.lut_ram = optional({"LUT as Distributed RAM"});
  r.lut_shift = optional({"LUT as Shift Register"});
  r.ff = count({"Slice Registers", "CLB Registers"});
  r.bram36 = required(lines, {"Block RAM Tile"}, what);
  r.large_ram = optional({"URAM"});
  r.dsp = count({"DSPs"});
  r.carry = optional({"CARRY8", "CARRY4"});
  return r;
}

VivadoTiming parse_vivado_timing(std::string_view text, const std::string& what) {
  const auto lines = lines_of(text, what);
  VivadoTiming timing;
  bool found = false;
  for (size_t n = 0; n + 2 < lines.size() && !found; ++n) {
    if (lines[n].find("WNS(ns)") == std::string::npos || lines[n].find("WHS(ns)") == std::string::npos) continue;
    std::istringstream row(lines[n + 2]);
    std::vector<std::string> cells;
    for (std::string cell; row >> cell;) cells.push_back(cell);
    if (cells.size() < 5) break;
    const auto setup = number(cells[0]), hold = number(cells[4]);
    if (!setup || !hold) throw not_a_report(what, fmt::format("slack '{}': is the clock constrained?", cells[0]));
    timing.worst_slack_ns = *setup;
    timing.hold_slack_ns = *hold;
    found = true;
  }
  if (!found) throw not_a_report(what, "no table with WNS(ns) and WHS(ns)");
  static const std::regex clock(R"(^\s*\S+\s+\{[\d. ]+\}\s+([\d.]+)\s+[\d.]+\s*$)");
  for (const std::string& line : lines) {
    std::smatch match;
    if (std::regex_match(line, match, clock)) timing.period_ns = parsed_number<double>(match[1].str()).value_or(0);
  }
  if (!(timing.period_ns > timing.worst_slack_ns)) throw not_a_report(what, "no clock with a period above its slack");
  return timing;
}

VivadoPower parse_vivado_power(std::string_view text, const std::string& what) {
  const auto lines = lines_of(text, what);
  VivadoPower power;
  power.total_w = required(lines, {"Total On-Chip Power (W)"}, what);
  power.dynamic_w = required(lines, {"Dynamic (W)"}, what);
  power.static_w = required(lines, {"Device Static (W)"}, what);
  for (const std::string& line : lines)
    if (const auto row = row_of(line); row.size() > 1 && row[0] == "Confidence Level") power.confidence = row[1];
  return power;
}

}  // namespace erngen
