// Resources of an engine: DSP blocks by counting, block RAM, LUT and FF by estimate.
#pragma once

#include "plan/memory_map.hpp"
#include "plan/program.hpp"

namespace erngen {

struct Resources {
  int dsp = 0;       ///< products of the lanes, transforms and cells (units/*.hpp)
  double bram36 = 0; ///< estimate: 36-kbit blocks, memories of more than 64 rows, in halves
  int lut = 0;       ///< estimate, not calibrated
  int ff = 0;        ///< estimate, not calibrated
};

Resources estimate_resources(const QuantNetwork& network, const EngineShape& shape, const EngineLatencies& latencies,
                             const MemoryMap& map, const Program& program);

/// DSP blocks alone: they do not depend on the schedule.
int count_dsp(const QuantNetwork& network, const EngineShape& shape);

/// Real multiplications of one frame in the three-product form: blocks, forward and inverse transforms. The
/// roofline is this number over the multipliers.
std::int64_t multiplications_per_frame(const QuantNetwork& network);

}  // namespace erngen
