#include "plan/memories.hpp"

#include <algorithm>
#include <limits>

#include "activation/cost.hpp"
#include "plan/pass_fields.hpp"
#include "plan/products.hpp"
#include "units/lane.hpp"

namespace erngen {
namespace {

std::int64_t ceil64(std::int64_t a, std::int64_t b) { return (a + b - 1) / b; }

/// Cells of one kind that make a memory, by cost.
struct Choice {
  double cost = std::numeric_limits<double>::infinity();
  std::int64_t cells = 0;  ///< times `each`
};

/// memory_libmap's cost of the cells, of the read multiplexers behind them and of the write enables before them. A
/// memory deeper than a cell is cut into parts that lie side by side in the cells' words, each from a new write enable
/// of `byte` bits on. A cell of the 7 series' LUT RAM that is used in part costs as much less (`widthscale`).
void consider(Choice& best, std::int64_t width, std::int64_t depth, const RamShape& shape, int cell_cost, int each,
              int byte, bool by_width = false) {
  const std::int64_t deep = ceil64(depth, shape.depth), unit = std::min(byte, shape.width);
  const std::int64_t cells = ceil64(deep > 1 ? deep * ceil64(width, unit) * unit : width, shape.width);
  const double joined = deep > 1 ? 0.5 * static_cast<double>((deep - 1) * width + deep) : 0;
  const double used = by_width ? static_cast<double>(deep * width) / shape.width : static_cast<double>(cells);
  const double cost = used * cell_cost + joined;
  if (cost < best.cost) best = {cost, cells * each};
}

/// A memory of a library's own size from 512 bits on that a clock reads, registers below; what is only read is logic.
MappedMemory map_generic_memory(std::int64_t width, std::int64_t depth, MemoryKind kind) {
  MappedMemory mapped;
  const std::int64_t bits = width * depth;
  if (kind == MemoryKind::rom || kind == MemoryKind::block_rom)
    mapped.rom_bits = bits;
  else if (kind == MemoryKind::async || bits < 512)
    mapped.ff = bits;
  else
    mapped.half_blocks = static_cast<int>(ceil64(bits, block_ram_type(Family::generic).bits));
  return mapped;
}

}  // namespace

int output_frames(const EngineShape& shape, const ProgramSize& program) {
  constexpr int around =
      10;  // cycles of admission before a run's first step, and of the output's registers behind its last block
  return shape.contexts *
             std::max(2, ceil_div(program.last_output + shape.contexts + around, std::max(program.run_cycles, 1))) +
         2;
}

/// Of a beat in ern_tile_queue, beside its rows: its first, cells that fold, gates, tiles, the tag.
constexpr int tile_queue_control_bits =
    1 + 1 + field_width(PassField::gates) + field_width(PassField::tiles) + pass_tag_bits;

std::vector<EngineMemory> engine_memories(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                                          const ProgramSize& program) {
  const NumberFormats& f = work.formats;
  const int K = shape.words, A = f.activation_width;
  const int rows = std::min(shape.readout, sum_rows(work, shape));
  const std::int64_t spectra = std::int64_t{K} * f.spectrum_width();
  const int bank_tiles = ceil_div(map.state_tiles, shape.ports);
  const int out_words = K * output_ports(work, shape);
  std::vector<EngineMemory> all = {
      {"weights", weight_bits(work, shape), program.weight_rows, shape.lanes(), MemoryKind::ram},
      {"input spectra", spectra, map.input_depth, shape.columns, MemoryKind::ram},
      {"state spectra", spectra, std::max(2, map.state_depth), shape.columns * (work.second_spectrum() ? 2 : 1),
       MemoryKind::ram},
      {"biases", std::int64_t{K} * f.bias_width(), map.bias_depth(), rows, MemoryKind::constants},
      {"vectors", std::int64_t{K} * work.kept_width, bank_tiles, shape.ports, MemoryKind::ram},
      {"program", program.segment_bits, program.segments, 1, MemoryKind::rom},
      {"fetch", fetch_bits(K), fetch_depth, 1, MemoryKind::async},  // of ern_sequencer
      {"passes", program.pass_bits + differing_format_bits(work, shape, map), program.passes, 1, MemoryKind::rom},
      {"partial sums", std::int64_t{K} * f.sum_width(), map.partial_rows, rows, MemoryKind::ram},
      {"peepholes", std::int64_t{K} * f.weight_width, work.peephole ? map.constant_rows : 0, 3, MemoryKind::constants},
      {"initial states", std::int64_t{K} * f.state_width, work.initial_state ? map.constant_rows / shape.ports : 0,
       shape.ports, MemoryKind::constants},
      {"output", std::int64_t{out_words} * A + 2 + axis_id_bits(shape.contexts),
       axis_out_capacity(out_words, work.graph.output_size(), output_frames(shape, program)), 1, MemoryKind::ram},
  };
  CellSite site = cell_site(work, shape);
  site.state_tiles = map.state_tiles;
  site.constant_rows = map.constant_rows;
  for (const CellTemplate* cell : work.cells)
    if (cell->memories) cell->memories(site, all);
  if (shape.form != LaneForm::plain) {
    const int each = weight_bits(work, shape), rows_of_all = correction_rows(work, shape);
    for (int left = correction_constants(K, shape.form) * correction_bits(work, shape); left > 0; left -= each)
      all.push_back({"corrections", std::min(left, each), rows_of_all, shape.readout, MemoryKind::ram});
    all.push_back({"correction rows", ceil_log2(std::max(2, rows_of_all)), program.passes, 1, MemoryKind::rom});
  }
  if (program.queue)
    all.push_back({"tile queue", tile_queue_control_bits + std::int64_t{shape.readout} * K * f.readout_width,
                   program.queue_depth, 1, MemoryKind::async});
  const ActivationCount units = activation_count(work, shape);
  for (const auto& [unit, count] :
       {std::pair(&work.network.sigmoid, units.sigmoid), std::pair(&work.network.tanh, units.tanh)})
    if (shape.loadable == Loadable::tables ||
        unit->shape().address_bits > distributed_address_bits)  // else its own LUTs
      all.push_back({"activation", unit->entry_width() + unit->slope_width(),
                     std::int64_t{1} << unit->shape().address_bits, count,
                     shape.loadable == Loadable::tables ? MemoryKind::ram : MemoryKind::block_rom});
  for (EngineMemory& m : all)
    if (m.kind == MemoryKind::constants)
      m.kind = shape.loadable == Loadable::weights ? MemoryKind::rom : MemoryKind::ram;
  std::erase_if(all, [](const EngineMemory& m) { return m.width < 1 || m.depth < 1 || m.count < 1; });
  return all;
}

MappedMemory map_memory_blocks(std::int64_t width, std::int64_t depth, MemoryKind kind, Family family) {
  // A half block has the shapes of a whole one with half the words, and no word of 72 bits.
  static const std::vector<RamShape> ramb18{{512, 36}, {1024, 18}, {2048, 9}, {4096, 4}, {8192, 2}, {16384, 1}};
  const bool ice40 = family == Family::ice40, ecp5 = family == Family::ecp5, cyclone5 = family == Family::cyclone5;
  if (family == Family::generic) return map_generic_memory(width, depth, kind);
  const int byte = kind == MemoryKind::ram && !ice40
                       ? 9
                       : 1;  // what is only read needs no enables, and the iCE40 has one for each bit
  Choice blocks, luts;
  if (kind != MemoryKind::async) {
    if (is_amd(family))
      for (const RamShape& shape : ramb18) consider(blocks, width, depth, shape, 129, 1, byte);
    for (const RamShape& shape : block_ram_type(family).shapes) {
      if (is_amd(family))
        consider(blocks, width, depth, shape, 257, 2, byte);
      else
        consider(blocks, width, depth, shape, ice40 ? 64 : 128, 1, byte);
    }
  }
  MappedMemory mapped;
  if (kind == MemoryKind::block_rom) {
    mapped.half_blocks = static_cast<int>(blocks.cells);
    return mapped;
  }
  const std::int64_t bits = width * depth;
  if (kind == MemoryKind::rom) {
    constexpr int ports = 3;  // beside the cells' cost, found by mapping ROMs of neighbouring sizes
    if ((blocks.cost + ports) * (ecp5 || ice40 ? 16 : 64) <= static_cast<double>(bits))
      mapped.half_blocks = static_cast<int>(blocks.cells);
    else
      mapped.rom_bits = bits;
    return mapped;
  }
  if (cyclone5)
    consider(luts, width, depth, {32, 20}, 20, 10, 20);  // an MLAB, of ten ALMs
  else if (ecp5)
    consider(luts, width, depth, {16, 4}, 4, 6, 4);
  else if (is_amd(family))
    for (const RamShape& shape : {RamShape{64, 3}, RamShape{32, 6}})
      consider(luts, width, depth, shape, 8, 4, shape.width, true);
  luts.cost += 2;  // for the register behind the read, which LUT RAM has not
  if (static_cast<double>(bits) <= std::min(luts.cost, blocks.cost))
    mapped.ff = bits;
  else if (luts.cost <= blocks.cost)
    mapped.lut_ram = static_cast<int>(luts.cells);
  else
    mapped.half_blocks = static_cast<int>(blocks.cells);
  return mapped;
}

std::vector<MappedEngineMemory> mapped_memories(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                                                const ProgramSize& program, Family family) {
  std::vector<MappedEngineMemory> all;
  const std::vector<EngineMemory> memories = engine_memories(work, shape, map, program);
  all.reserve(memories.size());
  for (const EngineMemory& m : memories) all.push_back({m, map_memory_blocks(m.width, m.depth, m.kind, family)});
  return all;
}

double bram36_of(std::int64_t half_blocks, Family family) {
  const int bits = block_ram_type(family).bits;
  return static_cast<double>(half_blocks) * (is_amd(family) ? bits / 2 : bits) / 36864;
}

}  // namespace erngen
