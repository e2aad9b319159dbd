// Sigmoid or tanh of one sum.
#pragma once

#include <span>

#include "network/activation.hpp"
#include "ops/cell_template.hpp"
#include "ops/cell_units.hpp"
#include "ops/operation.hpp"

namespace erngen {

/// y = saturate(round_shift(f(z), G - 1 - fraction), A), f sigmoid or tanh.
void nonlinear_step(const CellUnits& units, const Activation& f, std::span<const std::int64_t> z, int fraction,
                    std::span<std::int32_t> y, CellSaturations& saturations);

extern const Operation nonlinear_operation;
extern const CellTemplate nonlinear_template;

}  // namespace erngen
