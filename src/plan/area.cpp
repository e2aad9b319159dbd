#include "plan/area.hpp"

#include <algorithm>
#include <bit>
#include <string_view>

#include "activation/cost.hpp"
#include "units/cell.hpp"
#include "units/lane.hpp"
#include "units/shift_add.hpp"
#include "units/spectral_area.hpp"

namespace erngen {
namespace {

struct Coefficient {
  const char* name;
  double lut, ff;
};

#include "plan/area_coefficients.inc"

/// Bits of sums and of registers of all stages of `units` transforms, and of their rotations.
struct TransformBits {
  double adders = 0, held = 0, rotated = 0, chosen = 0;
};

TransformBits transform_bits(int words, int modes, int in_width, bool inverse, int units) {
  TransformBits bits;
  const int top = top_mode(modes);
  for (int e = 1; e <= top; ++e) {
    const int m = 1 << e, out = (inverse ? in_width + 1 + top - e : in_width + e - 1) + 1;
    const bool bypass = (modes & (m - 1)) != 0;
    bits.adders += units * words * out;
    if (m > 4) {
      bits.rotated += units * (words / m) * (m / 4 - 1) * 2.0 * (out + 16);
      bits.held += units * words * out;
    }
    if (bypass) bits.chosen += units * words * out;
  }
  if (!single_mode(modes)) bits.chosen += static_cast<double>(units) * (std::popcount(static_cast<unsigned>(modes)) - 1) * words * (in_width + top
      + 1);
  return bits;
}

/// LUTs of the rotations of one transform of `words` by shifted additions, on words of `width` bits.
int rotations_lut(int words, int modes, int width) {
  int lut = 0;
  for (int m = 8; m <= 1 << top_mode(modes); m *= 2)
    for (int b = 1; b < m / 4; ++b) lut += words / m * rotation_lut(b * max_block_size / m, width);
  return lut;
}

/// LUTs of the products of one element, when they are not DSP blocks.
int element_products_lut(const QuantNetwork& network, int paths) {
  const NumberFormats& f = network.formats;
  const int A = f.activation_width;
  int lut = 0;
  if (has_operation(network, Op::lstm)) lut += lstm_product_lut(has_peephole(network), A, f.cell_width, f.weight_width);
  if (has_operation(network, Op::gru_before_gates)) lut += gru_before_product_lut(A) + (paths - 1) * gru_before_output_product_lut(A);
  if (has_operation(network, Op::gru_after)) lut += gru_after_product_lut(A);
  return lut;
}

}  // namespace

std::vector<AreaTerm> area_terms(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map, const Program& program, Family family) {
  const NumberFormats& f = network.formats;
  const int K = shape.words, SX = f.spectrum_width(), W = f.weight_width, A = f.activation_width, ACC = f.accumulator_width();
  const int ZW = f.sum_width(), WD = f.drain_width, CW = f.cell_width, WB = lane_weight_bits(K, W), XB = lane_operand_bits(K, SX);
  const int modes = part_modes(network), gates = max_gates(network), rows = std::min(shape.drain, sum_rows(network, shape));
  const int accumulators = lane_accumulators(K), hops = shape.hops(), columns = shape.columns, lanes = shape.lanes();
  const int feedback = feedback_paths(network, shape);
  std::vector<AreaTerm> terms;
  const auto add = [&](const char* name, double value) { terms.push_back({name, value}); };

  double split_bits = 0, product_bits = 0;  // of products that need several blocks, and their operands
  for (const EngineProduct& p : engine_products(network, shape)) {
    if (std::string_view(p.name) != "lane") continue;
    product_bits += p.count * (p.a + p.b);
    if (product_blocks(p, family) > 1) split_bits += p.count * (p.a + p.b);
  }
  add("lane.count", lanes);
  add("lane.presum_bits", lanes * (K / 2 - 1) * (2.0 * W + 1));
  add("lane.sum_bits", static_cast<double>(lanes) * accumulators * ACC);
  add("lane.product_bits", product_bits);
  add("lane.split_bits", split_bits);

  add("hop.count", hops);
  add("hop.operand_bits", static_cast<double>(hops) * (columns * XB + 30));
  add("hop.weight_bits", static_cast<double>(hops) * (WB + 40));
  add("hop.lanes", lanes);
  add("hop.read_bits", static_cast<double>(lanes) * WB);
  double ram_bits = 0, block_bits = 0;  // read registers: LUT RAM leaves two outside, block RAM one
  for (const EngineMemory& m : engine_memories(network, shape, map, program)) {
    const MappedMemory mapped = map_memory_blocks(m.width, m.depth, m.kind, family);
    if (std::string_view(m.name) == "weights") {
      add("hop.lut_ram_bits", mapped.lut_ram > 0 ? static_cast<double>(m.count * m.width) : 0);
      add("hop.deep_bits", mapped.lut_ram > 0 ? static_cast<double>(m.count * m.width * (m.depth - 1) / 64) : 0);
    } else if (m.kind == MemoryKind::ram) {
      (mapped.lut_ram > 0 ? ram_bits : block_bits) += static_cast<double>(m.count * m.width);
    }
  }
  add("array.columns", columns);
  const Area mux = drain_mux_area(hops, accumulators * ACC);
  add("mux.lut", static_cast<double>(shape.drain) * columns * mux.lut);
  add("mux.ff", static_cast<double>(shape.drain) * columns * mux.ff);
  const Area tree = adder_tree_area(columns, accumulators, ACC, ACC);
  add("tree.lut", static_cast<double>(shape.drain) * tree.lut);
  add("tree.ff", static_cast<double>(shape.drain) * tree.ff);
  const double shifts = static_cast<double>(drain_shifts(network).size());
  add("recombine.acc_bits", static_cast<double>(shape.drain) * K * (ACC + 1));
  add("recombine.mode_bits", single_mode(modes) ? 0 : static_cast<double>(shape.drain) * K * ACC);
  add("recombine.shift_bits", shape.drain * (shifts - 1) * K * (WD + 2));
  add("recombine.word_bits", static_cast<double>(shape.drain) * K * WD);
  add("drain.count", 1);
  add("drain.queue_bits", program.queue ? static_cast<double>(shape.drain) * K * WD + 158 : 0);

  const TransformBits inverse = transform_bits(K, modes, WD, true, rows);
  add("ifft.adder_bits", inverse.adders);
  add("ifft.held_bits", inverse.held);
  add("ifft.rotated_bits", inverse.rotated);
  add("ifft.chosen_bits", inverse.chosen);
  TransformBits forward = transform_bits(K, network.graph.vectors[0].spectra[0].block, A + network.graph.vectors[0].spectra[0].guard, false,
      shape.input_paths);
  double forward_words = static_cast<double>(shape.input_paths) * K * SX;
  for (int s = 0; s < 2; ++s)
    if (const int spectra = spectrum_modes(network, s)) {
      const TransformBits one = transform_bits(K, spectra, A + f.spectrum_guard, false, feedback);
      forward.adders += one.adders, forward.held += one.held, forward.rotated += one.rotated, forward.chosen += one.chosen;
      forward_words += static_cast<double>(feedback) * K * SX;
    }
  add("fft.adder_bits", forward.adders);
  add("fft.held_bits", forward.held);
  add("fft.rotated_bits", forward.rotated);
  add("fft.chosen_bits", forward.chosen);
  add("fft.dropped_bits", f.spectrum_drop > 0 ? forward_words : 0);

  double rotations = 0;
  if (shape.adders) {
    rotations = rows * rotations_lut(K, modes, WD + 3) + shape.input_paths * rotations_lut(K, network.graph.vectors[0].spectra[0].block, A + 3);
    for (int s = 0; s < 2; ++s)
      if (const int spectra = spectrum_modes(network, s)) rotations += feedback * rotations_lut(K, spectra, A + 3);
  }
  add("rotation.lut", rotations);
  bool shortcut = false;
  for (const auto& phase : network.graph.phases) shortcut |= feeds_spectrum(network.graph, phase);
  add("shortcut.acc_bits", shortcut ? static_cast<double>(shape.drain) * K * (ACC + 1) : 0);
  add("shortcut.word_bits", shortcut ? static_cast<double>(shape.drain) * K * SX : 0);

  const Area column = column_area(K, modes, SX);
  add("column.lut", static_cast<double>(columns) * column.lut);
  add("column.ff", static_cast<double>(columns) * column.ff);
  add("source.count", 1);
  add("source.bits", static_cast<double>(columns) * K * SX);
  add("source.second_bits", has_second_spectrum(network) ? static_cast<double>(columns) * K * SX : 0);
  add("source.write_bits", (shape.input_paths > 1 ? columns * K * SX * shape.input_paths : 0) + (feedback > 1 ? columns * K * SX * feedback : 0));
  add("input.count", 1);
  add("input.slots", shape.slots);
  add("input.paths", shape.input_paths);
  add("feedback.count", feedback * (has_second_spectrum(network) ? 2 : 1));
  add("feedback.bits", static_cast<double>(feedback) * K * A * f.spectrum_guard);

  const int beats = shape.beats_per_unit(gates);
  add("sum.count", 1);
  add("sum.bits", static_cast<double>(rows) * K * ZW);
  add("sum.partial_bits", map.partial_rows > 0 ? static_cast<double>(rows) * K * ZW : 0);
  add("sum.gather_bits", static_cast<double>(beats - 1) * rows * K * ZW);
  add("sum.paths", shape.paths);

  const ActivationCount units = activation_count(network, shape);
  const double activations = units.sigmoid + units.tanh, elements = static_cast<double>(K) / shape.turns;
  if (has_operation(network, Op::lstm)) {
    add("lstm.count", 1);
    add("lstm.sum_bits", elements * 4 * ZW);
    add("lstm.cell_bits", elements * CW);
    add("lstm.activation_bits", elements * A);
    add("lstm.peephole_bits", has_peephole(network) ? elements * (W + CW + ZW) : 0);
    add("lstm.turn_bits", shape.turns > 1 ? static_cast<double>(K) * (4 * ZW + CW + (has_peephole(network) ? 3 * W : 0)) : 0);
    add("lstm.turn_out_bits", shape.turns > 1 ? static_cast<double>(K) * (A + CW) : 0);
  } else {
    for (const char* name : {"lstm.count", "lstm.sum_bits", "lstm.cell_bits", "lstm.activation_bits", "lstm.peephole_bits", "lstm.turn_bits",
                             "lstm.turn_out_bits"})
      add(name, 0);
  }
  const bool before = has_operation(network, Op::gru_before_gates), after = has_operation(network, Op::gru_after);
  add("gru.before", before ? shape.paths : 0);
  add("gru.before_sum_bits", before ? elements * ZW * (2 + shape.paths) : 0);
  add("gru.before_state_bits", before ? elements * A * (1 + shape.paths) : 0);
  add("gru.after", after);
  add("gru.after_sum_bits", after ? elements * ZW * 4 : 0);
  add("gru.after_state_bits", after ? elements * A : 0);
  const bool gru_turns = (before || after) && shape.turns > 1;
  add("gru.turn_bits", gru_turns ? static_cast<double>(K) * ((after ? 4 : 2 + shape.paths) * ZW + A) : 0);
  add("gru.turn_out_bits", gru_turns ? static_cast<double>(K) * A * shape.paths : 0);
  add("product.lut", shape.cell_luts ? elements * element_products_lut(network, shape.paths) : 0);
  const auto multiplier = shape.dsp_activations ? Multiplier::dsp : Multiplier::logic;
  add("activation.lut", units.sigmoid * activation_cost(network.sigmoid, multiplier).lut + units.tanh * activation_cost(network.tanh,
      multiplier).lut);
  add("activation.input_bits", activations * (ZW - f.sum_fraction() + f.preactivation_fraction));
  add("activation.output_bits", activations * A);
  const bool linear = has_operation(network, Op::linear);
  add("linear.bits", linear ? static_cast<double>(shape.paths) * K * ZW : 0);
  add("linear.shift_bits", linear ? (static_cast<double>(linear_shifts(network).size()) - 1) * shape.paths * K * ZW : 0);
  add("linear.output_bits", linear ? static_cast<double>(shape.paths) * K * A : 0);
  const int operations = has_operation(network, Op::lstm) + 2 * before + after + linear;
  add("cells.count", 1);
  add("cells.join_bits", static_cast<double>(operations) * (K * A + 83));
  add("cells.path_bits", (shape.paths - 1.0) * (K * A + 83));
  add("cells.state_bits", (has_operation(network, Op::lstm) ? K * CW : 0) + static_cast<double>(K) * A);

  add("control.count", 1);
  add("control.window_bits", static_cast<double>(K) * 32);
  add("control.state_bits", static_cast<double>(K) * std::max(A, CW));
  add("control.weight_bits", WB);
  add("control.slots", shape.slots);
  add("sequencer.count", 1);
  add("sequencer.slots", shape.slots);
  const int in_words = K * shape.input_paths, out_words = K * output_paths(network, shape);
  add("axis.count", 1);
  add("axis.in_bits", static_cast<double>(in_words) * A);
  add("axis.out_bits", static_cast<double>(out_words) * A);
  add("engine.count", 1);
  add("engine.pass_bits", 158);
  double rom_bits = 0, rom_width = 0;
  for (const EngineMemory& m : engine_memories(network, shape, map, program)) {
    const MappedMemory mapped = map_memory_blocks(m.width, m.depth, m.kind, family);
    rom_bits += static_cast<double>(m.count * mapped.rom_bits);
    if (m.kind == MemoryKind::rom) rom_width += static_cast<double>(m.count * m.width);
  }
  add("rom.logic_bits", rom_bits);
  add("rom.read_bits", rom_width);
  add("ram.lut_ram_bits", ram_bits);
  add("ram.block_bits", block_bits);
  return terms;
}

EstimatedArea estimate_area(const std::vector<AreaTerm>& terms, Family family) {
  const bool lattice = family == Family::ecp5 || family == Family::ice40;
  const Coefficient* table = lattice ? ecp5_coefficients : series7_coefficients;
  const size_t size = lattice ? std::size(ecp5_coefficients) : std::size(series7_coefficients);
  EstimatedArea area;
  for (const AreaTerm& term : terms)
    for (size_t n = 0; n < size; ++n)
      if (std::string_view(table[n].name) == term.name) {
        area.lut += table[n].lut * term.value;
        area.ff += table[n].ff * term.value;
      }
  area.lut = std::max(area.lut, 0.0);
  area.ff = std::max(area.ff, 0.0);
  return area;
}

}  // namespace erngen
