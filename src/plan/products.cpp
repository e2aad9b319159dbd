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
  const CellSite site = cell_site(work, shape);
  ActivationCount count;
  for (const CellTemplate* cell : work.cells)
    if (cell->activations) {
      const ActivationCount own = cell->activations(site);
      count.sigmoid += own.sigmoid;
      count.tanh += own.tanh;
    }
  return count;
}

std::vector<EngineProduct> engine_products(const Workload& work, const EngineShape& shape) {
  const NumberFormats& f = work.formats;
  const int K = shape.words, SX = f.spectrum_width(), W = f.weight_width, A = f.activation_width;
  const int lanes = shape.lanes(), pairs = K / 2 - 1;
  std::vector<EngineProduct> all{{"lane", SX, W, 2 * lanes}};
  if (shape.form == LaneForm::plain) {
    all.push_back({"lane", SX + 1, W, pairs * lanes});
    all.push_back({"lane", W + 2, SX, pairs * lanes, true});
    all.push_back({"lane", SX, W + 1, pairs * lanes});
  } else if (shape.form == LaneForm::bins) {
    const int sum = std::max(SX, W) + 1;
    all.push_back({"lane", sum, sum, 2 * pairs * lanes, true});
    all.push_back({"correction", SX, SX, correction_products(K, shape.form) * shape.columns});
  } else {
    const int sum = std::max(SX, W) + 1, wide = std::max(SX + 1, W) + 1, weighty = std::max(SX, W + 1) + 1;
    const int two = lanes / 2, columns = shape.columns / 2;
    all = {{"lane", sum, sum, 2 * two, true},
           {"lane", wide, wide, pairs * two, true},
           {"lane", weighty, weighty, 2 * pairs * two, true}};
    all.push_back({"correction", SX, SX, (2 + 2 * pairs) * columns});
    all.push_back({"correction", SX + 1, SX + 1, pairs * columns});
  }
  const int rows = std::min(shape.readout, sum_rows(work, shape));
  if (!shape.adders) add_transform(all, "inverse", K, work.part_modes, f.readout_width, true, rows);
  const int guarded = A + f.spectrum_guard;
  const Spectrum input = work.graph.vectors[0].spectra[0];
  if (!shape.adders) add_transform(all, "input", K, input.block, A + input.guard, false, shape.input_ports);
  for (int s = 0; s < 2; ++s)
    if (const int modes = work.spectrum_modes[s]; modes && !shape.adders)
      add_transform(all, "feedback", K, modes, guarded, false, feedback_ports(work, shape));
  std::vector<CellProduct> products;
  for (const CellTemplate* cell : work.cells)
    if (cell->products && !shape.cell_luts) cell->products(cell_site(work, shape), products);
  for (const CellProduct& product : products) all.push_back({"cell", product.a, product.b, product.count});
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
  // As Yosys's synth_intel_alm: blocks of 27, 18 and 9 bits, each of them one block with its accumulator.
  if (family == Family::cyclone5) return split(p.a, p.b, {type.wide, type.narrow, 4, 0, false});
  if (family == Family::generic) return split(p.a, p.b, {type.wide, type.narrow, 2, 0, false});
  if (family == Family::ice40) return split(p.a, p.b, {type.wide, type.narrow, 2, 11, false});
  return split(p.a, p.b, family == Family::ecp5 ? Ports{type.wide, type.narrow, 3} : Ports{25, type.narrow, 2, 9});
}

}  // namespace erngen
