// The cycle-accurate schedule of one run.
#pragma once

#include "plan/memory_map.hpp"
#include "plan/program.hpp"

namespace erngen {

/// Lists the passes of every context, times them against the array, the readout, the tile queue, the feedback bus and
/// the readiness of each spectrum row, and closes the run into a loop whose distance no dependency of the next
/// frame can violate, however late that frame comes. Runs of several contexts are at least `least_cycles` apart, so
/// that all streams are there when the next run begins.
Program schedule(const Workload& work, const EngineShape& shape, const EngineLatencies& latencies, const MemoryMap& map,
                 int least_cycles = 0);

}  // namespace erngen
