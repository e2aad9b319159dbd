// Proof: in the cycle after one of reset no ready, valid or interrupt of the engine is 1, whatever its state was before, and in the cycle after that
// no answer of the registers and no interrupt; the streams' ports are as silent where the host resets.
//
// Parameters: none; the engine's are its defaults.
// Method:     the engine with its registers (ern_host) as they are; the outputs of its other rooms, front, core and back, are cut (--cut): any
//             values. What these say after a reset is in the proofs of ern_axis_in, ern_axis_out and ern_sequencer.
`default_nettype none

module ern_reset_proof (
    input wire         clk,
    input wire         rst,
    input wire         s_valid,
    input wire         m_ready,
    input wire [127:0] data,
    input wire         s_last,
    input wire         s_user,
    input wire [ 15:0] aw,
    input wire [ 31:0] w,
    input wire [  3:0] strb,
    input wire [ 15:0] ar,
    input wire         awvalid,
    input wire         wvalid,
    input wire         bready,
    input wire         arvalid,
    input wire         rready
);
  wire s_ready, m_valid, awready, wready, bvalid, arready, rvalid, interrupt;
  ern_engine u_dut (
      .clk(clk), .rst_i(rst), .s_tvalid_i(s_valid), .s_tready_o(s_ready), .s_tdata_i(data), .s_tlast_i(s_last), .s_tuser_i(s_user), .s_tid_i(1'b0),
      .m_tvalid_o(m_valid), .m_tready_i(m_ready), .m_tdata_o(), .m_tkeep_o(), .m_tlast_o(), .m_tuser_o(), .m_tid_o(), .awaddr_i(aw),
      .awvalid_i(awvalid), .awready_o(awready), .wdata_i(w), .wstrb_i(strb), .wvalid_i(wvalid), .wready_o(wready), .bresp_o(), .bvalid_o(bvalid),
      .bready_i(bready), .araddr_i(ar), .arvalid_i(arvalid), .arready_o(arready), .rdata_o(), .rresp_o(), .rvalid_o(rvalid), .rready_i(rready),
      .interrupt_o(interrupt));
  (* hierconn *) wire \u_dut.soft_reset ;
  reg was_q = 1'b0, was_q2 = 1'b0, soft_q = 1'b0;
  always @(posedge clk) {was_q2, was_q, soft_q} <= {was_q, rst, \u_dut.soft_reset };
  always @(posedge clk) begin
    if (was_q) assert (!{s_ready, m_valid, awready, wready, bvalid, arready, rvalid, interrupt});
    if (was_q2) assert (!{bvalid, rvalid, interrupt});
    if (soft_q) assert (!{s_ready, m_valid});
    cover (was_q2 && !was_q && awready && s_ready && m_valid);
    cover (bvalid);
  end
endmodule

`default_nettype wire
