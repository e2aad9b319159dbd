#include "ops/linear.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ops/steps.hpp"
#include "units/cell.hpp"
#include "units/control_words.hpp"

namespace erngen {

void linear_step(const CellFormats& formats, int shift, Limits limits, std::span<const std::int64_t> z,
                 std::span<std::int32_t> y, CellSaturations& saturations) {
  const Format format{formats.activation_width, 0};
  for (std::size_t n = 0; n < y.size(); ++n)
    y[n] = narrow(limited(round_shift(z[n], shift), limits, format, saturations.output));
}

namespace linear {
namespace {

void real_step(const RealStep& s) { std::transform(s.z.begin(), s.z.end(), s.out.begin(), s.phase.activation); }

void fixed_step(const FixedStep& s) {
  const Format format{s.units.formats.activation_width, s.fraction};
  linear_step(s.units.formats, s.sum_fraction - s.fraction, output_limits(s.phase.activation, format), s.z(0), s.out,
              s.saturations);
}

int latency(const CellSite& site) {
  return linear_latency(static_cast<int>(site.list(OutputShifts::linear).ends.size()), site.sums);
}

void area(const CellSite& site, CellArea& a) {
  const int ZW = site.formats.sum_width();
  const double words = static_cast<double>(site.ports) * site.words;
  const double shifts = static_cast<double>(site.list(OutputShifts::linear).ends.size());
  a.linear += words * (ZW + 1);
  a.linear_shifts += (shifts - 1) * words * ZW;
  a.linear_output += words * site.formats.activation_width;
  a.delays.valid(site.ports, latency(site));
  a.delays.line(static_cast<double>(site.ports) * tile_tag_bits, latency(site));
  a.delays.line(words, latency(site) - 1);
  ++a.results;
}

/// Closer limits of relu and clip, a number of A bits for each shift.
void parameters(const CellSite& site, CellParameters& all) {
  const int A = site.formats.activation_width;
  const Format format{A, 0};
  const Limits whole{static_cast<std::int32_t>(format.min()), static_cast<std::int32_t>(format.max())};
  const auto& ends = site.list(OutputShifts::linear).ends;
  if (std::all_of(ends.begin(), ends.end(), [&](const OutputEnd& end) { return end.limits == whole; })) return;
  const auto packed = [&](auto&& of) {
    std::string text;
    for (const OutputEnd& end : ends)
      text = fmt::format("{}'h{:x}{}{}", A, of(end.limits) & ((1 << A) - 1), text.empty() ? "" : ", ", text);
    return "{" + text + "}";
  };
  all.emplace_back("LIMITED", "1");
  all.emplace_back("LOWS", packed([](const Limits& limits) { return limits.low; }));
  all.emplace_back("HIGHS", packed([](const Limits& limits) { return limits.high; }));
}

}  // namespace
}  // namespace linear

constexpr CellTemplate linear_template{
    .name = "ern_linear", .has = "HAS_LINEAR", .area = linear::area, .parameters = linear::parameters};

constexpr Operation linear_operation{
    .op = Op::linear,
    .name = "linear",
    .gates = 1,
    .gate_names = {"y"},
    .shifts = OutputShifts::linear,
    .ends_sum = true,
    .exact_fraction = [](const NumberFormats& f, int readout_fraction) { return f.sum_fraction(readout_fraction); },
    .real_step = linear::real_step,
    .fixed_step = linear::fixed_step,
    .latency = linear::latency,
    .cell = &linear_template};

}  // namespace erngen
