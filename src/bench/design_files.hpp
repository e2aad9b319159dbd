// The Verilog of a design on disk, as simulators and synthesis tools are given it.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace erngen {

/// The lines of DIR/rtl/files.f that are not empty. Each names a regular file below DIR by letters, digits and _ - . /
/// only, so that it can stand in any script. Throws Error(bad_input) otherwise, or if there is none.
std::vector<std::string> design_files(const std::filesystem::path& directory);

}  // namespace erngen
