// stub_accelerator: the interface of a generated accelerator around a trivial recurrence, for tests of the benches.
//
// Purpose:    y(t) = x(t) + y(t-1) in A-bit wrapping arithmetic, one state per stream, zero after an end of sequence.
//             A frame starts at most every PERIOD cycles. The number in the image fault.hex injects one defect that
//             a bench must find (0: none):
//             1 wrong word, 2 lost block, 3 undefined bit, 4 tlast missing, 5 deadlock, 6 tuser missing, 7 wrong tid,
//             8 a beat too many, 9 tvalid falls while waiting, 10 data changes while waiting, 11 one slow frame,
//             12 state not cleared, 13 wrong register value, 14 padding not zero, 15 tdest differs from tid,
//             16 undefined tvalid. Most strike frame FAULT_FRAME only.
// Registers:  0x0 reads 0x45524e47; 0x4 scratch (strobes obeyed); 0x8 counts frames; above 0xff: SLVERR.
`default_nettype none

module stub_accelerator #(
    parameter K            = 4,
    parameter A            = 12,
    parameter ELEMENT_BITS = 16,
    parameter BEAT_IN      = 8,
    parameter BEAT_OUT     = 4,
    parameter SIZE         = 10,
    parameter STREAMS      = 2,
    parameter PERIOD       = 20,
    parameter FAULT_FRAME  = 5,
    parameter ID_BITS      = (STREAMS > 1) ? $clog2(STREAMS) : 1
) (
    input  wire                             aclk,
    input  wire                             aresetn,
    input  wire                             s_axis_tvalid,
    output wire                             s_axis_tready,
    input  wire [ BEAT_IN*ELEMENT_BITS-1:0] s_axis_tdata,
    input  wire                             s_axis_tlast,
    input  wire [                      0:0] s_axis_tuser,
    input  wire [              ID_BITS-1:0] s_axis_tid,
    output wire                             m_axis_tvalid,
    input  wire                             m_axis_tready,
    output wire [BEAT_OUT*ELEMENT_BITS-1:0] m_axis_tdata,
    output wire                             m_axis_tlast,
    output wire [                      0:0] m_axis_tuser,
    output wire [              ID_BITS-1:0] m_axis_tid,
    output wire [              ID_BITS-1:0] m_axis_tdest,
    input  wire [                     15:0] s_axi_awaddr,
    input  wire [                      2:0] s_axi_awprot,
    input  wire                             s_axi_awvalid,
    output wire                             s_axi_awready,
    input  wire [                     31:0] s_axi_wdata,
    input  wire [                      3:0] s_axi_wstrb,
    input  wire                             s_axi_wvalid,
    output wire                             s_axi_wready,
    output wire [                      1:0] s_axi_bresp,
    output wire                             s_axi_bvalid,
    input  wire                             s_axi_bready,
    input  wire [                     15:0] s_axi_araddr,
    input  wire [                      2:0] s_axi_arprot,
    input  wire                             s_axi_arvalid,
    output wire                             s_axi_arready,
    output wire [                     31:0] s_axi_rdata,
    output wire [                      1:0] s_axi_rresp,
    output wire                             s_axi_rvalid,
    input  wire                             s_axi_rready,
    output wire                             irq
);
  assign irq = 1'b0;
  localparam BLOCKS = (SIZE + K - 1) / K;
  localparam INDEX_BITS = (BLOCKS > 1) ? $clog2(BLOCKS) : 1;

  reg [7:0] fault_image[0:0];
  initial $readmemh("fault.hex", fault_image);
  wire [7:0] fault = fault_image[0];

  reg rst_q = 1'b1;
  always @(posedge aclk) rst_q <= ~aresetn;

  // --- input
  wire                  in_valid;
  wire                  in_ready;
  wire [       K*A-1:0] in_data;
  wire [INDEX_BITS-1:0] in_index;
  wire                  in_last;
  wire                  in_user;
  wire [   ID_BITS-1:0] in_stream;
  wire                  error_frame;
  wire                  error_stream;
  wire                  in_broken;
  wire                  dropped;
  ern_axis_in #(
      .K(K), .A(A), .ELEMENT_BITS(ELEMENT_BITS), .BEAT(BEAT_IN), .SIZE(SIZE), .STREAMS(STREAMS)
  ) u_in (
      .clk(aclk), .rst_i(rst_q),
      .tvalid_i(s_axis_tvalid), .tready_o(s_axis_tready), .tdata_i(s_axis_tdata), .tlast_i(s_axis_tlast),
      .tuser_i(s_axis_tuser[0]), .tid_i(s_axis_tid),
      .block_valid_o(in_valid), .block_ready_i(in_ready), .block_data_o(in_data), .block_index_o(in_index),
      .block_last_o(in_last), .block_user_o(in_user), .block_stream_o(in_stream),
      .block_broken_o(in_broken), .count_frames_i(1'b1), .stream_i({ID_BITS{1'b0}}), .frames_i(16'd0),
      .restart_i(1'b0), .dropped_o(dropped), .clear_errors_i(1'b0), .error_frame_o(error_frame),
      .error_stream_o(error_stream)
  );

  // --- frames start PERIOD cycles apart, when there is room for their output
  wire        room;
  reg         run_q;
  reg  [15:0] timer_q;
  reg  [31:0] frames_q;
  wire        strike = (frames_q == FAULT_FRAME);
  wire        start = ~run_q & in_valid & room & (timer_q == 16'd0) & ~((fault == 5) & strike);
  always @(posedge aclk) begin
    if (rst_q) begin
      run_q    <= 1'b0;
      timer_q  <= 16'd0;
      frames_q <= 32'd0;
    end else begin
      if (start) run_q <= 1'b1;
      else if (in_valid & in_ready & in_last) run_q <= 1'b0;
      if (start) timer_q <= PERIOD - 1 + ((fault == 11 && frames_q == 12) ? 3 : 0);
      else if (timer_q != 16'd0) timer_q <= timer_q - 16'd1;
      if (in_valid & in_ready & in_last) frames_q <= frames_q + 32'd1;
    end
  end
  assign in_ready = run_q;

  // --- state, one word of K elements per stream and block; fresh[stream] stands for an all-zero state
  reg  [    K*A-1:0] state[0:(1<<(ID_BITS+INDEX_BITS))-1];
  reg  [STREAMS-1:0] fresh_q;
  wire [    K*A-1:0] state_now = fresh_q[in_stream] ? {K * A{1'b0}} : state[{in_stream, in_index}];
  wire [    K*A-1:0] state_next;
  genvar e;
  generate
    for (e = 0; e < K; e = e + 1) begin : g_sum
      assign state_next[e*A+:A] = in_data[e*A+:A] + state_now[e*A+:A];
    end
  endgenerate
  always @(posedge aclk) begin
    if (in_valid & in_ready) state[{in_stream, in_index}] <= state_next;
    if (rst_q) fresh_q <= {STREAMS{1'b1}};
    else if (in_valid & in_ready & in_last) fresh_q[in_stream] <= in_user & (fault != 12);
  end

  // --- output
  // verilator lint_off UNDRIVEN
  reg  [  K*A-1:0] undefined_q;  // never assigned
  reg              never_q;
  // verilator lint_on UNDRIVEN
  wire [  K*A-1:0] wrong = (fault == 1 && strike && in_last) ? {{K * A - 1{1'b0}}, 1'b1} :
                           (fault == 3 && strike) ? undefined_q : {K * A{1'b0}};
  wire             out_valid;
  wire             out_last;
  wire             out_user;
  wire [ID_BITS-1:0] out_id;
  wire [BEAT_OUT*ELEMENT_BITS-1:0] out_data;
  wire [BEAT_OUT*ELEMENT_BITS/8-1:0] out_keep;
  wire out_frame_last;
  wire             overflow;
  wire             hold;  // swallows the handshake in which a fault adds a beat
  ern_axis_out #(
      .K(K), .A(A), .ELEMENT_BITS(ELEMENT_BITS), .BEAT(BEAT_OUT), .SIZE(SIZE), .STREAMS(STREAMS), .CAPACITY(2 * BLOCKS)
  ) u_out (
      .clk(aclk), .rst_i(rst_q),
      .block_valid_i(in_valid & in_ready & ~(fault == 2 && strike && in_index == 0)),
      .block_data_i(state_next ^ wrong), .block_last_i(in_last), .block_user_i(in_user), .block_stream_i(in_stream),
      .room_o(room), .reserve_i(start), .clear_errors_i(1'b0), .overflow_o(overflow),
      .tvalid_o(out_valid), .tready_i(m_axis_tready & ~hold), .tdata_o(out_data), .tkeep_o(out_keep), .tlast_o(out_last),
      .frame_last_o(out_frame_last),
      .tuser_o(out_user),
      .tid_o(out_id)
  );

  reg [31:0] sent_q;
  reg        extra_q;
  reg [ 2:0] waited_q;
  always @(posedge aclk) begin
    if (rst_q) begin
      sent_q   <= 32'd0;
      extra_q  <= 1'b0;
      waited_q <= 3'd0;
    end else begin
      if (out_valid & m_axis_tready & out_last & ~hold) sent_q <= sent_q + 32'd1;
      if (out_valid & m_axis_tready) extra_q <= hold ? 1'b1 : extra_q & ~out_last;
      waited_q <= (m_axis_tvalid & ~m_axis_tready) ? waited_q + 3'd1 : 3'd0;
    end
  end
  wire hit = (sent_q == FAULT_FRAME);
  assign hold = (fault == 8) & hit & out_last & ~extra_q;

  assign m_axis_tvalid = (fault == 16 && hit) ? (out_valid | never_q) : out_valid & ~((fault == 9) & (waited_q == 3'd2));
  assign m_axis_tdata  = ((fault == 10) & (waited_q == 3'd2)) ? ~out_data :
                         ((fault == 14) & out_last) ? out_data | ({{BEAT_OUT*ELEMENT_BITS-1{1'b0}}, 1'b1} << (BEAT_OUT*ELEMENT_BITS-1)) : out_data;
  assign m_axis_tlast  = out_last & ~((fault == 4 || fault == 8) & hit & ~extra_q);
  assign m_axis_tuser  = out_user & ~(fault == 6);
  assign m_axis_tid    = out_id ^ ((fault == 7) & hit);
  assign m_axis_tdest  = out_id ^ ((fault == 15 || fault == 7) & hit);

  // --- registers
  wire        wr_valid;
  wire [15:0] wr_addr;
  wire [31:0] wr_data;
  wire [ 3:0] wr_strb;
  wire        rd_valid;
  wire [15:0] rd_addr;
  reg  [31:0] scratch_q;
  reg  [31:0] rd_data_q;
  reg         rd_error_q;
  reg  [31:0] rd_data_q2;
  reg         rd_error_q2;
  always @(posedge aclk) begin
    if (rst_q) scratch_q <= 32'd0;
    else if (wr_valid && wr_addr == 16'h4) begin
      if (wr_strb[0]) scratch_q[7:0] <= wr_data[7:0];
      if (wr_strb[1]) scratch_q[15:8] <= wr_data[15:8];
      if (wr_strb[2]) scratch_q[23:16] <= wr_data[23:16];
      if (wr_strb[3]) scratch_q[31:24] <= wr_data[31:24];
    end
    rd_data_q   <= (rd_addr == 16'h0) ? 32'h45524e47 : (rd_addr == 16'h4) ? scratch_q ^ (fault == 13) : frames_q;
    rd_error_q  <= rd_valid ? (rd_addr > 16'hff) : (wr_addr > 16'hff);
    rd_data_q2  <= rd_data_q;
    rd_error_q2 <= rd_error_q;
  end
  ern_axil #(
      .ADDRESS_BITS(16), .READ_LATENCY(2)
  ) u_axil (
      .clk(aclk), .rst_i(rst_q),
      .awaddr_i(s_axi_awaddr), .awvalid_i(s_axi_awvalid), .awready_o(s_axi_awready), .wdata_i(s_axi_wdata),
      .wstrb_i(s_axi_wstrb), .wvalid_i(s_axi_wvalid), .wready_o(s_axi_wready), .bresp_o(s_axi_bresp),
      .bvalid_o(s_axi_bvalid), .bready_i(s_axi_bready), .araddr_i(s_axi_araddr), .arvalid_i(s_axi_arvalid),
      .arready_o(s_axi_arready), .rdata_o(s_axi_rdata), .rresp_o(s_axi_rresp), .rvalid_o(s_axi_rvalid),
      .rready_i(s_axi_rready),
      .busy_i(run_q), .wr_valid_o(wr_valid), .wr_addr_o(wr_addr), .wr_data_o(wr_data), .wr_strb_o(wr_strb),
      .rd_valid_o(rd_valid), .rd_addr_o(rd_addr), .rd_data_i(rd_data_q2), .error_i(rd_error_q2)
  );
endmodule

`default_nettype wire
