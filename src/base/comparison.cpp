#include "base/comparison.hpp"

#include <algorithm>

#include "base/sqnr.hpp"

namespace erngen {

Comparison compare(std::span<const float> y, std::span<const float> reference, int outputs) {
  const auto width = static_cast<size_t>(outputs);
  Comparison c{y.size() / width, outputs, 0, 0, 0, 0, 0, {}};
  Power power;
  size_t agreeing = 0;
  for (size_t n = 0; n < y.size(); ++n) {
    const double before = power.max_error;
    power.add(reference[n], y[n]);
    if (power.max_error > before) {
      c.worst_frame = n / width;
      c.worst_output = static_cast<int>(n % width);
    }
  }
  for (size_t frame = 0; frame < c.frames; ++frame) {
    const auto a = y.subspan(frame * width, width), b = reference.subspan(frame * width, width);
    if (std::ranges::max_element(a) - a.begin() == std::ranges::max_element(b) - b.begin()) ++agreeing;
  }
  c.max_error = power.max_error;
  c.max_reference = power.max_abs;
  c.sqnr_db = power.sqnr_db();
  if (outputs > 1) c.agreement = static_cast<double>(agreeing) / static_cast<double>(c.frames);
  return c;
}

}  // namespace erngen
