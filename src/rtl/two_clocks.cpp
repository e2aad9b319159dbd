#include "rtl/two_clocks.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "rtl/embedded.hpp"
#include "rtl/ports.hpp"
#include "rtl/template_names.hpp"

namespace erngen {
namespace {

/// A channel of the ports: its signals but valid and ready, in the order in which a word holds them.
struct Channel {
  std::string prefix;  ///< before valid, ready and the signals, "s_axis_t"
  bool inward = true;  ///< from the ports to the engine
  std::vector<Port> signals;
};

std::vector<Channel> channels(const BenchShape& shape) {
  std::vector<Channel> all{{"s_axis_t", true, {}}, {"m_axis_t", false, {}}, {"s_axi_aw", true, {}},
                           {"s_axi_w", true, {}},  {"s_axi_b", false, {}},  {"s_axi_ar", true, {}},
                           {"s_axi_r", false, {}}};
  for (const Port& port : present_ports(shape))
    for (Channel& channel : all) {
      if (port.name.compare(0, channel.prefix.size(), channel.prefix) != 0) continue;
      const std::string rest = port.name.substr(channel.prefix.size());
      if (rest != "valid" && rest != "ready" && rest != "dest") channel.signals.push_back(port);
      break;
    }
  return all;
}

std::string range(int bits) { return bits > 0 ? fmt::format("[{}:0] ", bits - 1) : ""; }

/// "{a, b}" of the signals, each with `suffix`.
std::string word(const Channel& channel, const char* suffix) {
  std::string text;
  for (const Port& port : channel.signals) text += fmt::format("{}{}{}", text.empty() ? "" : ", ", port.name, suffix);
  return "{" + text + "}";
}

std::string module_text(const BenchShape& shape) {
  const std::vector<Port> ports = present_ports(shape);
  std::string text = fmt::format(
      "// {0}_clocks: {0} with its ports on a clock of their own, made by erngen.\n"
      "//\n"
      "// aclk is the clock of all ports but engine_aclk, which is the engine's; they need not be related. aresetn may "
      "come and go at any\n"
      "// time; each side leaves the reset with its own clock. Queues of 16 words lie at every channel; a register "
      "takes effect when it\n"
      "// arrives at the engine, where frames of before may still be on their way.\n"
      "`default_nettype none\n\nmodule {0}_clocks #(\n    parameter IMAGE_DIR = \"\"\n) (\n    input  wire aclk,\n    "
      "input  wire aresetn,\n"
      "    input  wire engine_aclk,\n",
      shape.top);
  for (size_t n = 0; n < ports.size(); ++n)
    text += fmt::format("    {:<6} wire {}{}{}\n", ports[n].direction, range(ports[n].bits), ports[n].name,
                        n + 1 < ports.size() ? "," : "");
  text +=
      ");\n  wire port_resetn;\n  wire engine_resetn;\n"
      "  ern_reset_sync u_port_reset (.clk(aclk), .aresetn(aresetn), .reset_n_o(port_resetn));\n"
      "  ern_reset_sync u_engine_reset (.clk(engine_aclk), .aresetn(aresetn), .reset_n_o(engine_resetn));\n\n";
  for (const Port& port : ports) text += fmt::format("  wire {}{}_e;\n", range(port.bits), port.name);
  text += "\n";
  for (const Channel& channel : channels(shape)) {
    int width = 0;
    for (const Port& port : channel.signals) width += port.width();
    const char* port_side = channel.inward ? "" : "_e";
    const char* other_side = channel.inward ? "_e" : "";
    text += fmt::format(
        "  ern_async_fifo #(.WIDTH({0})) u_{1}_fifo (\n"
        "      .write_clk_i({2}), .write_reset_n_i({3}), .valid_i({1}valid{4}), .ready_o({1}ready{4}), .data_i({5}),\n"
        "      .read_clk_i({6}), .read_reset_n_i({7}), .valid_o({1}valid{8}), .ready_i({1}ready{8}), .data_o({9}));\n",
        width, channel.prefix, channel.inward ? "aclk" : "engine_aclk",
        channel.inward ? "port_resetn" : "engine_resetn", port_side, word(channel, port_side),
        channel.inward ? "engine_aclk" : "aclk", channel.inward ? "engine_resetn" : "port_resetn", other_side,
        word(channel, other_side));
  }
  text += fmt::format(
      "  assign m_axis_tdest = m_axis_tid;\n\n"
      "  (* ASYNC_REG = \"TRUE\" *) reg [1:0] irq_q;\n"
      "  always @(posedge aclk or negedge port_resetn)\n    if (!port_resetn) irq_q <= 2'b00;\n    else irq_q <= "
      "{{irq_q[0], irq_e}};\n"
      "  assign irq = irq_q[1];\n\n"
      "  {0} #(.IMAGE_DIR(IMAGE_DIR)) u_{0} (\n      .aclk(engine_aclk),\n      .aresetn(engine_resetn)",
      shape.top);
  for (const Port& port : ports) text += fmt::format(",\n      .{0}({0}_e)", port.name);
  return text + "\n  );\n  wire unused = &{1'b0, m_axis_tdest_e};\nendmodule\n\n`default_nettype wire\n";
}

/// Clocks, and what may cross between them: a pointer's bits arrive within a period of each other, and resets at any
/// time.
std::string constraints(const VendorDesign& design, bool vivado) {
  const double period = 1000 / design.clock_mhz;
  std::string text = fmt::format(
      "# {0}_clocks: two clocks that need not be related, {1:g} MHz each to begin with.\n"
      "create_clock -name aclk -period {2:.3f} [get_ports aclk]\ncreate_clock -name engine_aclk -period {2:.3f} "
      "[get_ports engine_aclk]\n"
      "# The bits of a Gray-coded pointer, and a word behind it, must cross within a period of the faster clock.\n",
      design.shape.top, design.clock_mhz, period);
  if (vivado)
    return text + fmt::format(
                      "set_max_delay -datapath_only -from [get_clocks aclk] -to [get_clocks engine_aclk] {0:.3f}\n"
                      "set_max_delay -datapath_only -from [get_clocks engine_aclk] -to [get_clocks aclk] {0:.3f}\n"
                      "set_false_path -to [get_pins -hierarchical -filter {{NAME =~ *u_*_reset/line_q_reg*/CLR}}]\n",
                      period);
  return text + fmt::format(
                    "set_max_delay -from [get_clocks aclk] -to [get_clocks engine_aclk] {0:.3f}\n"
                    "set_max_delay -from [get_clocks engine_aclk] -to [get_clocks aclk] {0:.3f}\n"
                    "set_min_delay -from [get_clocks aclk] -to [get_clocks engine_aclk] -{0:.3f}\n"
                    "set_min_delay -from [get_clocks engine_aclk] -to [get_clocks aclk] -{0:.3f}\n"
                    "set_false_path -to [get_registers *_reset|line_q*]\n",
                    period);
}

}  // namespace

const std::vector<std::string>& two_clock_templates() {
  static const std::vector<std::string> names{"ern_async_fifo.v", "ern_reset_sync.v"};
  return names;
}

std::vector<GeneratedFile> two_clocks(const VendorDesign& design, const std::string& prefix) {
  std::vector<GeneratedFile> files;
  std::string list;
  for (const EmbeddedFile& file : embedded_templates())
    if (std::ranges::find(two_clock_templates(), file.name) != two_clock_templates().end()) {
      files.push_back({"clocks/" + with_prefix(file.name, prefix), with_prefix(file.text, prefix)});
      list += files.back().name + "\n";
    }
  const std::string name = "clocks/" + design.shape.top + "_clocks";
  files.push_back({name + ".v", with_prefix(module_text(design.shape), prefix)});
  files.push_back({"clocks/files.f", list + name + ".v\n"});
  files.push_back({name + ".xdc", constraints(design, true)});
  files.push_back({name + ".sdc", constraints(design, false)});
  return files;
}

}  // namespace erngen
