#include "plan/area.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <string_view>

namespace erngen {
namespace {

struct Coefficient {
  const char* name;
  double lut, ff;
};

#include "plan/area_coefficients.inc"

/// The coefficients of each term: terms stand in a fixed order, so that names are compared once.
std::vector<Coefficient> in_order(const std::vector<AreaTerm>& terms, std::span<const Coefficient> table) {
  std::vector<Coefficient> result;
  for (const AreaTerm& term : terms) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const Coefficient& c) { return std::string_view(c.name) == term.name; });
    result.push_back(found == table.end() ? Coefficient{term.name, 0, 0} : *found);
  }
  return result;
}

}  // namespace

EstimatedArea estimate_area(const std::vector<AreaTerm>& terms, Family family) {
  static const std::vector<Coefficient> series7 = in_order(terms, series7_coefficients),
                                        lattice = in_order(terms, ecp5_coefficients);
  const auto& coefficients = family == Family::ecp5 || family == Family::ice40 ? lattice : series7;
  EstimatedArea area;
  for (size_t n = 0; n < terms.size(); ++n) {
    area.lut += coefficients[n].lut * terms[n].value;
    area.ff += coefficients[n].ff * terms[n].value;
  }
  area.lut = std::max(area.lut, 0.0);
  area.ff = std::max(area.ff, 0.0);
  return area;
}

}  // namespace erngen
