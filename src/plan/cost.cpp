#include "plan/cost.hpp"

#include <algorithm>
#include <cmath>

#include "plan/area.hpp"
#include "units/lane.hpp"
#include "units/transform.hpp"

namespace erngen {
namespace {

// The iCE40 flow flattens the design, as no hierarchical one fits. That takes away what no hierarchy's boundary keeps:
// fields of tags and programs that are constant, about the same in all small designs. A logic cell holds a LUT and a
// flip-flop, but both only where the LUT's output is the flip-flop's input: then 42 % of the LUTs need no cell of their
// own. Measured on six designs (docs/synthesis.md).
constexpr double flat_lut = 1050, flat_ff = 3160, lone_lut = 0.58;

/// Products of a block of k words.
int block_products(int k) { return k == 1 ? 1 : lane_dsp(k); }

}  // namespace

std::int64_t multiplications_per_frame(const QuantNetwork& network) {
  const auto& graph = network.graph;
  std::int64_t total = 0;
  for (const auto& vector : graph.vectors)
    for (const auto& spectrum : vector.spectra)
      total += std::int64_t{ceil_div(vector.size, spectrum.block)} * transform_products(spectrum.block, spectrum.block);
  for (const auto& phase : graph.phases)
    for (const auto& part : phase.parts) {
      const std::int64_t rows = ceil_div(phase.size, part.block);
      for (const auto& term : part.terms)
        for (const auto& matrix : term.matrices) total += rows * matrix.col_blocks() * block_products(part.block);
      total += rows * gate_count(phase.op) * transform_products(part.block, part.block);
    }
  return total;
}

int count_dsp(const QuantNetwork& network, const EngineShape& shape, Family family) {
  int dsp = 0;
  for (const EngineProduct& product : engine_products(network, shape))
    dsp += product.count * product_blocks(product, family);
  return dsp;
}

Resources estimate_resources(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map,
                             const ProgramSize& program, Family family) {
  return estimate_resources(network, shape, map, program, mapped_memories(network, shape, map, program, family),
                            family);
}

Resources estimate_resources(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map,
                             const ProgramSize& program, const std::vector<MappedEngineMemory>& memories,
                             Family family) {
  Resources r;
  r.dsp = count_dsp(network, shape, family);
  const EstimatedArea area = estimate_area(area_terms(network, shape, map, program, memories, family), family);
  double lut = area.lut, ff = area.ff;
  std::int64_t half_blocks = 0;
  for (const MappedEngineMemory& memory : memories) {
    const MappedMemory& mapped = memory.mapped;
    half_blocks += std::int64_t{memory.count} * mapped.half_blocks;
    lut += static_cast<double>(memory.count) * mapped.lut_ram;
    ff += static_cast<double>(memory.count) * static_cast<double>(mapped.ff);
  }
  r.bram36 = bram36_of(half_blocks, family);
  if (family == Family::ice40) {
    lut = std::max(lut - flat_lut, lut / 2);
    ff = std::max(ff - flat_ff, ff / 2);
    r.cells = static_cast<int>(std::lround(lone_lut * lut + ff));
  }
  r.lut = static_cast<int>(std::lround(lut));
  r.ff = static_cast<int>(std::lround(ff));
  return r;
}

}  // namespace erngen
