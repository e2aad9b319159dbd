#include "rtl/ports.hpp"

#include "units/axis.hpp"

namespace erngen {

std::vector<Port> top_ports(const StreamShape& input, const StreamShape& output, const StreamProtocol& protocol,
                            int streams) {
  const int input_bits = input.element_bits * input.beat_elements;
  const int output_bits = output.element_bits * output.beat_elements;
  const int id_bits = axis_id_bits(streams);
  return {
      {"input", 0, "s_axis_tvalid", "s_tvalid_i"},
      {"output", 0, "s_axis_tready", "s_tready_o"},
      {"input", input_bits, "s_axis_tdata", "s_tdata_i"},
      {"input", 0, "s_axis_tlast", "s_tlast_i", protocol.has_tlast()},
      {"input", 1, "s_axis_tuser", "s_tuser_i", protocol.has_tuser()},
      {"input", id_bits, "s_axis_tid", "s_tid_i", protocol.has_tid()},
      {"output", 0, "m_axis_tvalid", "m_tvalid_o"},
      {"input", 0, "m_axis_tready", "m_tready_i"},
      {"output", output_bits, "m_axis_tdata", "m_tdata_o"},
      {"output", output_bits / 8, "m_axis_tkeep", "m_tkeep_o", protocol.tkeep},
      {"output", 0, "m_axis_tlast", "m_tlast_o"},
      {"output", 1, "m_axis_tuser", "m_tuser_o"},
      {"output", id_bits, "m_axis_tid", "m_tid_o"},
      {"output", id_bits, "m_axis_tdest", ""},
      {"input", 16, "s_axi_awaddr", "awaddr_i"},
      {"input", 3, "s_axi_awprot", ""},
      {"input", 0, "s_axi_awvalid", "awvalid_i"},
      {"output", 0, "s_axi_awready", "awready_o"},
      {"input", 32, "s_axi_wdata", "wdata_i"},
      {"input", 4, "s_axi_wstrb", "wstrb_i"},
      {"input", 0, "s_axi_wvalid", "wvalid_i"},
      {"output", 0, "s_axi_wready", "wready_o"},
      {"output", 2, "s_axi_bresp", "bresp_o"},
      {"output", 0, "s_axi_bvalid", "bvalid_o"},
      {"input", 0, "s_axi_bready", "bready_i"},
      {"input", 16, "s_axi_araddr", "araddr_i"},
      {"input", 3, "s_axi_arprot", ""},
      {"input", 0, "s_axi_arvalid", "arvalid_i"},
      {"output", 0, "s_axi_arready", "arready_o"},
      {"output", 32, "s_axi_rdata", "rdata_o"},
      {"output", 2, "s_axi_rresp", "rresp_o"},
      {"output", 0, "s_axi_rvalid", "rvalid_o"},
      {"input", 0, "s_axi_rready", "rready_i"},
      {"output", 0, "irq", "interrupt_o"},
  };
}

std::vector<Port> present_ports(const BenchShape& shape) {
  std::vector<Port> ports = top_ports(shape.input, shape.output, shape.protocol, shape.streams);
  std::erase_if(ports, [](const Port& port) { return !port.present; });
  return ports;
}

}  // namespace erngen
