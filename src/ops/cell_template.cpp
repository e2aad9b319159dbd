#include "ops/cell_template.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace erngen {

ActivationCount CellSite::functions(OutputShifts of_list, Activation OutputEnd::*of) const {
  const auto has = [&](Nonlinearity f) {
    const auto& ends = list(of_list).ends;
    return std::any_of(ends.begin(), ends.end(), [&](const OutputEnd& end) { return end.*of == f; });
  };
  return {has(Nonlinearity::sigmoid), has(Nonlinearity::tanh)};
}

void CellArea::limit(const CellSite& site, double count, OutputShifts list, Activation OutputEnd::*of) {
  const auto& ends = site.list(list).ends;
  if (std::all_of(ends.begin(), ends.end(), [&](const OutputEnd& end) { return is_unit(end.*of); })) return;
  linear += count * site.formats.argument_width();  // the rounding, and two comparisons
  linear_output += 2 * count * site.formats.open_width();
}

void add_functions(const CellSite& site, OutputShifts list, Activation OutputEnd::*of, const std::string& prefix,
                   CellParameters& all) {
  const Format format{site.formats.open_width(), site.formats.gate_fraction()};
  std::string kinds, lows, highs;
  const auto put = [&](std::string& text, const std::string& word) {
    text = text.empty() ? word : fmt::format("{}, {}", word, text);  // the first one lies lowest
  };
  const auto hex = [&](std::int64_t word) {
    return fmt::format("{}'h{:x}", format.width, word & ((std::int64_t{1} << format.width) - 1));
  };
  for (const OutputEnd& end : site.list(list).ends) {
    const Activation& f = end.*of;
    const Limits limits = is_unit(f) ? Limits{} : output_limits(f, format);
    put(kinds, f == Nonlinearity::sigmoid ? "2'd0" : f == Nonlinearity::tanh ? "2'd1" : "2'd2");
    put(lows, hex(limits.low));
    put(highs, hex(limits.high));
  }
  all.emplace_back(prefix + "S", "{" + kinds + "}");
  all.emplace_back(prefix + "_LOWS", "{" + lows + "}");
  all.emplace_back(prefix + "_HIGHS", "{" + highs + "}");
}

void CellArea::bring_to_vector(const CellSite& site, double count, int width, OutputShifts list) {
  const std::vector<int> shifts = site.list(list).shifts();
  if (site.list(list).saturates) clamped += count * site.formats.activation_width;
  shifted +=
      count * (static_cast<double>(shifts.size()) - 1) * (width - *std::min_element(shifts.begin(), shifts.end()));
}

void CellArea::update(const CellSite& site, double count, int wait) {
  const int G = site.formats.gate_width, HW = site.formats.state_width, A = site.formats.activation_width;
  added.add(count, HW, G);
  added.add(count, G + 1, site.formats.open_width());
  limit(site, count, OutputShifts::state, &OutputEnd::candidate);
  delays.line(count * (HW + G - std::min(HW - site.formats.open_width(), G - 1)), wait - 2);
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
