// GRU whose reset gate comes before the product: two passes, r and z -> s = r . h', then n -> h.
#pragma once

#include <span>

#include "network/network.hpp"
#include "ops/cell_template.hpp"
#include "ops/gru_state.hpp"
#include "ops/operation.hpp"

namespace erngen {

/// First pass of a GRU with reset before the product: s = r . h' with the fraction `fraction`, and the update gate q.
/// state [n]: h', HW bits; s, q [n]: out.
void gru_before_gates(const CellUnits& units, std::span<const std::int64_t> z_r, std::span<const std::int64_t> z_z,
                      std::span<const std::int32_t> state, int fraction, std::span<std::int32_t> s,
                      std::span<std::int32_t> q, CellSaturations& saturations);

/// Second pass: the state h(t), HW bits, from h(t-1) and the candidate's sum, of which it is f; and h [n], the vector
/// that matrices read, with the fraction `fraction`.
void gru_before_output(const CellUnits& units, const Activation& f, std::span<const std::int64_t> z_n,
                       std::span<const std::int32_t> q, std::span<std::int32_t> state, int fraction,
                       std::span<std::int32_t> h, CellSaturations& saturations);

extern const Operation gru_before_gates_operation, gru_before_output_operation;
extern const CellTemplate gru_before_template;

class GraphBuilder;
/// What such a layer becomes; returns the vector that it produces.
int lower_gru_before(GraphBuilder& b, const GruLayer& layer);

}  // namespace erngen
