#include "ops/operation.hpp"

#include "ops/gru_after.hpp"
#include "ops/gru_before.hpp"
#include "ops/linear.hpp"
#include "ops/lstm.hpp"
#include "ops/nonlinear.hpp"

namespace erngen {

// The registration: an operation is known once it stands here and its template in cell_templates().
const std::array<const Operation*, op_count>& operations() {
  static constexpr std::array<const Operation*, op_count> all{
      &lstm_operation,   &gru_before_gates_operation, &gru_before_output_operation, &gru_after_operation,
      &linear_operation, &gru_after_input_operation,  &gru_after_state_operation,   &nonlinear_operation};
  return all;
}

const std::array<const CellTemplate*, cell_template_count>& cell_templates() {
  static constexpr std::array<const CellTemplate*, cell_template_count> all{
      &lstm_template, &gru_before_template, &gru_after_template, &linear_template, &nonlinear_template};
  return all;
}

const Operation& operation(Op op) { return *operations()[static_cast<size_t>(op)]; }

}  // namespace erngen
