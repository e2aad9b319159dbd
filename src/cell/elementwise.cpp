#include "cell/elementwise.hpp"

#include <fmt/format.h>

#include "base/error.hpp"

namespace erngen {
namespace {

void check_unit(const ActivationUnit& unit, Function function, const CellFormats& formats) {
  const Format input{formats.preactivation_width, formats.preactivation_fraction};
  const Format output{formats.activation_width, formats.activation_width - 1};
  if (unit.function() == function && unit.input() == input && unit.output() == output) return;
  throw bad_input(fmt::format("cell: the {} unit is a {} from {} to {}, but the formats need {} to {}",
                              function_name(function), function_name(unit.function()), unit.input().name(),
                              unit.output().name(), input.name(), output.name()));
}

std::int32_t narrow(std::int64_t v) { return static_cast<std::int32_t>(v); }

/// h = n + q (h' - n), the update of both GRU variants; between n and h', so it needs no saturation.
std::int32_t update(std::int64_t n, std::int64_t q, std::int64_t h_previous, int activation_width) {
  const int fraction = activation_width - 1;
  return narrow(round_shift(n * (std::int64_t{1} << fraction) + q * (h_previous - n), fraction));
}

}  // namespace

CellUnits::CellUnits(const CellFormats& formats_, const ActivationUnit& sigmoid_, const ActivationUnit& tanh_)
    : formats(formats_), sigmoid(sigmoid_), tanh(tanh_) {
  check_unit(sigmoid_, Function::sigmoid, formats);
  check_unit(tanh_, Function::tanh, formats);
  if (formats.cell_fraction >= formats.activation_width - 1) return;
  throw bad_input(fmt::format("cell: the fraction of the cell state is {}, but must be at least {}, that of the gates",
                              formats.cell_fraction, formats.activation_width - 1));
}

void lstm_step(const CellUnits& units, Candidate candidate, std::span<const std::int64_t> z_i,
               std::span<const std::int64_t> z_f, std::span<const std::int64_t> z_g, std::span<const std::int64_t> z_o,
               const Peepholes& peepholes, std::span<std::int32_t> c, std::span<std::int32_t> m) {
  const CellFormats& format = units.formats;
  const ActivationTable& psi = candidate == Candidate::tanh ? units.tanh : units.sigmoid;
  const int fraction = format.activation_width - 1;
  const int peephole_shift = format.peephole_fraction + format.cell_fraction - format.sum_fraction;
  const int tanh_shift = format.cell_fraction - format.preactivation_fraction;
  const std::int64_t product_scale = std::int64_t{1} << (format.cell_fraction - fraction);
  const bool peephole = !peepholes.i.empty();

  for (std::size_t n = 0; n < m.size(); ++n) {
    std::int64_t sum_i = z_i[n], sum_f = z_f[n], sum_o = z_o[n];
    const std::int64_t previous = c[n];
    if (peephole) {
      sum_i += round_shift(peepholes.i[n] * previous, peephole_shift);
      sum_f += round_shift(peepholes.f[n] * previous, peephole_shift);
    }
    const std::int64_t i = units.sigmoid(units.preactivation(sum_i));
    const std::int64_t f = units.sigmoid(units.preactivation(sum_f));
    const std::int64_t g = psi(units.preactivation(z_g[n]));
    const std::int64_t cell = saturate(round_shift(f * previous + i * g * product_scale, fraction), format.cell_width);
    c[n] = narrow(cell);
    if (peephole) sum_o += round_shift(peepholes.o[n] * cell, peephole_shift);
    const std::int64_t o = units.sigmoid(units.preactivation(sum_o));
    m[n] = narrow(round_shift(o * units.tanh(round_shift(cell, tanh_shift)), fraction));
  }
}

void gru_before_gates(const CellUnits& units, std::span<const std::int64_t> z_r, std::span<const std::int64_t> z_z,
                      std::span<const std::int32_t> h_previous, std::span<std::int32_t> s, std::span<std::int32_t> q) {
  for (std::size_t n = 0; n < s.size(); ++n) {
    const std::int64_t r = units.sigmoid(units.preactivation(z_r[n]));
    q[n] = units.sigmoid(units.preactivation(z_z[n]));
    s[n] = narrow(round_shift(r * h_previous[n], units.formats.activation_width - 1));
  }
}

void gru_before_output(const CellUnits& units, std::span<const std::int64_t> z_n, std::span<const std::int32_t> q,
                       std::span<const std::int32_t> h_previous, std::span<std::int32_t> h) {
  for (std::size_t n = 0; n < h.size(); ++n) {
    const std::int64_t candidate = units.tanh(units.preactivation(z_n[n]));
    h[n] = update(candidate, q[n], h_previous[n], units.formats.activation_width);
  }
}

void gru_after_step(const CellUnits& units, std::span<const std::int64_t> z_r, std::span<const std::int64_t> z_z,
                    std::span<const std::int64_t> z_nx, std::span<const std::int64_t> z_nh,
                    std::span<const std::int32_t> h_previous, std::span<std::int32_t> h) {
  const CellFormats& format = units.formats;
  const int candidate_shift = format.sum_fraction - format.candidate_fraction;
  const int product_shift = format.activation_width - 1 + format.candidate_fraction - format.sum_fraction;
  for (std::size_t n = 0; n < h.size(); ++n) {
    const std::int64_t r = units.sigmoid(units.preactivation(z_r[n]));
    const std::int64_t q = units.sigmoid(units.preactivation(z_z[n]));
    const std::int64_t v = saturate(round_shift(z_nh[n], candidate_shift), CellFormats::candidate_width);
    const std::int64_t candidate = units.tanh(units.preactivation(z_nx[n] + round_shift(r * v, product_shift)));
    h[n] = update(candidate, q, h_previous[n], format.activation_width);
  }
}

void linear_step(const CellFormats& formats, int shift, std::span<const std::int64_t> z, std::span<std::int32_t> y) {
  for (std::size_t n = 0; n < y.size(); ++n)
    y[n] = narrow(saturate(round_shift(z[n], shift), formats.activation_width));
}

}  // namespace erngen
