#include "plan/cost.hpp"

#include <cmath>

#include "plan/area.hpp"
#include "units/lane.hpp"
#include "units/transform.hpp"

namespace erngen {
namespace {

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
        for (const auto& matrix : term.matrices)
          total += rows * matrix.col_blocks() * block_products(part.block);
      total += rows * gate_count(phase.op) * transform_products(part.block, part.block);
    }
  return total;
}

int count_dsp(const QuantNetwork& network, const EngineShape& shape, Family family) {
  int dsp = 0;
  for (const EngineProduct& product : engine_products(network, shape)) dsp += product.count * product_blocks(product, family);
  return dsp;
}

Resources estimate_resources(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map, const ProgramSize& program, Family family) {
  return estimate_resources(network, shape, map, program, mapped_memories(network, shape, map, program, family), family);
}

Resources estimate_resources(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map, const ProgramSize& program,
                             const std::vector<MappedEngineMemory>& memories, Family family) {
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
  r.lut = static_cast<int>(std::lround(lut));
  r.ff = static_cast<int>(std::lround(ff));
  return r;
}

}  // namespace erngen
