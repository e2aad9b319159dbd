#include "cli/design_options.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "rtl/wrappers.hpp"

namespace erngen::cli {

void add_design_options(CLI::App& app, DesignRequest& request, PlanArguments& plan) {
  app.add_option("--name", request.top, "Name of the top module; the memory images' names begin with it")
      ->capture_default_str();
  app.add_option("--prefix", request.prefix,
                 "What the names of all other modules begin with; default: the top module's name and _")
      ->type_name("TEXT");
  const auto add = [&request, &plan](const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      request.wrappers.push_back(name);
      plan.stream.plain_dma |= needs_plain_dma(name);
      plan.stream.dma_tkeep |= wants_tkeep(name);
    }
    std::sort(request.wrappers.begin(), request.wrappers.end());
    request.wrappers.erase(std::unique(request.wrappers.begin(), request.wrappers.end()), request.wrappers.end());
  };
  app.add_option_function<std::vector<std::string>>(
         "--wrapper", add,
         "Add the design as a part of a system (docs/how-to/systems.md): litex, a module for LiteX with its DMA; "
         "vivado, a "
         "block "
         "design for Zynq; quartus, a project and a component; vhdl, a component; clocks, ports with a clock of their "
         "own. "
         "With litex and vivado stream options that are not given are those that a plain DMA drives, 32 bits wide")
      ->type_name("litex|vivado|quartus|vhdl|clocks")
      ->check(CLI::IsMember(wrapper_names()))
      ->delimiter(',');
  app.add_option_function<std::vector<std::string>>(
         "--bench", [&request](const std::vector<std::string>&) { request.cocotb = true; },
         "Add a bench for another framework: cocotb, in DIR/testbench/cocotb")
      ->type_name("cocotb")
      ->check(CLI::IsMember({"cocotb"}));
}

std::string design_command(const PlanArguments& plan, const DesignRequest& request) {
  std::string text = plan.command("generate");
  for (const std::string& wrapper : request.wrappers) text += fmt::format(" --wrapper {}", wrapper);
  if (request.cocotb) text += " --bench cocotb";
  return text;
}

}  // namespace erngen::cli
