// Resources of an engine: DSP blocks and block RAM as Yosys maps them, LUT and FF by calibrated estimate.
#pragma once

#include "device/device.hpp"
#include "plan/memories.hpp"
#include "plan/memory_map.hpp"
#include "plan/program.hpp"

namespace erngen {

struct Resources {
  int dsp = 0;        ///< multiplier blocks of the family (plan/products.hpp)
  double bram36 = 0;  ///< blocks of 36 kbit (plan/memories.hpp)
  int lut = 0;        ///< estimate with LUT RAM (plan/area.hpp); docs/results/calibration.md has its errors
  int ff = 0;         ///< estimate
  int cells = 0;      ///< iCE40: logic cells, estimate; other families: 0
};

Resources estimate_resources(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                             const ProgramSize& program, Family family);
/// The same, of an engine with the given memories: those of activation units with and without DSP blocks are equal.
Resources estimate_resources(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                             const ProgramSize& program, const std::vector<MappedEngineMemory>& memories,
                             Family family);

/// DSP blocks alone: they do not depend on the schedule.
int count_dsp(const Workload& work, const EngineShape& shape, Family family);

}  // namespace erngen
