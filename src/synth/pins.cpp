#include "synth/pins.hpp"

#include <fmt/format.h>

namespace erngen {

std::string pins_module(const std::string& top, const std::vector<Port>& ports) {
  int inputs = 1, outputs = 0;  // the first input is aresetn
  std::string connections;
  for (const Port& port : ports) {
    int& count = port.direction == "input" ? inputs : outputs;
    connections += fmt::format(",\n      .{}({}[{}:{}])", port.name, port.direction == "input" ? "in_q" : "out",
                               count + port.width() - 1, count);
    count += port.width();
  }
  return fmt::format(
      "// {0}_pins: {0} behind five pins, to be placed and routed alone. Inputs come from a shift register when\n"
      "// load_i is 1, outputs go to another when capture_i is 1; both have registers of their own.\n"
      "`default_nettype none\n\n"
      "module {0}_pins (\n    input  wire clk_i,\n    input  wire data_i,\n    input  wire load_i,\n    input  wire "
      "capture_i,\n"
      "    output wire data_o\n);\n"
      "  reg data_q, load_q, capture_q;\n  reg [{1}:0] to_q, in_q;\n  reg [{2}:0] out_q, from_q;\n  wire [{2}:0] out;\n"
      "  always @(posedge clk_i) begin\n    {{data_q, load_q, capture_q}} <= {{data_i, load_i, capture_i}};\n"
      "    to_q <= {{to_q[{3}:0], data_q}};\n    if (load_q) in_q <= to_q;\n    out_q <= out;\n"
      "    from_q <= capture_q ? out_q : {{from_q[{4}:0], 1'b0}};\n  end\n  assign data_o = from_q[{2}];\n"
      "  {0} u_design (\n      .aclk(clk_i),\n      .aresetn(in_q[0]){5}\n  );\nendmodule\n\n`default_nettype wire\n",
      top, inputs - 1, outputs - 1, inputs - 2, outputs - 2, connections);
}

}  // namespace erngen
