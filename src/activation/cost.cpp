#include "activation/cost.hpp"

#include <algorithm>

namespace erngen {
namespace {

/// LUTs of a distributed ROM of one bit: 64 entries a LUT, wider ones joined by the slice's multiplexers.
double rom_luts_per_bit(int address_bits) { return address_bits <= 6 ? 1.0 : static_cast<double>(1 << (address_bits - 6)); }

}  // namespace

double ActivationCost::area() const { return lut + 120.0 * dsp + 150.0 * ((bram_bits + 18431) / 18432); }

ActivationCost activation_cost(const ActivationShape& shape, int entry_width, int slope_width, Multiplier multiplier,
                               bool extra_stage) {
  ActivationCost cost;
  cost.latency = activation_latency(extra_stage);
  const int word = entry_width + slope_width;
  if (shape.address_bits > distributed_address_bits) {
    cost.bram_bits = word << shape.address_bits;
  } else {
    cost.lut += word * rom_luts_per_bit(shape.address_bits);
  }
  if (shape.kind == UnitKind::table) {
    cost.lut += (shape.range_bits + 1) + shape.output.width;  // the fold and the unfold
    return cost;
  }
  cost.lut += shape.address_bits + entry_width;                     // ones' complement, and the start of the line
  cost.lut += shape.output.width + std::min(slope_width, shape.shift);  // the sum
  if (multiplier == Multiplier::dsp) {
    cost.dsp = 1;
  } else {
    cost.lut += 1.1 * slope_width * (shape.fraction_bits() + 1);
  }
  return cost;
}

ActivationCost activation_cost(const ActivationUnit& unit, Multiplier multiplier, bool extra_stage) {
  return activation_cost(unit.shape(), unit.entry_width(), unit.slope_width(), multiplier, extra_stage);
}

}  // namespace erngen
