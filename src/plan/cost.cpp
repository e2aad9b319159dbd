#include "plan/cost.hpp"

#include <cmath>

#include "units/cell.hpp"
#include "units/lane.hpp"
#include "units/shift_add.hpp"
#include "units/transform.hpp"

namespace erngen {

namespace {

/// Half blocks (RAMB18, 36 x 512) of a memory with separate read and write ports, over two: 36-kbit blocks.
/// Memories of 64 rows or less become LUT RAM.
double bram36(std::int64_t width, std::int64_t depth) {
  if (depth <= 64) return 0;
  const double halves = static_cast<double>((width + 35) / 36) * static_cast<double>((depth + 511) / 512);
  return halves / 2;
}

/// LUTs of a memory of at most 64 rows: 32 x 6 or 64 x 3 bits in four LUTs.
int lut_ram(std::int64_t width, std::int64_t depth) {
  if (depth > 64) return 0;
  return static_cast<int>((width + (depth <= 32 ? 5 : 2)) / (depth <= 32 ? 6 : 3)) * 4;
}

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

/// Activation units of all elements.
int activation_units(const QuantNetwork& network, const EngineShape& shape) {
  const int elements = shape.words / shape.turns;
  return elements * ((has_operation(network, Op::lstm) ? lstm_activations : 0) + (has_operation(network, Op::gru_after) ? gru_activations : 0) +
                     (has_operation(network, Op::gru_before_gates) ? gru_activations + shape.paths - 1 : 0));
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

int count_dsp(const QuantNetwork& network, const EngineShape& shape) {
  const NumberFormats& f = network.formats;
  const int A = f.activation_width, elements = shape.words / shape.turns;
  int dsp = shape.lanes() * lane_dsp(shape.words);
  if (!shape.adders)
    for (const Transforms& t : transforms(network, shape)) dsp += t.modes == 0 ? 0 : t.count * transform_products(shape.words, t.modes);
  if (shape.cell_luts) return dsp;
  if (has_operation(network, Op::lstm)) dsp += elements * lstm_dsp(has_peephole(network), A, f.cell_width, f.weight_width);
  if (has_operation(network, Op::gru_before_gates)) dsp += elements * (gru_before_dsp(A) + (shape.paths - 1) * gru_before_output_dsp(A));
  if (has_operation(network, Op::gru_after)) dsp += elements * gru_after_dsp(A);
  return dsp;
}

Resources estimate_resources(const QuantNetwork& network, const EngineShape& shape, const EngineLatencies&,
                             const MemoryMap& map, const Program& program) {
  const NumberFormats& f = network.formats;
  const int K = shape.words;
  const int second = spectrum_modes(network, 1);
  const int rows = std::min(shape.drain, sum_rows(network, shape));
  const int A = f.activation_width;

  Resources r;
  r.dsp = count_dsp(network, shape);
  const int feedback = feedback_paths(network, shape);
  const int activations = activation_units(network, shape);

  const int SX = f.spectrum_width(), WB = lane_weight_bits(K, f.weight_width);
  struct Memory {
    std::int64_t width, depth;
    int count;
  };
  std::vector<Memory> memories = {
      {WB, program.weight_rows, shape.lanes()},
      {K * SX, map.input_depth, shape.columns},
      {K * SX, map.state_depth, shape.columns * (second ? 2 : 1)},
      {K * f.bias_width(), map.bias_rows, rows},
      {K * A, map.state_units / shape.paths, shape.paths},
      {132, static_cast<std::int64_t>(program.segments.size()), 1},
      {158, static_cast<std::int64_t>(program.passes.size()), 1},
  };
  if (map.partial_rows > 0) memories.push_back({K * f.sum_width(), map.partial_rows, rows});
  if (map.peephole_rows > 0) memories.push_back({K * f.weight_width, map.peephole_rows, 3});
  if (has_operation(network, Op::lstm)) memories.push_back({K * f.cell_width, map.state_units, 1});
  if (has_operation(network, Op::gru_before_gates)) memories.push_back({K * A, map.state_units / shape.paths, shape.paths});
  if (has_operation(network, Op::gru_after)) memories.push_back({K * f.sum_width(), map.state_units / shape.paths, 2 * shape.paths});
  double lut = 2000, ff = 3000;  // sequencer, streams, registers
  for (const Memory& m : memories) {
    r.bram36 += m.count * bram36(m.width, m.depth);
    lut += m.count * lut_ram(m.width, m.depth);
    ff += static_cast<double>(m.count) * static_cast<double>(m.width) * (m.depth <= 64 ? 2 : 0);
  }
  const double acc = static_cast<double>(lane_accumulators(K)) * f.accumulator_width();
  const double operands = static_cast<double>(lane_operand_bits(K, SX));
  lut += shape.drain * shape.columns * acc * (shape.hops() / 3.0 + 1) + shape.drain * K * (3.0 * f.accumulator_width() + f.drain_width);
  ff += shape.hops() * (shape.columns * operands + WB + 70) + shape.drain * shape.columns * acc * 1.3 + shape.drain * K * 3.0 * f.accumulator_width();
  const double transform_words = K * log2_exact(K) * (rows + shape.input_paths + feedback) * f.transform_width();
  lut += 1.2 * transform_words + activations * 90.0 + rows * K * 2.0 * f.sum_width() + K * 12.0 * f.sum_width();
  ff += 2.0 * transform_words + activations * 80.0 + rows * K * 2.0 * f.sum_width() + K * 20.0 * f.sum_width();
  if (shape.adders)
    for (const Transforms& t : transforms(network, shape)) lut += t.modes ? t.count * rotations_lut(K, t.modes, t.width) : 0;
  if (shape.cell_luts) lut += products_lut(network, shape);
  r.lut = static_cast<int>(lut);
  r.ff = static_cast<int>(ff);
  return r;
}

}  // namespace erngen
