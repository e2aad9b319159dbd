// The memories of an engine, and what Yosys maps each of them to.
#pragma once

#include <string>
#include <vector>

#include "device/device.hpp"
#include "plan/memory_map.hpp"
#include "plan/program.hpp"
#include "units/memory.hpp"

namespace erngen {

/// Every memory of the engine with a depth above 1.
std::vector<EngineMemory> engine_memories(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                                          const ProgramSize& program);

/// Frames that the output buffer has room for: those that may be on their way from admission to the output, and two
/// more. Without a recurrence many follow each other within one latency.
int output_frames(const EngineShape& shape, const ProgramSize& program);

/// What one memory becomes.
struct MappedMemory {
  /// RAMB18 of AMD devices, of others block_ram_type(): DP16KD, SB_RAM40_4K, M10K, of the generic family 1 kbit.
  int half_blocks = 0;
  int lut_ram = 0;            ///< LUTs used as RAM
  std::int64_t rom_bits = 0;  ///< bits that become logic: a ROM too small for a block
  std::int64_t ff = 0;        ///< bits of a RAM that become registers
};

/// The cheapest choice by the costs of Yosys 0.23 (passes/memory/memory_libmap and the families' brams.txt,
/// lutrams.txt): 7 series RAMB18 129, RAMB36 257, LUT RAM of 32 x 6 or 64 x 3 bits 8; ECP5 DP16KD 128, 16 x 4 bits 4;
/// iCE40 block 64; a register 1 a bit, a ROM in logic 1/256 a bit, which no block undercuts; half a bit of every
/// multiplexer and write enable where cells are joined in depth. All shapes of a block are tried. tools/calibrate.py
/// memories asks Yosys for many shapes. Cyclone V has the costs of ECP5 blocks for M10K, and 20 for an MLAB of 32 x 20;
/// nothing of that was compared with Quartus. Generic: from 512 bits on a memory that a clock reads has exactly its
/// bits.
MappedMemory map_memory_blocks(std::int64_t width, std::int64_t depth, MemoryKind kind, Family family);

/// Each memory with what it becomes.
struct MappedEngineMemory : EngineMemory {
  MappedMemory mapped;
};
std::vector<MappedEngineMemory> mapped_memories(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                                                const ProgramSize& program, Family family);

/// Blocks as 36 kbit.
double bram36_of(std::int64_t half_blocks, Family family);

}  // namespace erngen
