// One description per operation: what ends a phase, for everybody who asks.
//
// Each family of operations has a file (lstm.cpp, gru_before.cpp, gru_after.cpp, linear.cpp, nonlinear.cpp) that holds
// its gates, what it reads and leaves, its float and its fixed step, and the template that executes it with its
// latency, products, memories, area and parameters. Planner, models, quantiser and writer iterate over the
// descriptions. A fixed step sees formats and tables (FixedStep), a template the engine around it (CellSite): neither
// can reach the other's numbers.
#pragma once

#include <array>

#include "fixed/number_formats.hpp"
#include "ops/op.hpp"
#include "ops/output_end.hpp"

namespace erngen {

struct CellSite;
struct CellTemplate;
struct FixedStep;
struct RealStep;

/// The activation unit that takes an argument: sigmoid's or tanh's, or the one of the phase's activation.
enum class Unit { none, sigmoid, tanh, of_activation };

/// An argument of an activation unit: a gate's sum, or what is made of several.
struct Argument {
  const char* name = "";
  Unit unit = Unit::none;
};

struct Operation {
  Op op{};
  const char* name = "";
  int gates = 0;                            ///< rows of sums a tile
  std::array<const char*, 4> gate_names{};  ///< of the sums
  std::array<Argument, 4> arguments{};      ///< of activation units, as CellSaturations counts them
  OutputShifts shifts{};                    ///< the list that rounds its result
  bool leaves_sums = false;                 ///< ends with its sums, which a later phase of the layer takes: no vector
  bool takes_sums = false;                  ///< those
  bool gated_sum = false;                   ///< leaves the part of a candidate that the reset gate multiplies
  bool keeps_state = false;                 ///< a GRU's, of more bits than the vector that it gives
  bool keeps_cell = false;                  ///< an LSTM's cell state; it may have peepholes
  bool is_product = false;                  ///< the result is a product of two values below 1
  bool ends_sum = false;                    ///< the result is a function of one sum, with no state
  int (*exact_fraction)(const NumberFormats& formats, int readout_fraction) = nullptr;  ///< of the unrounded result
  void (*real_step)(const RealStep& step) = nullptr;
  void (*fixed_step)(const FixedStep& step) = nullptr;
  /// Cycles from z to the result, without folding; null where sums are left.
  int (*latency)(const CellSite& site) = nullptr;
  const CellTemplate* cell = nullptr;  ///< what executes it

  /// Whether the result is the sum itself, rounded: no activation unit.
  bool is_linear() const { return ends_sum && arguments[0].unit == Unit::none; }
  /// Whether the result is an activation unit's value of one sum.
  bool is_unit() const { return ends_sum && !is_linear(); }
  /// Whether its elements are folded.
  bool folds() const { return !ends_sum && !leaves_sums; }
  /// The finest fraction that the result is rounded to: a product of gate values loses a bit at least.
  int finest_fraction(const NumberFormats& formats) const {
    return exact_fraction(formats, formats.readout_fraction) - (is_product ? 1 : 0);
  }
};

/// The description.
const Operation& operation(Op op);

/// All of them, by Op.
const std::array<const Operation*, op_count>& operations();

inline int gate_count(Op op) { return operation(op).gates; }

}  // namespace erngen
