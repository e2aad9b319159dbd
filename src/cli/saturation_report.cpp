#include "cli/saturation_report.hpp"

#include <fmt/format.h>

#include "cli/report.hpp"

namespace erngen::cli {

std::string saturations_text(const std::vector<SignalSaturation>& saturations) {
  Table table({"saturated", "values", "of", "share"});
  std::string flat;
  bool lossy = false;
  for (const SignalSaturation& s : saturations) {
    const double percent = 100.0 * static_cast<double>(s.count.saturated) / static_cast<double>(s.count.values);
    if (s.flat) {
      flat += fmt::format("{}{} {:.2g} %", flat.empty() ? "" : ", ", s.signal, percent);
      continue;
    }
    lossy = true;
    table.add({s.signal, fmt::to_string(s.count.saturated), fmt::to_string(s.count.values),
               fmt::format("{:.2g} %", percent)});
  }
  std::string text = lossy ? table.text() : "no value met the end of its format where that loses anything\n";
  if (!flat.empty()) text += "within two lsb of the end: " + flat + "\n";
  return text;
}

}  // namespace erngen::cli
