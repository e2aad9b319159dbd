// The sum itself, rounded to a vector; relu and clip are limits of the result.
#pragma once

#include <span>

#include "ops/cell_template.hpp"
#include "ops/cell_units.hpp"
#include "ops/operation.hpp"

namespace erngen {

/// y = round_shift(z, shift) limited to low..high, shift = F_t - f_y. A limit within the format of A bits is no
/// saturation.
void linear_step(const CellFormats& formats, int shift, Limits limits, std::span<const std::int64_t> z,
                 std::span<std::int32_t> y, CellSaturations& saturations);

extern const Operation linear_operation;
extern const CellTemplate linear_template;

}  // namespace erngen
