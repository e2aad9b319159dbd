#include "ops/lstm.hpp"

#include <algorithm>

#include "ops/graph_builder.hpp"
#include "ops/lowering.hpp"
#include "ops/steps.hpp"
#include "units/cell.hpp"
#include "units/control_words.hpp"

namespace erngen {

void lstm_step(const CellUnits& units, Activation candidate, Activation squash, std::span<const std::int64_t> z_i,
               std::span<const std::int64_t> z_f, std::span<const std::int64_t> z_g, std::span<const std::int64_t> z_o,
               const Peepholes& peepholes, std::span<std::int32_t> c, int fraction, std::span<std::int32_t> m,
               CellSaturations& saturations) {
  const CellFormats& format = units.formats;
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
    const std::int64_t g = units.function(candidate, units.preactivation(z_g[n]), count.preactivation[2]);
    const std::int64_t cell =
        saturate_counted(round_shift(f * previous + i * g * product_scale, gate), format.cell_width, count.cell);
    c[n] = narrow(cell);
    if (peephole) sum_o += round_shift(peepholes.o[n] * cell, peephole_shift);
    const std::int64_t o = units.sigmoid(units.preactivation(sum_o), count.preactivation[3]);
    const std::int64_t product = o * units.function(squash, round_shift(cell, tanh_shift), count.cell_argument);
    m[n] = narrow(saturate_counted(round_shift(product, 2 * gate - fraction), format.activation_width, count.output));
  }
}

namespace lstm {
namespace {

void real_step(const RealStep& s) {
  const bool peephole = !s.phase.peephole.empty();
  const auto p = [&](int gate, size_t n) { return peephole ? s.phase.peephole[static_cast<size_t>(gate)][n] : 0; };
  for (size_t n = 0; n < s.size(); ++n) {
    double& c = s.layer.cell[n];
    const double i = s.sigmoid(s.gate(0)[n] + p(0, n) * c), f = s.sigmoid(s.gate(1)[n] + p(1, n) * c);
    c = f * c + i * s.function(s.phase.activation, s.gate(2)[n]);
    s.out[n] = s.sigmoid(s.gate(3)[n] + p(2, n) * c) * s.function(s.phase.squash, c);
  }
}

void fixed_step(const FixedStep& s) {
  Peepholes peepholes;
  if (!s.phase.peephole.empty()) peepholes = {s.phase.peephole[0], s.phase.peephole[1], s.phase.peephole[2]};
  lstm_step(s.units, s.phase.activation, s.phase.squash, s.z(0), s.z(1), s.z(2), s.z(3), peepholes, s.layer.cell,
            s.fraction, s.out, s.saturations);
}

int latency(const CellSite& site) { return lstm_latency(site.peephole, site.act, site.sums); }

ActivationCount activations(const CellSite& site) {
  const ActivationCount candidate = site.functions(OutputShifts::lstm, &OutputEnd::candidate);
  const ActivationCount squash = site.functions(OutputShifts::lstm, &OutputEnd::squash);
  return {site.elements() * (lstm_gates + candidate.sigmoid), site.elements() * (candidate.tanh + squash.tanh)};
}

void products(const CellSite& site, std::vector<CellProduct>& all) {
  const NumberFormats& f = site.formats;
  const int elements = site.elements();
  all.push_back({f.open_width(), f.gate_width, 2 * elements});  // i g, o tanh(c)
  all.push_back({f.cell_width, f.gate_width, elements});        // f c'
  if (site.peephole) all.push_back({f.cell_width, f.weight_width, 3 * elements});
}

void memories(const CellSite& site, std::vector<EngineMemory>& all) {
  all.push_back({"cells", std::int64_t{site.words} * site.formats.cell_width, site.state_tiles, 1, MemoryKind::ram});
  if (site.initial_cell)
    all.push_back({"initial cells", std::int64_t{site.words} * site.formats.cell_width, site.constant_rows, 1,
                   MemoryKind::constants});
}

void area(const CellSite& site, CellArea& a) {
  const NumberFormats& f = site.formats;
  const int G = f.gate_width, CW = f.cell_width, ZW = f.sum_width(), W = f.weight_width, A = f.activation_width;
  const int act = site.act, argument = f.argument_width(), K = site.words;
  const bool peephole = site.peephole;
  const double elements = site.elements();
  const int sums = site.sums, gate = (peephole ? 2 : 0) + sums + act, cell = gate + 2 + sums,
            output = cell + (peephole ? 1 + sums : 0) + act;
  a.arguments += (peephole ? 1 : 4) * elements * argument;  // of the others the product is added
  a.saturated += elements * (CW + f.preactivation_width);
  const int GC = f.open_width();
  a.added.add(elements, GC, G);
  a.added.add(elements, CW, G);
  a.alone += elements * (GC + G);  // i g has no sum
  a.lone_lut += elements * product_lut(GC, G);
  a.bring_to_vector(site, elements, GC + G, OutputShifts::lstm);
  a.limit(site, elements, OutputShifts::lstm, &OutputEnd::candidate);
  a.limit(site, elements, OutputShifts::lstm, &OutputEnd::squash);
  if (peephole) {
    a.scaled.add(3 * elements, CW, W);
    a.scaled_sums += 3 * elements * (ZW + 2);
    a.peephole += elements * (2.0 * ZW + CW + 2 * W);
  }
  Delays& delays = a.delays;
  delays.line(elements * GC, gate - sums - act);
  delays.line(elements * CW, gate);
  if (peephole)
    delays.line(elements * (ZW + W), cell);
  else
    delays.line(elements * G, output - sums - act);
  delays.line(elements * GC, output - cell - act);
  delays.line(elements, output + 1);
  const int cell_latency = lstm_cell_latency(peephole, act, sums),
            rest = lstm_latency(peephole, act, sums) - cell_latency;
  delays.valid(1, cell_latency);
  delays.valid(1, rest);
  delays.line(tile_tag_bits + 1, cell_latency);
  delays.line(tile_tag_bits + 1, rest);
  a.fold_in += 4 * ZW + CW + (peephole ? 3 * W : 0);
  a.fold_out += CW + A;
  ++a.tags;
  ++a.results;
  a.cell_state += (site.initial_cell ? 3.0 : 2.0) * K * CW;
}

void parameters(const CellSite& site, CellParameters& all) {
  const auto& ends = site.list(OutputShifts::lstm).ends;
  if (std::all_of(ends.begin(), ends.end(), [&](const OutputEnd& end) {
        return end.candidate == ends[0].candidate && is_unit(end.candidate) && end.squash == Nonlinearity::tanh;
      }))
    return;  // CANDIDATE says it
  add_functions(site, OutputShifts::lstm, &OutputEnd::candidate, "LSTM_CANDIDATE", all);
  add_functions(site, OutputShifts::lstm, &OutputEnd::squash, "LSTM_OUTPUT", all);
}

}  // namespace
}  // namespace lstm

constexpr CellTemplate lstm_template{.name = "ern_cell_lstm",
                                     .has = "HAS_LSTM",
                                     .activations = lstm::activations,
                                     .products = lstm::products,
                                     .memories = lstm::memories,
                                     .area = lstm::area,
                                     .parameters = lstm::parameters};

constexpr Operation lstm_operation{
    .op = Op::lstm,
    .name = "lstm",
    .gates = 4,
    .gate_names = {"i", "f", "g", "o"},
    .arguments = {{{"i", Unit::sigmoid}, {"f", Unit::sigmoid}, {"g", Unit::of_activation}, {"o", Unit::sigmoid}}},
    .shifts = OutputShifts::lstm,
    .keeps_cell = true,
    .is_product = true,
    .exact_fraction = [](const NumberFormats& f, int) { return 2 * f.gate_fraction(); },
    .real_step = lstm::real_step,
    .fixed_step = lstm::fixed_step,
    .latency = lstm::latency,
    .cell = &lstm_template};

int lower_layer(GraphBuilder& b, const LstmLayer& layer) {
  const SumScale gate = b.gate_argument(layer.gate_activation);
  if (is_sigmoid(layer.cell_activation))
    b.refuse(fmt::format("a function of the cell state {}: the engine has tanh, hard tanh, ReLU, clip and none",
                         activation_name(layer.cell_activation)));
  const CellFunction candidate = b.cell_function("a candidate with", layer.candidate);
  const CellFunction squash = b.cell_function("a function of the cell state", layer.cell_activation);
  const int hidden_vector =
      b.add_vector(fmt::format("{}{}", layer.projection ? "m" : "h", b.index()), layer.hidden, !layer.projection);
  const int output =
      layer.projection ? b.add_vector(fmt::format("y{}", b.index()), layer.output(), true) : hidden_vector;
  const auto gates = {0, 1, 2, 3};
  auto& phase =
      b.add_phase(Op::lstm, layer.hidden,
                  joined(b.input_terms(b.index(), "input", pointers(layer.input_weights, gates)),
                         {b.term(output, true, b.family("recurrent"), pointers(layer.recurrent_weights, gates))}),
                  hidden_vector);
  phase.activation = candidate.activation;
  phase.squash = squash.activation;
  if (layer.has_bias())
    for (const auto& bias : layer.bias) phase.bias.push_back(widen(bias));
  begin_products(phase, pointers(layer.recurrent_weights, gates), layer.initial_hidden);
  phase.initial = widen(layer.initial_cell);
  if (layer.has_peephole())
    for (const auto& peephole : layer.peephole) phase.peephole.push_back(widen(peephole));
  rescale(phase, gate, {LstmLayer::i, LstmLayer::f, LstmLayer::o});
  std::vector<std::vector<double>> peepholes;  // the candidate has none
  std::swap(phase.peephole, peepholes);
  rescale(phase, candidate.argument, {LstmLayer::g});
  std::swap(phase.peephole, peepholes);
  if (layer.projection)
    b.add_phase(Op::linear, layer.output(),
                {b.term(hidden_vector, false, b.family("projection"), {&*layer.projection})}, output);
  return output;
}

}  // namespace erngen
