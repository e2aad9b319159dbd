// The cells that FPGA vendors' tools know by name.
#pragma once

#include <string_view>

namespace erngen {

/// Whether tools for AMD or Lattice parts have a cell of this name ("RAMB36E2"): a module of the user's that has it too
/// replaces the cell, or is taken for it.
bool is_vendor_primitive(std::string_view name);

}  // namespace erngen
