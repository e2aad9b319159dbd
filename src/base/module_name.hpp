// Names that users give to modules, and that then stand in Verilog, VHDL, C, Tcl and file names.
#pragma once

#include <string>
#include <string_view>

namespace erngen {

constexpr size_t longest_module_name = 64;

/// Why `name` cannot be a module's name, or "": a letter or underscore and then letters, digits and underscores,
/// longest_module_name at most, no keyword of Verilog, SystemVerilog, VHDL or Tcl, no cell of
/// a vendor. In linear time.
std::string module_name_fault(std::string_view name);

/// Throws Error(usage) for a top module's name that cannot be one, or that begins with ern_, as the templates do.
void require_top_name(std::string_view name);

}  // namespace erngen
