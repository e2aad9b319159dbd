// A design whose ports have another clock than its engine.
#pragma once

#include <string>
#include <vector>

#include "rtl/vendor_systems.hpp"

namespace erngen {

/// Templates that only two_clocks() needs, "ern_async_fifo.v" and so on; a design has them with it alone.
const std::vector<std::string>& two_clock_templates();

/// clocks/{TOP_clocks.v, files.f, TOP_clocks.xdc, TOP_clocks.sdc} and the templates: a module around the top one with
/// queues at its ports. `prefix` is that of the templates' names in the design.
std::vector<GeneratedFile> two_clocks(const VendorDesign& design, const std::string& prefix);

}  // namespace erngen
