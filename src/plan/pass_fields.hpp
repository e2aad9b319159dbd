// The fields of a pass's word in the passes memory.
#pragma once

#include <vector>

#include "plan/memory_map.hpp"
#include "plan/program.hpp"
#include "units/control_words.hpp"

namespace erngen {

ControlWord<PassField> pass_fields(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                                   const Pass& pass);

/// Bits of the passes' words that differ between passes: Yosys keeps no memory for the others. Those of fields that
/// depend on the formats, and of all other fields, which networks of other formats share.
int differing_format_bits(const Workload& work, const EngineShape& shape, const MemoryMap& map);
int differing_pass_bits(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                        const std::vector<Pass>& passes);

}  // namespace erngen
