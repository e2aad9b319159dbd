#include "ops/gru_before.hpp"

#include "ops/graph_builder.hpp"
#include "ops/lowering.hpp"
#include "ops/steps.hpp"
#include "units/cell.hpp"
#include "units/control_words.hpp"

namespace erngen {

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

void gru_before_output(const CellUnits& units, const Activation& f, std::span<const std::int64_t> z_n,
                       std::span<const std::int32_t> q, std::span<std::int32_t> state, int fraction,
                       std::span<std::int32_t> h, CellSaturations& saturations) {
  for (std::size_t n = 0; n < h.size(); ++n) {
    const std::int64_t candidate = units.function(f, units.preactivation(z_n[n]), saturations.preactivation[0]);
    state[n] = narrow(gru_update(units.formats, candidate, q[n], state[n]));
    h[n] = state_output(units.formats, state[n], fraction, saturations.output);
  }
}

namespace gru_before {
namespace {

void real_gates(const RealStep& s) {
  s.layer.update.resize(s.size());
  for (size_t n = 0; n < s.size(); ++n) {
    s.layer.update[n] = s.sigmoid(s.gate(1)[n]);
    s.out[n] = s.sigmoid(s.gate(0)[n]) * s.state[n];
  }
}

void real_output(const RealStep& s) {
  for (size_t n = 0; n < s.size(); ++n) {
    const double update = s.layer.update[n];
    s.out[n] = (1 - update) * s.function(s.phase.activation, s.gate(0)[n]) + update * s.state[n];
  }
}

void fixed_gates(const FixedStep& s) {
  s.layer.update.resize(s.out.size());
  gru_before_gates(s.units, s.z(0), s.z(1), s.state, s.fraction, s.out, s.layer.update, s.saturations);
}

void fixed_output(const FixedStep& s) {
  gru_before_output(s.units, s.phase.activation, s.z(0), s.layer.update, s.state, s.fraction, s.out, s.saturations);
}

ActivationCount activations(const CellSite& site) {
  const int cells = site.elements() * site.ports;  // those of the further ports are whole
  const ActivationCount candidate = site.functions(OutputShifts::state, &OutputEnd::candidate);
  return {cells * (gru_gates + candidate.sigmoid), cells * candidate.tanh};
}

void products(const CellSite& site, std::vector<CellProduct>& all) {
  const NumberFormats& f = site.formats;
  const int elements = site.elements() * site.ports;
  all.push_back({f.state_width, f.gate_width, 2 * elements});  // r h', q (h' - n)
  all.push_back({f.gate_width + 1, f.open_width(), elements});
}

void memories(const CellSite& site, std::vector<EngineMemory>& all) {
  all.push_back({"update gates", std::int64_t{site.words} * site.formats.gate_width, site.bank_tiles(), site.ports,
                 MemoryKind::ram});
}

void area(const CellSite& site, CellArea& a) {
  const NumberFormats& f = site.formats;
  const int G = f.gate_width, HW = f.state_width, ZW = f.sum_width(), A = f.activation_width;
  const int sums = site.sums, act = site.act, ports = site.ports;
  const int activated = act + sums, latency = gru_before_gates_latency(act, sums);
  const double count = static_cast<double>(site.elements()) * ports;
  a.arguments += 3 * count * f.argument_width();
  a.added.add(count, HW, G);
  a.bring_to_vector(site, count, HW + G, OutputShifts::reset);
  a.update(site, count, activated);
  Delays& delays = a.delays;
  delays.line(count * HW, activated);
  delays.line(count * G, 1 + sums);
  delays.line(count, activated + 1);
  delays.line(count, activated);
  delays.valid(2 * ports, latency);
  delays.line(2.0 * ports * (tile_tag_bits + 1), latency);
  a.fold_in += ports * (3 * ZW + 2 * HW + G);
  a.fold_out += ports * (2 * A + G + (HW > A ? HW : 0));  // a state that is not h itself
  a.tags += 2 * ports;
  a.results += 2;
  a.state = true;
  a.banked += G;
}

}  // namespace
}  // namespace gru_before

constexpr CellTemplate gru_before_template{.name = "ern_cell_gru_before",
                                           .has = "HAS_GRU_BEFORE",
                                           .activations = gru_before::activations,
                                           .products = gru_before::products,
                                           .memories = gru_before::memories,
                                           .area = gru_before::area,
                                           .parameters = add_state_candidates};

constexpr Operation gru_before_gates_operation{
    .op = Op::gru_before_gates,
    .name = "gru_before_gates",
    .gates = 2,
    .gate_names = {"r", "z"},
    .arguments = {{{"r", Unit::sigmoid}, {"z", Unit::sigmoid}}},
    .shifts = OutputShifts::reset,
    .is_product = true,
    .exact_fraction = [](const NumberFormats& f, int) { return f.gate_fraction() + f.state_fraction(); },
    .real_step = gru_before::real_gates,
    .fixed_step = gru_before::fixed_gates,
    .latency = [](const CellSite& site) { return gru_before_gates_latency(site.act, site.sums); },
    .cell = &gru_before_template};

constexpr Operation gru_before_output_operation{
    .op = Op::gru_before_output,
    .name = "gru_before_output",
    .gates = 1,
    .gate_names = {"n"},
    .arguments = {{{"n", Unit::of_activation}}},
    .shifts = OutputShifts::state,
    .keeps_state = true,
    .exact_fraction = [](const NumberFormats& f, int) { return f.state_fraction(); },
    .real_step = gru_before::real_output,
    .fixed_step = gru_before::fixed_output,
    .latency = [](const CellSite& site) { return gru_before_output_latency(site.act, site.sums); },
    .cell = &gru_before_template};

int lower_gru_before(GraphBuilder& b, const GruLayer& layer) {
  using G = GruLayer;
  const CellFunction candidate = b.cell_function("a candidate with", layer.candidate);
  const int s = b.add_vector(fmt::format("s{}", b.index()), layer.hidden, false);
  const int h = b.add_vector(fmt::format("h{}", b.index()), layer.hidden, true);
  add_gru_gates(b, layer, Op::gru_before_gates, h, s);
  auto& output = b.add_phase(Op::gru_before_output, layer.hidden,
                             joined(b.input_terms(b.index(), "input", {&layer.input_weights[G::n]}),
                                    {b.term(s, false, b.family("recurrent"), {&layer.recurrent_weights[G::n]})}),
                             h);
  output.state = h;
  output.initial = widen(layer.initial_hidden);
  if (layer.has_bias()) output.bias = {widen(layer.bias[G::n])};
  output.activation = candidate.activation;
  rescale(output, candidate.argument, {0});
  return h;
}

}  // namespace erngen
