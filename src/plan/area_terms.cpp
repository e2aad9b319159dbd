// The quantities that an engine's LUTs and flip-flops are counted by, template by template.
//
// A term counts bits that a template registers, adds or chooses among, so that its coefficients are near 0, 1 or 2 on
// every family and the fit has little to decide. Hierarchy is kept in synthesis: what a template has is there whether
// or not its neighbours use it.
#include "plan/area.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string_view>

#include "activation/cost.hpp"
#include "units/cell.hpp"
#include "units/control_words.hpp"
#include "units/lane.hpp"
#include "units/shift_add.hpp"
#include "units/transform.hpp"
#include "units/trees.hpp"

namespace erngen {
namespace {

/// Stages of transforms and their rotations.
struct Transforms {
  double adders = 0, negated = 0, registers = 0, chosen = 0;  // bits of ern_fft_stage or ern_ifft_stage
  double diagonal = 0, rotated = 0, split = 0;  // bits of rotations by products; of operands that take several blocks
  double shift_add = 0;                         // LUTs of rotations by shifted additions

  /// `units` transforms of `words` from `in_width` bits, whose tags have `tag` bits.
  void add(int words, int modes, int in_width, int tag, bool inverse, bool by_additions, double units, int port,
           const Pipeline& pipeline, Delays& delays) {
    const int top = top_mode(modes);
    const int latency = inverse ? ifft_latency(modes, pipeline) : transform_stages_latency(modes, pipeline);
    delays.line(units * (tag + 3), latency);
    delays.valid(units, latency);
    for (int e = 1; e <= top; ++e) {
      const int m = 1 << e, groups = words / m;
      const int in = inverse ? in_width + 1 + top - e : in_width + e - 1, out = in + 1;
      const bool bypass = (modes & (m - 1)) != 0;
      adders +=
          units * groups * (m == 2 ? 2 : m - 2) * out;  // of a group of 4 two are sums, one is negated, one copied
      if (m > 2) negated += units * groups * out;
      if (pipeline.small_stages == 2 || top < 2 || e != (inverse ? 2 : 1)) registers += units * words * out;
      if (bypass) chosen += units * words * out;
      if (m <= 4) continue;
      const int held = bypass ? words : groups * (m / 2 + 2), rotations = m / 4 - 1;
      if (inverse)
        delays.line(units * held * out, pipeline.rotation), registers += units * words * out;
      else
        delays.line(units * held * in, 1 + pipeline.rotation), registers += units * groups * rotations * 2.0 * out;
      if (inverse && bypass) chosen += units * groups * (m / 2 - 2) * out;  // the rotated words, again
      const int operand = inverse ? out : in;
      for (int b = 1; b <= rotations; ++b) {
        const Twiddle t = twiddle(b, m);
        if (by_additions)
          shift_add += units * groups * rotation_lut(b * max_block_size / m, operand),
              registers +=
              units * groups * (pipeline.rotation - 1) * 4.0 * (operand + 17);  // of products: in the blocks
        else
          (t.c == t.s ? diagonal : rotated) += units * groups * 2.0 * (out + 13);
        if (!by_additions && operand >= port) split += units * groups * (operand + 18.0);
      }
    }
    if (!single_mode(modes)) {
      const int width = inverse ? in_width + top + 1 : in_width;
      chosen += units * (std::popcount(static_cast<unsigned>(modes)) - 1) * words * width;
      if (inverse) registers += units * words * width;
    }
  }
};

/// ern_recombine of `rows` rows of `words` words from `acc` to `width` bits.
struct Recombined {
  double pairs = 0, sums = 0, rounded = 0, words = 0, checked = 0, modes = 0, shifts = 0;
  /// `combined`: the words come as such, which leaves rounding and saturation.
  void add(int rows, int k, int acc, int width, const std::vector<int>& shift_list, bool several_modes, bool combined) {
    const auto [low, high] = std::minmax_element(shift_list.begin(), shift_list.end());
    const int largest = std::max(0, *high), wide = acc + 1 + largest - *low;
    const int kept = std::max(wide + 1, largest + width + 1) - largest;  // bits of a rounded word
    pairs += combined ? 0 : rows * (k - 2.0) * (acc + 1);
    sums += combined ? 0
                     : rows * static_cast<double>(k) *
                           (acc + 1 - std::max(0, *low - 1));  // what the rounding does not see has no register
    rounded += rows * static_cast<double>(k) * kept;
    words += rows * static_cast<double>(k) * width;
    checked += rows * static_cast<double>(k) * width * std::clamp(kept - width - 6, 0, 4) /
               4;  // too many bits for a LUT that also chooses
    if (several_modes && !combined) modes += rows * (k - 2.0) * acc;
    shifts += (static_cast<double>(shift_list.size()) - 1) * rows * k * kept;
  }
};

/// Different columns that `width` random ones of `depth` bits are, on average: equal ones are kept once.
double different_columns(double width, std::int64_t depth) {
  const double all = std::exp2(static_cast<double>(std::min<std::int64_t>(depth, 40)));
  return all * -std::expm1(-width / all);
}

/// LUTs that OR `pairs` ANDs of two signals: the first takes as many as it has pairs of inputs, each further one the
/// one before it too.
int and_or_luts(int pairs, int inputs) {
  const int first = inputs / 2, further = (inputs - 1) / 2;
  return 1 + ceil_div(std::max(0, pairs - first), further);
}

/// The engine's quantities, and the terms and delay lines counted so far.
struct EngineCount {
  const Workload& work;
  const EngineShape& shape;
  const MemoryMap& map;
  const ProgramSize& program;
  const std::vector<MappedEngineMemory>& engine_memories;
  Family family;

  const NumberFormats& f = work.formats;
  const bool lattice = family == Family::ecp5 || family == Family::ice40;
  const int K = shape.words, SX = f.spectrum_width(), W = f.weight_width, A = f.activation_width,
            ACC = accumulator_bits(work, shape);
  const int ZW = f.sum_width(), WD = f.readout_width, WB = weight_bits(work, shape),
            XB = lane_operand_bits(K, SX, shape.form, mixed_bins(work, shape));
  const int TW = f.transform_width();
  const int modes = work.part_modes, gates = work.max_gates, rows = std::min(shape.readout, sum_rows(work, shape));
  const int accumulators = lane_accumulators(K, shape.form), stages = shape.stages(), columns = shape.columns,
            readout = shape.readout;
  const int feedback = feedback_ports(work, shape), ports = shape.ports, contexts = shape.contexts;
  const double lanes = shape.lanes(), sets = lanes / lane_columns(shape.form), word_bits = static_cast<double>(K) * SX;
  const int port =
      dsp_type(family)
          .narrow;  // operands from here on take several blocks on Lattice parts; on others none is that wide
  const EngineLatencies latencies = engine_latencies(work, shape);
  const Pipeline pipeline = shape.cycles();
  const std::vector<int> shortcuts = work.shortcut_shifts;
  const int seconds = work.second_spectrum() ? 1 : 0;
  const bool plain = shape.form == LaneForm::plain, in_bins = shape.form == LaneForm::bins,
             over_blocks = shape.form == LaneForm::blocks;
  std::vector<AreaTerm> terms{};
  Delays delays{};
  CellArea cell_area{};
  // Read registers: LUT RAM has two outside, a block one, and on ECP5 a block what makes up for its missing read of old
  // data.
  double lut_ram = 0, lut_ram_deep = 0, block = 0, stage_lut_ram = 0, stage_deep = 0, stage_block = 0, fifo_lut_ram = 0,
         fifo_block = 0;
  double bias_luts = 0, bias_width = 0, program_luts = 0, program_width = 0, rom_block = 0;

  double two_bits = 0, four_bits = 0,
         eight_bits = 0;  // of words that are chosen among two, four and eight (ern_select)

  void add(const char* name, double value) { terms.push_back({name, value}); }
  void choose(int among, double bits) {
    (among > 4 ? eight_bits : among > 2 ? four_bits : two_bits) += among > 1 ? bits : 0;
  }
  void memories();
  void array();
  void readout_rows();
  void transforms();
  void operands();
  void sums();
  void count_cells();
  void cells();
  void activations();
  void results();
  void periphery();
};

void EngineCount::memories() {
  const int lut_entries = lattice ? 16 : 64, ram_entries = lattice ? 16 : 64;
  for (const MappedEngineMemory& m : engine_memories) {
    const MappedMemory& mapped = m.mapped;
    const std::string_view name = m.name;
    const double width = static_cast<double>(m.count * m.width),
                 deep = width * static_cast<double>((m.depth - 1) / ram_entries);
    if (name == "weights")
      (mapped.half_blocks ? stage_block : stage_lut_ram) += width, stage_deep += mapped.half_blocks ? 0 : deep;
    else if (name == "output")
      (mapped.half_blocks ? fifo_block : fifo_lut_ram) += width;
    else if (m.kind == MemoryKind::ram)
      (mapped.half_blocks ? block : lut_ram) += width, lut_ram_deep += mapped.half_blocks ? 0 : deep;
    else if (m.kind == MemoryKind::rom && mapped.half_blocks)
      rom_block += width;
    else if (m.kind == MemoryKind::rom) {
      const bool program_rom = name == "program" || name == "passes";  // mostly zeros
      const double columns_bits =
          static_cast<double>(m.count) * different_columns(static_cast<double>(m.width), m.depth);
      (program_rom ? program_luts : bias_luts) +=
          columns_bits * static_cast<double>((m.depth + lut_entries - 1) / lut_entries);
      (program_rom ? program_width : bias_width) += columns_bits;
    }
  }
}

void EngineCount::array() {
  double product_bits = 0, split_bits = 0;
  for (const EngineProduct& p : engine_products(work, shape)) {
    if (std::string_view(p.name) != "lane") continue;
    product_bits += static_cast<double>(p.count) * (p.a + p.b);
    if (std::max(p.a, p.b) > dsp_type(family).wide || std::min(p.a, p.b) > port)
      split_bits += static_cast<double>(p.count) * (p.a + p.b);
  }
  add("lane.count", sets);
  const double pairs = K / 2 - 1;
  add("lane.presum_bits", plain ? lanes * pairs * (2.0 * W + 1) : 0);
  add("lane.operand_bits", in_bins       ? sets * (pairs * (SX + 2.0 * W) + 2)
                           : over_blocks ? sets * (2.0 * (SX + W) + pairs * (4.0 * SX + 4.0 * W + 4) + 2)
                                         : 0);
  const double half = std::max(SX, W);  // bits of a first factor's sum but for the carry
  add("lane.first_sum_bits", in_bins ? sets * pairs * (2 * half + (mixed_bins(work, shape) ? W : 0))
                             : over_blocks
                                 ? sets * (2 * half + pairs * (std::max(SX + 1, W) + 2.0 * std::max(SX, W + 1) + 2 * W))
                                 : 0);
  add("lane.sum_bits", sets * accumulators * ACC);
  add("lane.product_bits", product_bits);
  add("lane.split_bits", split_bits);
  add("stage.count", stages);
  add("stage.operand_bits", static_cast<double>(stages) * columns * XB);
  add("stage.load_bits", static_cast<double>(stages) * WB);
  add("stage.lanes", lanes);
  add("stage.lut_ram_bits", stage_lut_ram);
  add("stage.deep_bits", stage_deep);
  add("stage.block_bits", stage_block);
  add("array.count", 1);
  add("array.stages", stages - 1);
  delays.valid(1, pipeline.lane - 2);
  // Operands before the products: in the blocks where these have registers.
  if (pipeline.lane == 2) delays.leave_out(lattice ? 2 * product_bits : lanes * pairs * (2.0 * W + 1));
}

void EngineCount::readout_rows() {
  const int summed = columns / lane_columns(shape.form);  // columns of accumulators
  const double muxes = static_cast<double>(readout) * summed * accumulators;
  const Area mux = readout_mux_area(stages, ACC, lattice ? 2 : 4, pipeline);
  add("mux.lut", muxes * mux.lut);
  add("mux.ff", muxes * mux.ff);
  const Area tree = adder_tree_area(summed, accumulators, ACC, ACC, pipeline);
  const Area shared = plain ? Area{} : adder_tree_area(summed, correction_products(K, shape.form), ACC, ACC);
  add("tree.lut", static_cast<double>(readout) * tree.lut + shared.lut);
  add("tree.ff", static_cast<double>(readout) * tree.ff + shared.ff);
  const int select = latencies.select(), recombine = latencies.recombine;
  delays.line(pass_tag_bits + 1, select);
  delays.valid(1, select);
  delays.line(pass_tag_bits + 4, recombine);
  delays.line(4.0 * (readout - 1), recombine);
  delays.valid(readout, recombine);
  const double corrected =
      correction_constants(K, shape.form) * static_cast<double>(ACC);  // bits of what all rows share
  const double real = 2.0 * ACC, pairs_of_row = K / 2 - 1;             // pair 0 is not combined
  add("correction.count", plain ? 0 : 1);
  const bool masked = over_blocks && mixed_bins(work, shape);  // what two real bins do not combine
  add("correction.combined_bits",
      over_blocks ? corrected - real + (masked ? (readout + 1) * pairs_of_row * ACC : 0) : 0);
  add("correction.shared_bits", (over_blocks ? 2 : 1) * corrected);
  add("correction.row_bits", readout * (in_bins ? 4 * corrected : over_blocks ? 3 * corrected - real : 0));
  add("correction.real_bits", plain ? 0 : readout * real);
  if (!plain) {
    delays.line(field_width(SegmentField::pass), column_latency(K, modes) + pipeline.fetch + select - 2);
    delays.valid(1, column_latency(K, modes) + pipeline.fetch);
    delays.valid(1, select + 2);
  }
  Recombined recombined;
  recombined.add(readout, K, ACC, WD, work.readout_shifts, !single_mode(modes), !plain);
  if (!shortcuts.empty()) {
    recombined.add(readout, K, ACC, SX, shortcuts, !single_mode(modes), !plain);
    delays.line(readout * (3.0 + ceil_log2(columns) + ceil_log2(std::max(2, map.state_depth))), recombine);
    delays.valid(readout, recombine);
  }
  if (pipeline.recombination == 1) delays.leave_out(recombined.sums + recombined.rounded);
  add("recombine.pair_bits", recombined.pairs);
  add("recombine.sum_bits", recombined.sums);
  add("recombine.rounded_bits", recombined.rounded);
  add("recombine.word_bits", recombined.words);
  add("recombine.checked_bits", recombined.checked);
  add("recombine.mode_bits", recombined.modes);
  add("recombine.shift_bits", recombined.shifts);
  add("shortcut.rows", shortcuts.empty() ? 0 : readout);
  add("readout.count", 1);
  add("readout.queues", program.queue);
  add("readout.queue_bits", program.queue ? static_cast<double>(readout) * K * WD + pass_tag_bits : 0);
  for (int row = 0; program.queue && row < readout; ++row) choose(readout - row, static_cast<double>(K) * WD);
}

void EngineCount::transforms() {
  Transforms inverse, forward;
  inverse.add(K, modes, WD, 1, true, shape.adders, rows, port, pipeline, delays);
  const int state_row_bits = std::max(1, ceil_log2(std::max(2, map.state_depth))),
            lane_bits = std::max(1, ceil_log2(columns));
  const Spectrum entry = work.graph.vectors[0].spectra[0];
  forward.add(K, entry.block, A + entry.guard,
              4 + axis_id_bits(contexts) + lane_bits + std::max(1, ceil_log2(map.input_depth)), false, shape.adders,
              shape.input_ports, port, pipeline, delays);
  for (int s = 0; s < 2; ++s)
    if (const int spectra = work.spectrum_modes[s])
      forward.add(K, spectra, A + f.spectrum_guard, lane_bits + state_row_bits, false, shape.adders, feedback, port,
                  pipeline, delays);
  add("ifft.adder_bits", inverse.adders);
  add("ifft.negated_bits", inverse.negated);
  add("ifft.register_bits", inverse.registers);
  add("ifft.chosen_bits", inverse.chosen);
  add("fft.adder_bits", forward.adders);
  add("fft.negated_bits", forward.negated);
  add("fft.register_bits", forward.registers);
  add("fft.chosen_bits", forward.chosen);
  add("fft.dropped_bits", f.spectrum_drop > 0 ? (shape.input_ports + feedback * (1.0 + seconds)) * word_bits : 0);
  add("rotation.diagonal_bits", inverse.diagonal + forward.diagonal);
  add("rotation.other_bits", inverse.rotated + forward.rotated);
  add("rotation.split_bits", lattice ? inverse.split + forward.split : 0);
  add("rotation.lut", inverse.shift_add + forward.shift_add);
}

void EngineCount::operands() {
  int turned = 0;  // levels of ern_column's rotation
  if (modes != K)
    for (int r = 1; r <= log2_exact(K); ++r) turned += (modes & ((1 << r) - 1)) != 0;
  // Inside bins an operand is a register; with sizes below K two of three are chosen.
  const double column_pairs = static_cast<double>(columns) * (K / 2 - 1);
  const double chosen = !in_bins ? 3 * SX + 1 : mixed_bins(work, shape) ? 2 * SX : 0;
  add("column.pair_bits", column_pairs * chosen);
  add("column.real_bits",
      columns * 2.0 * SX + column_pairs * (lane_pair_bits(shape.form, mixed_bins(work, shape), SX) - chosen));
  add("column.turned_bits", columns * turned * word_bits);
  add("column.masked_bits", modes != K ? columns * word_bits : 0);
  add("source.count", 1);
  add("source.bits", columns * word_bits);
  if (pipeline.fetch == 1) delays.leave_out((3.0 + seconds) * columns * word_bits);  // of the memories, of the choice
  add("source.second_bits", seconds * columns * word_bits);
  const int state_writes = feedback + (shortcuts.empty() ? 0 : readout);
  add("source.seam_bits", program.seams ? columns * word_bits : 0);
  double written = 0, merged = 0;  // where several may write a bank, each behind an AND
  for (const int writes : {shape.input_ports, state_writes, seconds * feedback})
    if (writes > 1)
      written += columns * word_bits, merged += (and_or_luts(writes, lut_inputs(family)) - 1) * columns * word_bits;
  add("source.written_bits", written);
  add("source.merged_luts", merged);
  const int read = std::min(2, pipeline.fetch);
  delays.line(2, read);
  delays.line(5.0 + log2_exact(K), pipeline.fetch);
  delays.line(8, read - 1);
  add("input.count", 1);
  add("input.contexts", contexts);
  add("input.ports", shape.input_ports);
  double guarded = 0;  // feedback words that may be shifted
  for (int s = 0; s <= seconds; ++s)
    if (std::popcount(static_cast<unsigned>(work.guards[s])) > 1)
      guarded += static_cast<double>(feedback) * K * (A + f.spectrum_guard);
  add("feedback.count", feedback * (1 + seconds));
  add("feedback.guarded_bits", guarded);
}

void EngineCount::sums() {
  const int sum_latency = latencies.inverse, beats = shape.beats_per_tile(gates);
  add("sum.count", 1);
  add("sum.bits", static_cast<double>(rows) * K * ZW);
  add("sum.partial_bits", map.partial_rows > 0 ? static_cast<double>(rows) * K * ZW : 0);
  add("sum.gathered_bits", static_cast<double>(beats - 1) * rows * K * ZW);
  add("sum.ports", ports - 1);
  const int partial_row = field_width(PassField::partial_row);
  delays.line(field_width(PassField::bias_row) + partial_row + work.first_bias, sum_latency - pipeline.addend);
  if (pipeline.addend == 1)
    delays.leave_out(static_cast<double>(rows) * K * (f.bias_width() + (map.partial_rows > 0 ? ZW : 0)));
  delays.line(field_width(PassField::state_tile) + field_width(PassField::constant_row), sum_latency - 1);
  delays.line(1, sum_latency);
  delays.valid(ports + 1, sum_latency + 1);
  delays.line(ports * tile_tag_bits + partial_row + 4, sum_latency + 1);
  delays.line(static_cast<double>(rows) * K * TW, sum_latency - ifft_latency(modes, pipeline));
}

void EngineCount::count_cells() {
  CellSite site = cell_site(work, shape);
  site.family = family;
  for (const CellTemplate* cell : work.cells) cell->area(site, cell_area);
  if (work.kept_width > A) cell_area.bring_to_vector(site, K, f.state_width + 1, OutputShifts::state);  // the host's
  delays += cell_area.delays;
}

void EngineCount::cells() {
  const CellArea& c = cell_area;
  const bool luts = shape.cell_luts, folding = shape.folding > 1;
  if (pipeline.sums == 0) delays.leave_out(c.arguments + c.scaled_sums + c.linear);
  add("preactivation.bits", c.arguments);
  add("preactivation.scaled_bits", c.scaled_sums);
  add("preactivation.dsp_bits", luts ? 0 : c.scaled.bits);
  add("preactivation.lut_bits", luts ? c.scaled.bits : 0);
  add("multiply.dsp_bits", luts ? 0 : c.added.bits);
  add("multiply.lut_bits", luts ? c.added.bits : 0);
  add("element.lstm_bits", c.saturated);
  add("element.peephole_bits", c.peephole);
  add("element.lstm_dsp_bits", luts ? 0 : c.alone);
  add("element.lstm_lut_bits", luts ? c.alone : 0);
  add("update.bits", c.updated);
  add("update.rounded_bits", c.rounded);
  add("round.bits", c.candidate);
  add("product.lut", luts ? c.added.lut + c.scaled.lut + c.lone_lut : 0);
  add("saturate.bits", c.clamped);
  add("saturate.shift_bits", c.shifted);
  add("folding.in_bits", folding ? K * c.fold_in : 0);
  add("folding.out_bits", folding ? K * c.fold_out * (shape.folding - 1) / shape.folding : 0);
  add("folding.tags", folding ? c.tags : 0);
}

void EngineCount::activations() {
  const ActivationCount units = activation_count(work, shape);
  double rom_luts = 0, table_luts = 0, multiples = 0, lines = 0, tables = 0, registers = 0;
  for (const auto& [unit, count] :
       {std::pair(&work.network.sigmoid, units.sigmoid), std::pair(&work.network.tanh, units.tanh)}) {
    const ActivationShape& s = unit->shape();
    const int word = unit->entry_width() + unit->slope_width(), fraction = s.fraction_bits(),
              sum = s.output.width + s.shift;
    const bool blocks = s.address_bits > distributed_address_bits;
    const bool table = unit->kind() == UnitKind::table;
    if (!blocks && shape.loadable != Loadable::tables)
      (table ? table_luts : rom_luts) += count * word * std::max(1.0, static_cast<double>(1 << s.address_bits) / 64);
    if (pipeline.activation < 3)  // the magnitude, or the start and the product
      delays.leave_out(count * (table                   ? s.range_bits + 3.0
                                : shape.dsp_activations ? sum
                                                        : sum + unit->slope_width() + fraction));
    if (pipeline.activation > 3)  // of the entry, or of the start and the product
      registers += count * (table ? word + 2.0 : sum + (shape.dsp_activations ? sum : 2.0 * (unit->slope_width() + 8)));
    if (table) {
      tables += count * (s.range_bits + s.output.width);
      registers += count * (s.range_bits + 5.0 + (blocks ? 0 : word) + s.output.width);
      continue;
    }
    lines += count * sum;
    registers += count * (fraction + 2.0 + (blocks ? 0 : word) + sum + s.output.width);
    if (!shape.dsp_activations) {
      multiples += count * (fraction - 1.0) * (unit->slope_width() + 1);
      registers += count * (unit->slope_width() + fraction);
    }
  }
  add("activation.rom_luts", rom_luts);
  add("activation.table_luts", table_luts);
  add("activation.row_bits", multiples);
  add("activation.sum_bits", lines);
  add("activation.table_bits", tables);
  add("activation.register_bits", registers);
  add("activation.dsp_bits", shape.dsp_activations ? lines : 0);
}

void EngineCount::results() {
  const CellArea& c = cell_area;
  add("linear.bits", c.linear);
  add("linear.shift_bits", c.linear_shifts);
  add("linear.output_bits", c.linear_output);
  add("cells.count", 1);
  add("cells.register_bits", static_cast<double>(ports) * (K * A + tile_tag_bits + 1));
  add("cells.join_bits", static_cast<double>(c.results) * (K * A + tile_tag_bits));
  const int kept = work.kept_width;
  const double state = c.state ? static_cast<double>(K) * kept : 0;
  add("cells.state_bits", c.cell_state + state + (work.initial_state ? ports * state : 0));
  const bool finer = kept > A;  // a register of its own, where the host's vector joins, and the host's rounding
  add("cells.kept_bits", finer ? static_cast<double>(K) * kept : 0);
  add("cells.beside_bits", finer ? K * ((ports - 1.0) * kept + A + 2) : 0);
  add("cells.words", static_cast<double>(ports) * K);
  // banks of vectors (for the host and, in a GRU, for a unit), update gates and candidate sums, of which a unit's is
  // chosen
  choose(ports, static_cast<double>(K) * ((c.state ? 2 : 1) * kept + c.banked));
}

void EngineCount::periphery() {
  add("control.count", 1);
  add("control.window_bits", static_cast<double>(K) * 32);
  const int row_bits = shape.loadable == Loadable::weights ? WB : std::max(WB, constant_row_bits(work, K));
  add("control.weight_bits", 32.0 * ceil_div(row_bits, 32));
  add("control.contexts", contexts - 1);
  add("sequencer.count", 1);
  add("sequencer.contexts", contexts - 1);
  add("axis.count", 1);
  add("axis.in_bits", static_cast<double>(K) * shape.input_ports * A);
  add("axis.out_bits", static_cast<double>(K) * output_ports(work, shape) * A);
  add("axis.lut_ram_bits", fifo_lut_ram);
  add("axis.block_bits", fifo_block);
  add("engine.count", 1);
  const int fetched = latencies.column + pipeline.fetch, lane = latencies.lane;
  const int stage_bits = field_width(SegmentField::stages);
  delays.line(field_width(SegmentField::weight_row), fetched - 2);
  delays.valid(1 + stage_bits, fetched);
  delays.line(field_width(SegmentField::pass), fetched + lane - 1);
  delays.line(erngen::word_bits(frame_word), fetched + lane + 1);
  delays.valid(stage_bits, lane + 1);
  add("select.two_bits", two_bits);
  add("select.four_bits", four_bits);
  add("select.eight_bits", eight_bits);
  add("delay.register_bits", delays.registers);
  add("delay.lines", delays.lines);
  add("delay.line_bits", delays.line_bits);

  add("rom.bias_luts", bias_luts);
  add("rom.bias_bits", bias_width);
  add("rom.program_luts", program_luts);
  add("rom.program_bits", program_width);
  add("rom.block_bits", rom_block);
  add("ram.lut_ram_bits", lut_ram);
  add("ram.deep_bits", lut_ram_deep);
  add("ram.block_bits", block);
}

}  // namespace

std::vector<AreaTerm> area_terms(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                                 const ProgramSize& program, const std::vector<MappedEngineMemory>& memories,
                                 Family family) {
  EngineCount count{work, shape, map, program, memories, family};
  count.terms.reserve(128);
  count.memories();
  count.array();
  count.readout_rows();
  count.transforms();
  count.operands();
  count.sums();
  count.count_cells();
  count.cells();
  count.activations();
  count.results();
  count.periphery();
  return count.terms;
}

}  // namespace erngen
