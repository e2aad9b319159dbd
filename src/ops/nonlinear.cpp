#include "ops/nonlinear.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ops/steps.hpp"
#include "units/cell.hpp"
#include "units/control_words.hpp"

namespace erngen {

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

namespace nonlinear {
namespace {

void real_step(const RealStep& s) {
  for (size_t n = 0; n < s.size(); ++n) s.out[n] = s.function(s.phase.activation, s.z[n]);
}

void fixed_step(const FixedStep& s) {
  nonlinear_step(s.units, s.phase.activation, s.z(0), s.fraction, s.out, s.saturations);
}

int latency(const CellSite& site) { return nonlinear_latency(site.act, site.sums); }

/// A unit of each function in use for each element.
ActivationCount activations(const CellSite& site) {
  const auto& ends = site.list(OutputShifts::nonlinear).ends;
  const bool tanh = std::any_of(ends.begin(), ends.end(), [](const OutputEnd& end) { return end.tanh; });
  const bool sigmoid = std::any_of(ends.begin(), ends.end(), [](const OutputEnd& end) { return !end.tanh; });
  return {sigmoid * site.words * site.ports, tanh * site.words * site.ports};
}

void area(const CellSite& site, CellArea& a) {  // beside its units: argument, sum and result of each element
  const double count = static_cast<double>(site.words) * site.ports;
  a.arguments += count * site.formats.argument_width();
  a.bring_to_vector(site, count, site.formats.gate_width + 1, OutputShifts::nonlinear);
  a.delays.valid(site.ports, latency(site));
  a.delays.line(static_cast<double>(site.ports) * tile_tag_bits, latency(site));
  a.delays.line(count, latency(site) - 1);
  ++a.results;
}

void parameters(const CellSite& site, CellParameters& all) {
  const auto& ends = site.list(OutputShifts::nonlinear).ends;
  std::string tanh;
  for (const OutputEnd& end : ends) tanh.insert(0, end.tanh ? "1" : "0");
  all.emplace_back("HAS_NONLINEAR", "1");
  all.emplace_back("NONLINEAR_SHIFTS", fmt::format("{}", ends.size()));
  all.emplace_back("NONLINEAR_SHIFT_LIST", packed_bytes(site.list(OutputShifts::nonlinear).shifts()));
  all.emplace_back("NONLINEAR_TANH", fmt::format("{}'b{}", ends.size(), tanh));
}

}  // namespace
}  // namespace nonlinear

constexpr CellTemplate nonlinear_template{.name = "ern_nonlinear",
                                          .has = "HAS_NONLINEAR",
                                          .activations = nonlinear::activations,
                                          .area = nonlinear::area,
                                          .parameters = nonlinear::parameters};

constexpr Operation nonlinear_operation{.op = Op::nonlinear,
                                        .name = "nonlinear",
                                        .gates = 1,
                                        .gate_names = {"y"},
                                        .arguments = {{{"y", Unit::of_activation}}},
                                        .shifts = OutputShifts::nonlinear,
                                        .ends_sum = true,
                                        .exact_fraction = [](const NumberFormats& f, int) { return f.gate_fraction(); },
                                        .real_step = nonlinear::real_step,
                                        .fixed_step = nonlinear::fixed_step,
                                        .latency = nonlinear::latency,
                                        .cell = &nonlinear_template};

}  // namespace erngen
