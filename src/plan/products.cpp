#include "plan/products.hpp"

#include <algorithm>
#include <string_view>

#include "plan/memory_map.hpp"
#include "units/cell.hpp"
#include "units/lane.hpp"
#include "units/transform.hpp"

namespace erngen {
namespace {

/// Ports of a multiplier block, the fewest bits of a slice, and of its product, that still go to one, and whether all
/// blocks are signed.
struct Ports {
  int wide, narrow, least, least_product = 0;
  bool only_signed = true;
};

/// Blocks of an a x b product, slices as mul2dsp makes them.
int split(int a, int b, Ports ports) {
  if (a < b) std::swap(a, b);
  if (b < ports.least || a + b < ports.least_product) return 0;
  const int slice = ports.narrow - ports.only_signed;
  if (a > ports.wide) {
    const int slices = (a - ports.wide + slice - 1) / slice;
    return slices * split(ports.narrow, b, ports) + split(a - slices * slice, b, ports);
  }
  if (b > ports.narrow) {
    const int slices = (b - ports.narrow + slice - 1) / slice;
    return slices * split(a, ports.narrow, ports) + split(a, b - slices * slice, ports);
  }
  return 1;
}

/// The rotations of `units` transforms whose first stage takes `in_width` bits: the inverse runs from the largest size
/// down.
void add_transform(std::vector<EngineProduct>& all, const char* name, int words, int modes, int in_width, bool inverse,
                   int units) {
  const int top = top_mode(modes);
  for (int e = 3; e <= top; ++e) {
    const int m = 1 << e;
    const int width =
        inverse ? in_width + 1 + (top - e) + 1 : in_width + e - 1;  // of the words that this stage rotates
    for (int b = 1; b < m / 4; ++b) {
      const Twiddle t = twiddle(b, m);
      all.push_back({name, width + 1, 18, units * words / m, true});  // common: (re + im) C
      if (t.c != t.s) all.push_back({name, width, 18, units * words / m, false});
      all.push_back({name, width, 18, units * words / m, false});
    }
  }
}

}  // namespace

ActivationCount activation_count(const Workload& work, const EngineShape& shape) {
  ActivationCount count;
  const int K = shape.words;
  for (const auto& phase : work.graph.phases) {
    if (phase.op != Op::lstm) continue;
    const int elements = K / shape.folding;
    const int tanh = phase.activation == Nonlinearity::tanh ? 2 : 1;
    count = {elements * (lstm_activations - tanh), elements * tanh};
    break;  // all LSTM layers share the elements
  }
  bool sigmoid = false, tanh = false;
  for (const auto& phase : work.graph.phases)
    if (phase.op == Op::nonlinear) (phase.activation == Nonlinearity::tanh ? tanh : sigmoid) = true;
  count.sigmoid += sigmoid * K * shape.ports;
  count.tanh += tanh * K * shape.ports;
  for (const Op op : {Op::gru_before_gates, Op::gru_after})
    if (work.has(op)) {
      const int cells =
          K / shape.folding * (op == Op::gru_before_gates ? shape.ports : 1);  // those of the further ports are whole
      count.sigmoid += cells * (gru_activations - 1);
      count.tanh += cells;
    }
  return count;
}

std::vector<EngineProduct> engine_products(const Workload& work, const EngineShape& shape) {
  const NumberFormats& f = work.formats;
  const int K = shape.words, SX = f.spectrum_width(), W = f.weight_width, A = f.activation_width, CW = f.cell_width;
  const int G = f.gate_width, HW = f.state_width;
  const int lanes = shape.lanes(), pairs = K / 2 - 1;
  std::vector<EngineProduct> all{{"lane", SX, W, 2 * lanes},
                                 {"lane", SX + 1, W, pairs * lanes},
                                 {"lane", W + 2, SX, pairs * lanes, true},
                                 {"lane", SX, W + 1, pairs * lanes}};
  const int rows = std::min(shape.readout, sum_rows(work, shape)), elements = K / shape.folding;
  if (!shape.adders) add_transform(all, "inverse", K, work.part_modes, f.readout_width, true, rows);
  const int guarded = A + f.spectrum_guard;
  const Spectrum input = work.graph.vectors[0].spectra[0];
  if (!shape.adders) add_transform(all, "input", K, input.block, A + input.guard, false, shape.input_ports);
  for (int s = 0; s < 2; ++s)
    if (const int modes = work.spectrum_modes[s]; modes && !shape.adders)
      add_transform(all, "feedback", K, modes, guarded, false, feedback_ports(work, shape));
  if (work.has(Op::lstm) && !shape.cell_luts) {
    all.push_back({"cell", G, G, 2 * elements});
    all.push_back({"cell", CW, G, elements});
    if (work.peephole) all.push_back({"cell", CW, W, 3 * elements});
  }
  if (work.has(Op::gru_before_gates) && !shape.cell_luts) {
    all.push_back({"cell", HW, G, 2 * elements * shape.ports});
    all.push_back({"cell", G + 1, G, elements * shape.ports});
  }
  if (work.has(Op::gru_after) && !shape.cell_luts) {
    all.push_back({"cell", f.candidate_width, G, elements});
    all.push_back({"cell", HW, G, elements});
    all.push_back({"cell", G + 1, G, elements});
  }
  const ActivationCount units = activation_count(work, shape);
  if (shape.dsp_activations)
    for (const auto& [unit, count] :
         {std::pair(&work.network.sigmoid, units.sigmoid), std::pair(&work.network.tanh, units.tanh)})
      if (unit->kind() == UnitKind::piecewise)
        all.push_back({"activation", unit->slope_width() + 1, unit->shape().fraction_bits() + 1, count});
  // A place in a memory, which only the flow for ECP5 multiplies: a context by the rows of an input.
  if (const int rows_of_input = spectrum_rows(work.graph.input_size(), shape);
      shape.contexts > 2 && !is_power_of_two(rows_of_input))
    all.push_back({"index", ceil_log2(shape.contexts), ceil_log2(rows_of_input), 1});
  std::erase_if(all, [](const EngineProduct& p) { return p.count == 0; });
  return all;
}

int product_blocks(const EngineProduct& p, Family family) {
  if (std::string_view(p.name) == "index") return family == Family::ecp5;
  const DspType& type = dsp_type(family);
  // AMD devices are mapped as 7 series (DSP48E1), see synth/yosys_script.hpp; a sum goes to the pre-adder.
  if (family == Family::ice40) return split(p.a, p.b, {type.wide, type.narrow, 2, 11, false});
  return split(p.a, p.b, family == Family::ecp5 ? Ports{type.wide, type.narrow, 3} : Ports{25, type.narrow, 2, 9});
}

}  // namespace erngen
