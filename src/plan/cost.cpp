#include "plan/cost.hpp"

#include <algorithm>
#include <cmath>

#include "plan/area.hpp"

namespace erngen {
namespace {

// The iCE40 flow flattens the design, as no hierarchical one fits. That takes away what no hierarchy's boundary keeps:
// fields of tags and programs that are constant, about the same in all small designs. A logic cell holds a LUT and a
// flip-flop, but both only where the LUT's output is the flip-flop's input: then 42 % of the LUTs need no cell of their
// own. Measured on six designs (docs/how-to/synthesis.md).
constexpr double flat_lut = 1050, flat_ff = 3160, lone_lut = 0.58;

}  // namespace

int count_dsp(const Workload& work, const EngineShape& shape, Family family) {
  int dsp = 0;
  for (const EngineProduct& product : engine_products(work, shape))
    dsp += product.count * product_blocks(product, family);
  return dsp;
}

Resources estimate_resources(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                             const ProgramSize& program, Family family) {
  return estimate_resources(work, shape, map, program, mapped_memories(work, shape, map, program, family), family);
}

Resources estimate_resources(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                             const ProgramSize& program, const std::vector<MappedEngineMemory>& memories,
                             Family family) {
  Resources r;
  r.dsp = count_dsp(work, shape, family);
  const EstimatedArea area = estimate_area(area_terms(work, shape, map, program, memories, family), family);
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
