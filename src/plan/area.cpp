#include "plan/area.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace erngen {
namespace {

struct Each {
  double lut, ff;
};
struct Coefficient {
  const char* name;
  Each series7, ecp5;
};

#include "plan/area_coefficients.inc"

Error without_coefficients(const std::string& term) {
  return {ExitCode::internal, "area term '" + term + "' has no coefficients in its place",
          "give it a row in src/plan/area_coefficients.inc, then run tools/calibrate.py fit"};
}

}  // namespace

EstimatedArea estimate_area(const std::vector<AreaTerm>& terms, Family family) {
  const bool lattice = family == Family::ecp5 || family == Family::ice40;
  if (terms.size() < std::size(coefficients)) throw without_coefficients("(none)");
  EstimatedArea area;
  for (size_t n = 0; n < terms.size(); ++n) {
    if (n >= std::size(coefficients) || std::string_view(terms[n].name) != coefficients[n].name)
      throw without_coefficients(terms[n].name);
    // Without coefficients of their own: LUTs of six inputs as the 7 series, registers as ECP5, where delay lines are
    // some.
    area.lut += (lattice ? coefficients[n].ecp5 : coefficients[n].series7).lut * terms[n].value;
    area.ff +=
        (lattice || borrowed_estimates(family) ? coefficients[n].ecp5 : coefficients[n].series7).ff * terms[n].value;
  }
  area.lut = std::max(area.lut, 0.0);
  area.ff = std::max(area.ff, 0.0);
  return area;
}

}  // namespace erngen
