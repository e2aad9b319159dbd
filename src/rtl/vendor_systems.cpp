#include "rtl/vendor_systems.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "rtl/filled_in.hpp"
#include "rtl/ports.hpp"

namespace erngen {
namespace {

std::string clock_constraint(const VendorDesign& design) {
  return fmt::format("# {} has one clock; {:g} MHz.\ncreate_clock -name aclk -period {:.3f} [get_ports aclk]\n",
                     design.shape.top, design.clock_mhz, 1000 / design.clock_mhz);
}

std::string vhdl_type(const Port& port) {
  return port.bits > 0 ? fmt::format("std_logic_vector({} downto 0)", port.bits - 1) : "std_logic";
}

/// "name : in std_logic" of all ports, clock and reset first.
std::string vhdl_ports(const std::vector<Port>& ports, const char* indent) {
  std::string text = fmt::format("{0}aclk : in std_logic;\n{0}aresetn : in std_logic", indent);
  for (const Port& port : ports)
    text +=
        fmt::format(";\n{}{} : {} {}", indent, port.name, port.direction == "input" ? "in" : "out", vhdl_type(port));
  return text + "\n";
}

}  // namespace

std::vector<GeneratedFile> vivado_system(const VendorDesign& design) {
  const StreamShape& in = design.shape.input;
  const std::string& top = design.shape.top;
  const std::string block =
      fmt::format("set top {0}\nset vlnv erngen:cores:{0}:{1}\nset part {2}\nset mhz {3:g}\nset input_bits {4}\n", top,
                  design.version, design.part.empty() ? "xc7z020clg400-1" : design.part, design.clock_mhz,
                  in.element_bits * in.beat_elements);
  return {{fmt::format("vivado/{}.tcl", top), filled_in("vivado.tcl", top, block)},
          {fmt::format("vivado/{}.xdc", top), clock_constraint(design)}};
}

std::vector<GeneratedFile> quartus_system(const VendorDesign& design) {
  const std::string& top = design.shape.top;
  std::string ports;
  for (const Port& port : present_ports(design.shape)) {
    if (port.name == "irq") continue;
    const size_t cut = port.name.rfind('_');
    ports += fmt::format("  {{{} {} {} {}}}\n", port.name.substr(0, cut), port.name.substr(cut + 1), port.width(),
                         port.direction == "input" ? "Input" : "Output");
  }
  const std::string component =
      fmt::format("set top {}\nset version {}\nset ports {{\n{}}}\n", top, design.version, ports);
  return {{fmt::format("quartus/{}.tcl", top),
           filled_in("quartus.tcl", top, fmt::format("set top {}\nset mhz {:g}\n", top, design.clock_mhz))},
          {fmt::format("quartus/{}_hw.tcl", top), filled_in("quartus_hw.tcl", top, component)},
          {fmt::format("quartus/{}.sdc", top), clock_constraint(design) + "derive_clock_uncertainty\n"}};
}

std::vector<GeneratedFile> vhdl_component(const VendorDesign& design) {
  const std::string& top = design.shape.top;
  if (top.front() == '_' || top.back() == '_' || top.find("__") != top.npos)
    throw wrong_option(fmt::format("--wrapper vhdl with --name {}: VHDL has no such name", top),
                       "take a name without underscores at its ends and without two in a row");
  const std::vector<Port> ports = present_ports(design.shape);
  const std::string component = fmt::format(
      "-- {0} for VHDL: its component. Made by erngen; the module itself is Verilog, in rtl.\n"
      "library ieee;\nuse ieee.std_logic_1164.all;\n\n"
      "package {0}_component is\n  component {0} is\n    generic (\n      IMAGE_DIR : string := \"\"  -- directory of "
      "the memory "
      "images\n"
      "    );\n    port (\n{1}    );\n  end component;\nend package;\n",
      top, vhdl_ports(ports, "      "));
  std::string map = "      aclk => aclk,\n      aresetn => aresetn";
  for (const Port& port : ports) map += fmt::format(",\n      {0} => {0}", port.name);
  const std::string instance = fmt::format(
      "-- {0} in VHDL: a template for its instantiation.\n"
      "library ieee;\nuse ieee.std_logic_1164.all;\nuse work.{0}_component.all;\n\n"
      "entity {0}_instance is\n  port (\n{1}  );\nend entity;\n\n"
      "architecture rtl of {0}_instance is\nbegin\n"
      "  u_{0} : {0}\n    generic map (\n      IMAGE_DIR => \"images\"\n    )\n    port map (\n{2}\n    );\nend "
      "architecture;\n",
      top, vhdl_ports(ports, "    "), map);
  return {{fmt::format("vhdl/{}_component.vhd", top), component}, {fmt::format("vhdl/{}_instance.vhd", top), instance}};
}

}  // namespace erngen
