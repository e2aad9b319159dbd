// A memory of an engine as its templates describe it.
#pragma once

#include <cstdint>

namespace erngen {

enum class MemoryKind {
  ram,        ///< one write port, one read port with a register (ern_ram, the lanes' weights, ern_fifo)
  rom,        ///< no write port (ern_rom)
  constants,  ///< ern_constants: a rom, or a ram if the host can load it
  block_rom,  ///< the same, told to be a block (large tables of ern_activation)
  async,      ///< a write port, a read port without register (ern_tile_queue)
};

struct EngineMemory {
  const char* name = "";
  std::int64_t width = 0, depth = 0;
  int count = 1;
  MemoryKind kind = MemoryKind::ram;
};

}  // namespace erngen
