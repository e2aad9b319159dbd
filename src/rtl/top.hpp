// The generated top module: AXI port names around one ern_engine with all its parameters.
#pragma once

#include <string>

#include "plan/plan.hpp"

namespace erngen {

/// Verilog text of the top module `name`. `configuration` is the hash that the CONFIGURATION register shows;
/// `version` the erngen version as 0x00MMmmpp; `command` the command line that made the design, for the header.
std::string top_module(const Workload& work, const Plan& plan, const std::string& name, std::uint32_t configuration,
                       std::uint32_t version, const std::string& command);

}  // namespace erngen
