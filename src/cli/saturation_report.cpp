#include "cli/saturation_report.hpp"

#include <fmt/format.h>

#include "cli/report.hpp"

namespace erngen::cli {

Json saturations_json(const std::vector<SignalSaturation>& saturations) {
  Json list = Json::array();
  for (const SignalSaturation& s : saturations)
    list.push_back(
        {{"signal", s.signal}, {"saturated", s.count.saturated}, {"values", s.count.values}, {"flat", s.flat}});
  return list;
}

std::string saturations_text(const std::vector<SignalSaturation>& saturations) {
  if (saturations.empty()) return "no value met the end of its format\n";
  Table table({"saturated", "values", "of", "share", ""});
  for (const SignalSaturation& s : saturations)
    table.add(
        {s.signal, fmt::to_string(s.count.saturated), fmt::to_string(s.count.values),
         fmt::format("{:.2g} %", 100.0 * static_cast<double>(s.count.saturated) / static_cast<double>(s.count.values)),
         s.flat ? "where the activation is flat" : ""});
  return table.text();
}

}  // namespace erngen::cli
