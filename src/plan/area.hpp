// LUTs and flip-flops of an engine, as a sum of measured coefficients times countable quantities.
//
// A term is a number of bits, adders or instances of one group of templates, such as "lane.sum_bits". Each family has
// two coefficients a term (LUT, FF), which tools/calibrate.py fits group by group to designs synthesised with Yosys and
// writes to area_coefficients.inc, the list of all terms.
#pragma once

#include <vector>

#include "device/device.hpp"
#include "plan/memories.hpp"
#include "plan/products.hpp"

namespace erngen {

struct AreaTerm {
  const char* name = "";  ///< "group.quantity"
  double value = 0;
};

/// Every term, in a fixed order, zeros included. `memories` are those of the engine.
std::vector<AreaTerm> area_terms(const Workload& work, const EngineShape& shape, const MemoryMap& map,
                                 const ProgramSize& program, const std::vector<MappedEngineMemory>& memories,
                                 Family family);

struct EstimatedArea {
  double lut = 0;  ///< without LUT RAM
  double ff = 0;
};

/// The sum with the family's coefficients: ECP5's for ECP5 and iCE40, else those of the 7 series. Throws
/// Error(internal) unless the terms are those of area_coefficients.inc, which lists them all, in its order.
EstimatedArea estimate_area(const std::vector<AreaTerm>& terms, Family family);

}  // namespace erngen
