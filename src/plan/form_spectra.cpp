#include "plan/form_spectra.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "fixed/number_formats.hpp"

namespace erngen {

std::vector<int> form_spectra(std::span<const LaneForm> forms, Family family) {
  std::set<int, std::greater<>> widths;
  for (const LaneForm form : forms)
    widths.insert(form == LaneForm::plain
                      ? NumberFormats::max_spectrum_width
                      : std::min(NumberFormats::max_spectrum_width, lane_form_limit(form, dsp_type(family).narrow)));
  return {widths.begin(), widths.end()};
}

}  // namespace erngen
