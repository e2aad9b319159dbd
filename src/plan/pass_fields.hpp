// The fields of a pass's word in the passes memory.
#pragma once

#include <vector>

#include "plan/memory_map.hpp"
#include "plan/program.hpp"
#include "units/control_words.hpp"

namespace erngen {

/// The lists of shifts that fields point into.
struct ShiftLists {
  explicit ShiftLists(const QuantNetwork& network);

  std::vector<int> readout, shortcut;
  std::vector<int> output;  ///< by phase: the number of its shift in its operation's list
};

ControlWord<PassField> pass_fields(const QuantNetwork& network, const ShiftLists& shifts, const EngineShape& shape,
                                   const MemoryMap& map, const Pass& pass);

/// Bits of the passes' words that differ between passes: Yosys keeps no memory for the others. Those of fields that
/// depend on the formats, and of all other fields, which networks of other formats share.
int differing_format_bits(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map);
int differing_pass_bits(const QuantNetwork& network, const EngineShape& shape, const MemoryMap& map,
                        const std::vector<Pass>& passes);

}  // namespace erngen
