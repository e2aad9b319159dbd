#include "ops/cell_units.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

void check_unit(const ActivationUnit& unit, Function function, const CellFormats& formats) {
  const Format input{formats.preactivation_width, formats.preactivation_fraction};
  const Format output{formats.gate_width, formats.gate_fraction()};
  if (sums_to_one(unit.function()) == sums_to_one(function) && unit.input() == input && unit.output() == output) return;
  throw bad_input(fmt::format("cell: the {} unit is a {} from {} to {}, but the formats need {} to {}",
                              function_name(function), function_name(unit.function()), unit.input().name(),
                              unit.output().name(), input.name(), output.name()));
}

void require_finer(const char* what, int fraction, int gate_fraction) {
  if (fraction >= gate_fraction) return;
  throw bad_input(fmt::format("cell: the fraction of the {} is {}, but must be at least {}, that of the gates", what,
                              fraction, gate_fraction));
}

}  // namespace

std::int32_t ActivationTable::operator()(std::int64_t x, SaturationCount& count) const {
  const std::int64_t argument = saturate_counted(x, width_, count);
  if (values_.empty()) return narrow(unit_.evaluate(argument));
  std::int32_t& value = values_[static_cast<std::size_t>(argument + offset_)];
  if (value == unknown) value = narrow(unit_.evaluate(argument));
  return value;
}

CellUnits::CellUnits(const CellFormats& formats_, const ActivationUnit& sigmoid_, const ActivationUnit& tanh_)
    : formats(formats_), sigmoid(sigmoid_), tanh(tanh_) {
  check_unit(sigmoid_, Function::sigmoid, formats);
  check_unit(tanh_, Function::tanh, formats);
  require_finer("cell state", formats.cell_fraction, formats.gate_fraction());
  require_finer("GRU's state", formats.state_fraction(), formats.gate_fraction());
}

std::int64_t CellUnits::function(const Activation& f, std::int64_t argument, SaturationCount& count) const {
  if (f == Nonlinearity::tanh) return tanh(argument, count);
  if (f == Nonlinearity::sigmoid) return sigmoid(argument, count);
  const Format format{formats.open_width(), formats.gate_fraction()};
  return limited(round_shift(argument, formats.preactivation_fraction - formats.gate_fraction()),
                 output_limits(f, format), format, count);
}

}  // namespace erngen
