// GRU whose reset gate comes after the product: the candidate's two sums, then r and z -> h.
#pragma once

#include <span>

#include "network/network.hpp"
#include "ops/cell_template.hpp"
#include "ops/gru_state.hpp"
#include "ops/operation.hpp"

namespace erngen {

/// One step of a GRU with reset after the product; z_nx = W_n x + b_n, z_nh = U_n h' + b_hn, the candidate is f. state
/// [n]: h(t-1) in, h(t) out, HW bits; h [n]: the vector that matrices read, with the fraction `fraction`.
void gru_after_step(const CellUnits& units, const Activation& f, std::span<const std::int64_t> z_r,
                    std::span<const std::int64_t> z_z, std::span<const std::int64_t> z_nx,
                    std::span<const std::int64_t> z_nh, std::span<std::int32_t> state, int fraction,
                    std::span<std::int32_t> h, CellSaturations& saturations);

extern const Operation gru_after_operation, gru_after_input_operation, gru_after_state_operation;
extern const CellTemplate gru_after_template;

class GraphBuilder;
/// What such a layer becomes; returns the vector that it produces.
int lower_gru_after(GraphBuilder& b, const GruLayer& layer);

}  // namespace erngen
