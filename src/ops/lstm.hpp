// LSTM: i, f, g, o -> c, m.
#pragma once

#include <span>

#include "network/activation.hpp"
#include "ops/cell_template.hpp"
#include "ops/cell_units.hpp"
#include "ops/operation.hpp"

namespace erngen {

/// The weights that let LSTM gates see the cell state, [n] each, W bits, fraction f_q; all empty: none.
struct Peepholes {
  std::span<const std::int32_t> i, f, o;
};

/// One LSTM step. z_*: [n]. c [n]: c(t-1) in, c(t) out. m [n]: out, with the fraction `fraction`.
void lstm_step(const CellUnits& units, Activation candidate, Activation squash, std::span<const std::int64_t> z_i,
               std::span<const std::int64_t> z_f, std::span<const std::int64_t> z_g, std::span<const std::int64_t> z_o,
               const Peepholes& peepholes, std::span<std::int32_t> c, int fraction, std::span<std::int32_t> m,
               CellSaturations& saturations);

extern const Operation lstm_operation;
extern const CellTemplate lstm_template;

}  // namespace erngen
