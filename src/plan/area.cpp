#include "plan/area.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace erngen {
namespace {

struct Coefficient {
  const char* name;
  double lut, ff;
};

#include "plan/area_coefficients.inc"

}  // namespace

EstimatedArea estimate_area(const std::vector<AreaTerm>& terms, Family family) {
  const bool lattice = family == Family::ecp5 || family == Family::ice40;
  const Coefficient* table = lattice ? ecp5_coefficients : series7_coefficients;
  const size_t size = lattice ? std::size(ecp5_coefficients) : std::size(series7_coefficients);
  EstimatedArea area;
  for (const AreaTerm& term : terms)
    for (size_t n = 0; n < size; ++n)
      if (std::string_view(table[n].name) == term.name) {
        area.lut += table[n].lut * term.value;
        area.ff += table[n].ff * term.value;
      }
  area.lut = std::max(area.lut, 0.0);
  area.ff = std::max(area.ff, 0.0);
  return area;
}

}  // namespace erngen
