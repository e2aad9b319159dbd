// Hand-written files for other tools, which run as they lie for a design called erngen_accelerator: a design's own name
// and numbers take the place of that.
#pragma once

#include <string>
#include <string_view>

namespace erngen {

/// src/rtl/systems/NAME with `top` for every erngen_accelerator, and `block` for the lines between "# design: begin"
/// and
/// "# design: end".
std::string filled_in(std::string_view name, std::string_view top, std::string_view block);

/// src/rtl/systems/NAME as it lies.
std::string_view system_file(std::string_view name);

}  // namespace erngen
