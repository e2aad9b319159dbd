// Cells of a mapped netlist, and the resources that they are.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "device/device.hpp"

namespace erngen {

/// Cell type -> number of them in the whole design, submodules as often as they are instantiated.
using CellCounts = std::map<std::string, std::int64_t>;

/// The cells in the text that Yosys's `stat` prints (0.23 and newer layouts). The design hierarchy counts where there
/// is one, else the only module. (Yosys 0.23 spoils the hierarchy of `stat -json`, so text is what is read.) Throws
/// Error(tool) if the text has no such table, or if its cells do not add up to the total that it names.
CellCounts parse_yosys_statistics(std::string_view text, const std::string& what);

/// What the cells occupy. LUT counts those that are memory or shift registers too.
struct MappedResources {
  std::int64_t dsp = 0;
  double bram36 = 0;           ///< blocks of 36 kbit
  std::int64_t large_ram = 0;  ///< UltraRAM or SPRAM blocks
  std::int64_t lut = 0;        ///< lut_logic + lut_ram + lut_shift + lut_carry
  std::int64_t lut_logic = 0;
  std::int64_t lut_ram = 0;
  std::int64_t lut_shift = 0;
  std::int64_t lut_carry = 0;  ///< ECP5: a CCU2C takes the place of two LUTs
  std::int64_t ff = 0;
  std::int64_t carry = 0;  ///< CARRY4, CCU2C, SB_CARRY
};

/// Counts per family: 7 series (RAM32M and RAM64M are 4 LUTs), ECP5 (a CCU2C 2 LUTs, a TRELLIS_DPR16X4 three slices =
/// 6), iCE40.
MappedResources count_resources(const CellCounts& cells, Family family);

Json to_json(const MappedResources& resources);

}  // namespace erngen
