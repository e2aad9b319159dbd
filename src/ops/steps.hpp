// What the float and the fixed step of an operation see.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ops/cell_units.hpp"
#include "ops/graph.hpp"

namespace erngen {

/// What the phases of a layer leave one another, and a layer itself from frame to frame, beside its vectors.
template <class T, class Sum>
struct LayerMemory {
  std::vector<T> cell;                    ///< c of an LSTM
  std::vector<T> update;                  ///< gate of a GRU with reset before the product
  std::vector<Sum> input_sum, state_sum;  ///< z_x and z_h of a GRU with reset after it
};

/// All arrays have `size` elements.
struct RealStep {
  const UnitFunctions& functions;
  const Phase<double>& phase;
  std::vector<double>& z;  ///< [gates][size]
  LayerMemory<double, double>& layer;
  std::span<const double> state;  ///< the layer's h(t-1), for a GRU
  std::vector<double>& out;       ///< the vector; untouched where sums are left

  size_t size() const { return static_cast<size_t>(phase.size); }
  double* gate(int n) const { return z.data() + static_cast<size_t>(n) * size(); }
  double sigmoid(double v) const { return real_value(functions.sigmoid, v); }
  double tanh(double v) const { return real_value(functions.tanh, v); }
  double function(const Activation& f, double v) const {
    return f == Nonlinearity::tanh ? tanh(v) : f == Nonlinearity::sigmoid ? sigmoid(v) : f(v);
  }
};

/// All arrays hold raw integers of `size` elements.
struct FixedStep {
  const CellUnits& units;
  const Phase<std::int32_t>& phase;
  std::span<const std::int64_t> sums;  ///< [gates][stride]
  size_t stride = 0;
  int sum_fraction = 0;  ///< F_t of the phase's sums
  int fraction = 0;      ///< of the vector that it gives
  LayerMemory<std::int32_t, std::int64_t>& layer;
  std::span<std::int32_t> state;  ///< a GRU's h, HW bits: h(t-1) in, h(t) out
  std::span<std::int32_t> out;    ///< the vector
  CellSaturations& saturations;

  std::span<const std::int64_t> z(int gate) const {
    return sums.subspan(static_cast<size_t>(gate) * stride, static_cast<size_t>(phase.size));
  }
};

}  // namespace erngen
