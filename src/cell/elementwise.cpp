#include "cell/elementwise.hpp"

#include <algorithm>

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

std::int32_t narrow(std::int64_t v) { return static_cast<std::int32_t>(v); }

/// h = n + q (h' - n), the update of both GRU variants; between n and h', so it needs no saturation.
/// n, q: G bits; h_previous and the result: HW bits.
std::int64_t update(const CellFormats& format, std::int64_t n, std::int64_t q, std::int64_t h_previous) {
  const int fraction = format.gate_fraction();
  const std::int64_t candidate = n * (std::int64_t{1} << (format.state_fraction() - fraction));
  return round_shift(candidate * (std::int64_t{1} << fraction) + q * (h_previous - candidate), fraction);
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

void lstm_step(const CellUnits& units, Activation candidate, std::span<const std::int64_t> z_i,
               std::span<const std::int64_t> z_f, std::span<const std::int64_t> z_g, std::span<const std::int64_t> z_o,
               const Peepholes& peepholes, std::span<std::int32_t> c, int fraction, std::span<std::int32_t> m,
               CellSaturations& saturations) {
  const CellFormats& format = units.formats;
  const ActivationTable& psi = candidate == Nonlinearity::tanh ? units.tanh : units.sigmoid;
  const int gate = format.gate_fraction();
  const int peephole_shift = format.peephole_fraction + format.cell_fraction - format.sum_fraction;
  const int tanh_shift = format.cell_fraction - format.preactivation_fraction;
  const std::int64_t product_scale = std::int64_t{1} << (format.cell_fraction - gate);
  const bool peephole = !peepholes.i.empty();
  CellSaturations& count = saturations;

  for (std::size_t n = 0; n < m.size(); ++n) {
    std::int64_t sum_i = z_i[n], sum_f = z_f[n], sum_o = z_o[n];
    const std::int64_t previous = c[n];
    if (peephole) {
      sum_i += round_shift(peepholes.i[n] * previous, peephole_shift);
      sum_f += round_shift(peepholes.f[n] * previous, peephole_shift);
    }
    const std::int64_t i = units.sigmoid(units.preactivation(sum_i), count.preactivation[0]);
    const std::int64_t f = units.sigmoid(units.preactivation(sum_f), count.preactivation[1]);
    const std::int64_t g = psi(units.preactivation(z_g[n]), count.preactivation[2]);
    const std::int64_t cell =
        saturate_counted(round_shift(f * previous + i * g * product_scale, gate), format.cell_width, count.cell);
    c[n] = narrow(cell);
    if (peephole) sum_o += round_shift(peepholes.o[n] * cell, peephole_shift);
    const std::int64_t o = units.sigmoid(units.preactivation(sum_o), count.preactivation[3]);
    const std::int64_t product = o * units.tanh(round_shift(cell, tanh_shift), count.cell_argument);
    m[n] = narrow(saturate_counted(round_shift(product, 2 * gate - fraction), format.activation_width, count.output));
  }
}

void gru_before_gates(const CellUnits& units, std::span<const std::int64_t> z_r, std::span<const std::int64_t> z_z,
                      std::span<const std::int32_t> state, int fraction, std::span<std::int32_t> s,
                      std::span<std::int32_t> q, CellSaturations& saturations) {
  const CellFormats& format = units.formats;
  const int shift = format.gate_fraction() + format.state_fraction() - fraction;
  for (std::size_t n = 0; n < s.size(); ++n) {
    const std::int64_t r = units.sigmoid(units.preactivation(z_r[n]), saturations.preactivation[0]);
    q[n] = units.sigmoid(units.preactivation(z_z[n]), saturations.preactivation[1]);
    s[n] = narrow(saturate_counted(round_shift(r * state[n], shift), format.activation_width, saturations.output));
  }
}

void gru_before_output(const CellUnits& units, std::span<const std::int64_t> z_n, std::span<const std::int32_t> q,
                       std::span<std::int32_t> state, int fraction, std::span<std::int32_t> h,
                       CellSaturations& saturations) {
  for (std::size_t n = 0; n < h.size(); ++n) {
    const std::int64_t candidate = units.tanh(units.preactivation(z_n[n]), saturations.preactivation[0]);
    state[n] = narrow(update(units.formats, candidate, q[n], state[n]));
    h[n] = state_output(units.formats, state[n], fraction, saturations.output);
  }
}

void gru_after_step(const CellUnits& units, std::span<const std::int64_t> z_r, std::span<const std::int64_t> z_z,
                    std::span<const std::int64_t> z_nx, std::span<const std::int64_t> z_nh,
                    std::span<std::int32_t> state, int fraction, std::span<std::int32_t> h,
                    CellSaturations& saturations) {
  const CellFormats& format = units.formats;
  const int candidate_shift = format.sum_fraction - format.candidate_fraction;
  const int product_shift = format.gate_fraction() + format.candidate_fraction - format.sum_fraction;
  for (std::size_t n = 0; n < h.size(); ++n) {
    const std::int64_t r = units.sigmoid(units.preactivation(z_r[n]), saturations.preactivation[0]);
    const std::int64_t q = units.sigmoid(units.preactivation(z_z[n]), saturations.preactivation[1]);
    const std::int64_t v =
        saturate_counted(round_shift(z_nh[n], candidate_shift), format.candidate_width, saturations.candidate);
    const std::int64_t candidate =
        units.tanh(units.preactivation(z_nx[n] + round_shift(r * v, product_shift)), saturations.preactivation[2]);
    state[n] = narrow(update(format, candidate, q, state[n]));
    h[n] = state_output(format, state[n], fraction, saturations.output);
  }
}

std::int32_t state_output(const CellFormats& formats, std::int64_t state, int fraction, SaturationCount& count) {
  return narrow(
      saturate_counted(round_shift(state, formats.state_fraction() - fraction), formats.activation_width, count));
}

void linear_step(const CellFormats& formats, int shift, Limits limits, std::span<const std::int64_t> z,
                 std::span<std::int32_t> y, CellSaturations& saturations) {
  const std::int64_t end = std::int64_t{1} << (formats.activation_width - 1);
  for (std::size_t n = 0; n < y.size(); ++n) {
    const std::int64_t value = round_shift(z[n], shift);
    const bool below = value < -end && limits.low == -end, above = value >= end && limits.high == end - 1;
    ++saturations.output.values;
    saturations.output.saturated += below || above;
    y[n] = narrow(std::clamp<std::int64_t>(value, limits.low, limits.high));
  }
}

void nonlinear_step(const CellUnits& units, const Activation& f, std::span<const std::int64_t> z, int fraction,
                    std::span<std::int32_t> y, CellSaturations& saturations) {
  const CellFormats& format = units.formats;
  const ActivationTable& unit = f == Nonlinearity::tanh ? units.tanh : units.sigmoid;
  const int shift = format.gate_fraction() - fraction;
  for (std::size_t n = 0; n < y.size(); ++n) {
    const std::int64_t value = unit(units.preactivation(z[n]), saturations.preactivation[0]);
    y[n] = narrow(saturate_counted(round_shift(value, shift), format.activation_width, saturations.output));
  }
}

}  // namespace erngen
