// A design behind five pins, so that it can be placed and routed alone on a real part.
#pragma once

#include <string>

#include "rtl/ports.hpp"

namespace erngen {

/// Verilog of module `TOP_pins`: a register before every input and behind every output of `top`, reached through one
/// shift register each, so that the routed clock is that of the paths inside and nothing can be optimised away. `ports`
/// without clock and reset. Pins: clk_i, data_i, load_i (shift register to inputs), capture_i (outputs to shift
/// register), data_o.
std::string pins_module(const std::string& top, const std::vector<Port>& ports);

}  // namespace erngen
