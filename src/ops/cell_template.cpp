#include "ops/cell_template.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace erngen {

void CellArea::bring_to_vector(const CellSite& site, double count, int width, OutputShifts list) {
  const std::vector<int> shifts = site.list(list).shifts();
  if (site.list(list).saturates) clamped += count * site.formats.activation_width;
  shifted +=
      count * (static_cast<double>(shifts.size()) - 1) * (width - *std::min_element(shifts.begin(), shifts.end()));
}

void CellArea::update(const CellSite& site, double count, int wait) {
  const int G = site.formats.gate_width, HW = site.formats.state_width, A = site.formats.activation_width;
  added.add(count, HW, G);
  added.add(count, G + 1, G);
  delays.line(count * (HW + G - std::min(HW - G, G - 1)), wait - 2);
  delays.line(count * G, wait - 1);
  updated += count * (2.0 * G + HW + 2);
  // H is the sum less the half: a constant, which costs the 7 series inverters only, or one of several.
  if (HW > A && (site.lattice() || site.list(OutputShifts::state).ends.size() > 1)) rounded += count * (A + 2);
  bring_to_vector(site, count, HW + 1, OutputShifts::state);
}

std::string packed_bytes(const std::vector<int>& values) {
  std::string text = "{";
  for (size_t i = values.size(); i-- > 0;) text += fmt::format("8'd{}{}", values[i] & 255, i ? ", " : "}");
  return text;
}

}  // namespace erngen
