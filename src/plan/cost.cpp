#include "plan/cost.hpp"

#include <cmath>

#include "plan/area.hpp"
#include "units/cell.hpp"
#include "units/lane.hpp"
#include "units/shift_add.hpp"
#include "units/transform.hpp"

namespace erngen {

namespace {

/// Transform units of one kind.
struct Transforms {
  int count, modes, width;  ///< bits of a word in the middle of the transform
};
std::vector<Transforms> transforms(const QuantNetwork& network, const EngineShape& shape) {
  const int A = network.formats.activation_width, D = network.formats.drain_width;
  const int feedback = feedback_paths(network, shape);
  return {{std::min(shape.drain, sum_rows(network, shape)), part_modes(network), D + 3},
          {shape.input_paths, network.graph.vectors[0].spectra[0].block, A + 3},
          {feedback, spectrum_modes(network, 0), A + 3},
          {feedback, spectrum_modes(network, 1), A + 3}};
}

/// LUTs of the products of all elements, when they are not DSP blocks.
int products_lut(const QuantNetwork& network, const EngineShape& shape) {
  const NumberFormats& f = network.formats;
  const int A = f.activation_width, elements = shape.words / shape.turns;
  int lut = 0;
  if (has_operation(network, Op::lstm)) lut += lstm_product_lut(has_peephole(network), A, f.cell_width, f.weight_width);
  if (has_operation(network, Op::gru_before_gates)) lut += gru_before_product_lut(A) + (shape.paths - 1) * gru_before_output_product_lut(A);
  if (has_operation(network, Op::gru_after)) lut += gru_after_product_lut(A);
  return elements * lut;
}

/// LUTs of the rotations of one unit by shifted additions.
int rotations_lut(int words, int modes, int width) {
  int lut = 0;
  for (int m = 8; m <= 1 << top_mode(modes); m *= 2)
    for (int b = 1; b < m / 4; ++b) lut += words / m * rotation_lut(b * max_block_size / m, width);
  return lut;
}

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

Resources estimate_resources(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map, const Program& program, Family family) {
  Resources r;
  r.dsp = count_dsp(network, shape, family);
  const EstimatedArea area = estimate_area(area_terms(network, shape, map, program, family), family);
  double lut = area.lut, ff = area.ff;
  if (shape.adders)
    for (const Transforms& t : transforms(network, shape)) lut += t.modes ? t.count * rotations_lut(shape.words, t.modes, t.width) : 0;
  if (shape.cell_luts) lut += products_lut(network, shape);
  std::int64_t half_blocks = 0;
  for (const EngineMemory& memory : engine_memories(network, shape, map, program)) {
    const MappedMemory mapped = map_memory_blocks(memory.width, memory.depth, memory.kind, family);
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
