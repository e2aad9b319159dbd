#include "ops/gru_after.hpp"

#include "ops/graph_builder.hpp"
#include "ops/lowering.hpp"
#include "ops/steps.hpp"
#include "units/cell.hpp"
#include "units/control_words.hpp"

namespace erngen {

void gru_after_step(const CellUnits& units, const Activation& f, std::span<const std::int64_t> z_r,
                    std::span<const std::int64_t> z_z, std::span<const std::int64_t> z_nx,
                    std::span<const std::int64_t> z_nh, std::span<std::int32_t> state, int fraction,
                    std::span<std::int32_t> h, CellSaturations& saturations) {
  const CellFormats& format = units.formats;
  const int candidate_shift = format.sum_fraction - format.candidate_fraction;
  const int product_shift = format.gate_fraction() + format.candidate_fraction - format.sum_fraction;
  for (std::size_t n = 0; n < h.size(); ++n) {
    const std::int64_t r = units.sigmoid(units.preactivation(z_r[n]), saturations.preactivation[0]);
    const std::int64_t q = units.sigmoid(units.preactivation(z_z[n]), saturations.preactivation[1]);
    const std::int64_t v =
        saturate_counted(round_shift(z_nh[n], candidate_shift), format.candidate_width, saturations.candidate);
    const std::int64_t candidate = units.function(f, units.preactivation(z_nx[n] + round_shift(r * v, product_shift)),
                                                  saturations.preactivation[2]);
    state[n] = narrow(gru_update(format, candidate, q, state[n]));
    h[n] = state_output(format, state[n], fraction, saturations.output);
  }
}

namespace gru_after {
namespace {

void real_step(const RealStep& s) {
  for (size_t n = 0; n < s.size(); ++n) {
    const double r = s.sigmoid(s.gate(0)[n]), update = s.sigmoid(s.gate(1)[n]);
    const double candidate = s.function(s.phase.activation, s.layer.input_sum[n] + r * s.layer.state_sum[n]);
    s.out[n] = (1 - update) * candidate + update * s.state[n];
  }
}

void fixed_step(const FixedStep& s) {
  gru_after_step(s.units, s.phase.activation, s.z(0), s.z(1), s.layer.input_sum, s.layer.state_sum, s.state, s.fraction,
                 s.out, s.saturations);
}

ActivationCount activations(const CellSite& site) {
  const ActivationCount candidate = site.functions(OutputShifts::state, &OutputEnd::candidate);
  return {site.elements() * (gru_gates + candidate.sigmoid), site.elements() * candidate.tanh};
}

void products(const CellSite& site, std::vector<CellProduct>& all) {
  const NumberFormats& f = site.formats;
  const int elements = site.elements();
  all.push_back({f.candidate_width, f.gate_width, elements});  // r v
  all.push_back({f.state_width, f.gate_width, elements});
  all.push_back({f.gate_width + 1, f.open_width(), elements});
}

void memories(const CellSite& site, std::vector<EngineMemory>& all) {
  all.push_back({"candidate sums", std::int64_t{site.words} * site.formats.sum_width(), site.bank_tiles(),
                 2 * site.ports, MemoryKind::ram});
}

void area(const CellSite& site, CellArea& a) {
  const NumberFormats& f = site.formats;
  const int HW = f.state_width, ZW = f.sum_width(), A = f.activation_width, act = site.act, sums = site.sums;
  const double elements = site.elements();
  a.arguments += 2 * elements * f.argument_width();
  a.scaled.add(elements, f.candidate_width, f.gate_width);
  a.scaled_sums += elements * (ZW + 2);
  a.candidate += elements * (ZW + 1);
  a.update(site, elements, act + 1 + sums);
  Delays& delays = a.delays;
  delays.line(elements * f.candidate_width, act + sums - 2);
  delays.line(elements * (ZW + HW), act + sums);
  delays.line(elements, 2 * act + 1 + 2 * sums);
  delays.valid(1, gru_after_latency(act, sums));
  delays.line(tile_tag_bits + 1, gru_after_latency(act, sums));
  a.fold_in += 4 * ZW + HW;
  a.fold_out += A + (HW > A ? HW : 0);  // a state that is not h itself
  ++a.tags;
  ++a.results;
  a.state = true;
  a.banked += 2 * ZW;
}

/// The two sums of a candidate, which share the layer's fraction of products with its gates.
constexpr Operation sum_operation(Op op, const char* name, const char* gate, bool gated) {
  Operation sum{.op = op,
                .name = name,
                .gates = 1,
                .gate_names = {gate},
                .leaves_sums = true,
                .gated_sum = gated,
                .cell = &gru_after_template};
  sum.real_step = [](const RealStep& s) {
    (s.phase.op == Op::gru_after_input ? s.layer.input_sum : s.layer.state_sum) = s.z;
  };
  sum.fixed_step = [](const FixedStep& s) {
    const auto z = s.z(0);
    (s.phase.op == Op::gru_after_input ? s.layer.input_sum : s.layer.state_sum).assign(z.begin(), z.end());
  };
  return sum;
}

}  // namespace
}  // namespace gru_after

constexpr CellTemplate gru_after_template{.name = "ern_cell_gru_after",
                                          .has = "HAS_GRU_AFTER",
                                          .activations = gru_after::activations,
                                          .products = gru_after::products,
                                          .memories = gru_after::memories,
                                          .area = gru_after::area,
                                          .parameters = add_state_candidates};

constexpr Operation gru_after_input_operation =
    gru_after::sum_operation(Op::gru_after_input, "gru_after_input", "nx", false);
constexpr Operation gru_after_state_operation =
    gru_after::sum_operation(Op::gru_after_state, "gru_after_state", "nh", true);

constexpr Operation gru_after_operation{
    .op = Op::gru_after,
    .name = "gru_after",
    .gates = 2,
    .gate_names = {"r", "z"},
    .arguments = {{{"r", Unit::sigmoid}, {"z", Unit::sigmoid}, {"n", Unit::of_activation}}},
    .shifts = OutputShifts::state,
    .takes_sums = true,
    .keeps_state = true,
    .exact_fraction = [](const NumberFormats& f, int) { return f.state_fraction(); },
    .real_step = gru_after::real_step,
    .fixed_step = gru_after::fixed_step,
    .latency = [](const CellSite& site) { return gru_after_latency(site.act, site.sums); },
    .cell = &gru_after_template};

int lower_gru_after(GraphBuilder& b, const GruLayer& layer) {
  using G = GruLayer;
  const CellFunction candidate = b.cell_function("a candidate with", layer.candidate);
  const BlockMatrix& u = layer.recurrent_weights[G::n];
  const int h = b.add_vector(fmt::format("h{}", b.index()), layer.hidden, true);
  auto& from_input = b.add_phase(Op::gru_after_input, layer.hidden,
                                 b.input_terms(b.index(), "input", {&layer.input_weights[G::n]}), h);
  if (layer.has_bias()) from_input.bias = {widen(layer.bias[G::n])};
  rescale(from_input, candidate.argument, {0});
  auto& from_state = b.add_phase(Op::gru_after_state, layer.hidden, {b.term(h, true, b.family("recurrent"), {&u})}, h);
  if (layer.has_bias()) from_state.bias = {widen(layer.bias_hn)};
  begin_products(from_state, {&u}, layer.initial_hidden);
  rescale(from_state, {candidate.argument.factor, 0}, {0});
  add_gru_gates(b, layer, Op::gru_after, h, h).activation = candidate.activation;
  return h;
}

}  // namespace erngen
