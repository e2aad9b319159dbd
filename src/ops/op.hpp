// The operations that phases end with, by the number that control words carry.
#pragma once

namespace erngen {

/// The element-wise operation that ends a phase (docs/reference/arithmetic.md, "Cells"). The two parts of a candidate
/// whose reset gate comes after the product are phases of their own, which leave their sums to gru_after.
enum class Op {
  lstm,
  gru_before_gates,
  gru_before_output,
  gru_after,
  linear,  ///< and relu and clip, which are limits of the result
  gru_after_input,
  gru_after_state,
  nonlinear  ///< sigmoid or tanh of one sum
};
inline constexpr int op_count = 8;

}  // namespace erngen
