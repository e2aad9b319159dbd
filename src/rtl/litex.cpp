#include "rtl/litex.hpp"

#include <fmt/format.h>

#include "rtl/filled_in.hpp"
#include "rtl/ports.hpp"

namespace erngen {

GeneratedFile litex_module(const BenchShape& shape) {
  const auto bits = [](const StreamShape& stream) { return stream.element_bits * stream.beat_elements; };
  std::string ports;
  for (const Port& port : present_ports(shape))
    if (port.name == "s_axis_tlast" || port.name == "m_axis_tkeep") ports += fmt::format("\"{}\", ", port.name);
  const bool turns = shape.protocol.rounds(shape.streams);
  const std::string block = fmt::format(
      "NAME = \"{}\"\nINPUT_BITS, OUTPUT_BITS = {}, {}\nPORTS = ({})  # of those that not every design has\n"
      "TRANSFER_ENDS_WITH_SEQUENCE = {}  # else with its length alone, as those of several streams that take turns\n",
      shape.top, bits(shape.input), bits(shape.output), ports.empty() ? ports : ports.substr(0, ports.size() - 1),
      turns ? "False" : "True");
  return {fmt::format("litex/{}_litex.py", shape.top), filled_in("litex.py", shape.top, block)};
}

}  // namespace erngen
