// The README of a design directory: what is in it and what to do with it, from its manifest.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "rtl/ports.hpp"

namespace erngen {

/// Markdown: contents, ports, formats of the streams, and how the design is simulated, synthesised, driven and given
/// other weights. `part` is the device's for Vivado, empty for others.
std::string design_readme(const Json& manifest, const std::vector<Port>& ports, const std::string& part);

}  // namespace erngen
