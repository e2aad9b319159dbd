#include "activation/cost.hpp"

namespace erngen {
namespace {

/// LUTs of a distributed ROM of one bit: 64 entries a LUT; wider ones are joined by the slice's multiplexers, and
/// their folded addresses cost a quarter more.
double rom_luts_per_bit(int address_bits) {
  return address_bits <= 6 ? 1.0 : 1.25 * static_cast<double>(1 << (address_bits - 6));
}

constexpr double range_check = 5;  ///< all bits above the range equal, for up to a dozen of them

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
    cost.lut += (shape.range_bits + 1) + shape.output.width + range_check;  // the fold and the unfold
    return cost;
  }
  const int sum = shape.output.width + shape.shift;
  cost.lut += shape.address_bits + range_check + 1.6 * sum;  // ones' complement; the start of the line, or a constant
  if (multiplier == Multiplier::dsp) {
    cost.dsp = 1;  // with the sum
  } else {
    cost.lut += 1.3 * (shape.fraction_bits() - 1) * (slope_width + 1) + sum + 10;  // shifted slopes, and the sum
  }
  return cost;
}

ActivationCost activation_cost(const ActivationUnit& unit, Multiplier multiplier, bool extra_stage) {
  return activation_cost(unit.shape(), unit.entry_width(), unit.slope_width(), multiplier, extra_stage);
}

}  // namespace erngen
