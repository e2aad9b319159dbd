// erngen_accelerator_axil: an AXI4-Lite slave in front of a simple register and memory bus.
//
// Purpose:    Turns each AXI4-Lite transaction into one access of the bus. One transaction is
//             outstanding; everything is back-pressured. When a read and a write both wait, the kind that was
//             not served last goes first, so neither starves.
//             Write: wr_valid_o is 1 for one cycle with wr_addr_o, wr_data_o, wr_strb_o.
//             Read: rd_valid_o is 1 for one cycle, t, with rd_addr_o; rd_data_i is sampled at the end of cycle
//             t + READ_LATENCY.
//             error_i is sampled at the end of cycle t + READ_LATENCY of a read or a write; 1 answers SLVERR.
//             Addresses and write data stay as they are until the answer has been taken.
//             Neither valid is ever 1 in a cycle in which busy_i is 1: the access waits.
//             In a cycle with rst_i every ready and valid is 0.
// Parameters: ADDRESS_BITS of the byte addresses, which pass unchanged; READ_LATENCY >= 1.
// Latency:    an access begins 2 cycles after its address (and write data) at the earliest; the answer is
//             offered READ_LATENCY + 1 cycles after the access.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_axil #(
    parameter ADDRESS_BITS = 16,
    parameter READ_LATENCY = 2
) (
    input  wire                    clk,
    input  wire                    rst_i,       // synchronous, active high
    // AXI4-Lite
    input  wire [ADDRESS_BITS-1:0] awaddr_i,
    input  wire                    awvalid_i,
    output wire                    awready_o,
    input  wire [            31:0] wdata_i,
    input  wire [             3:0] wstrb_i,
    input  wire                    wvalid_i,
    output wire                    wready_o,
    output wire [             1:0] bresp_o,
    output wire                    bvalid_o,
    input  wire                    bready_i,
    input  wire [ADDRESS_BITS-1:0] araddr_i,
    input  wire                    arvalid_i,
    output wire                    arready_o,
    output wire [            31:0] rdata_o,
    output wire [             1:0] rresp_o,
    output wire                    rvalid_o,
    input  wire                    rready_i,
    // bus
    input  wire                    busy_i,
    output wire                    wr_valid_o,
    output wire [ADDRESS_BITS-1:0] wr_addr_o,
    output wire [            31:0] wr_data_o,
    output wire [             3:0] wr_strb_o,
    output wire                    rd_valid_o,
    output wire [ADDRESS_BITS-1:0] rd_addr_o,
    input  wire [            31:0] rd_data_i,
    input  wire                    error_i
);
  generate
    if (READ_LATENCY < 1) begin : g_bad_latency
      ERROR_ern_axil_READ_LATENCY_must_be_at_least_1 u_error ();
    end
  endgenerate

  // --- one slot a channel; a slot is emptied when its transaction has been answered
  reg aw_full_q;
  reg w_full_q;
  reg ar_full_q;
  reg [ADDRESS_BITS-1:0] awaddr_q;
  reg [ADDRESS_BITS-1:0] araddr_q;
  reg [31:0] wdata_q;
  reg [3:0] wstrb_q;

  wire b_done;
  wire r_done;

  always @(posedge clk) begin
    if (rst_i) begin
      aw_full_q <= 1'b0;
      w_full_q  <= 1'b0;
      ar_full_q <= 1'b0;
    end else begin
      if (b_done) aw_full_q <= 1'b0;
      else if (awvalid_i) aw_full_q <= 1'b1;
      if (b_done) w_full_q <= 1'b0;
      else if (wvalid_i) w_full_q <= 1'b1;
      if (r_done) ar_full_q <= 1'b0;
      else if (arvalid_i) ar_full_q <= 1'b1;
    end
  end
  always @(posedge clk) begin
    if (~aw_full_q) awaddr_q <= awaddr_i;
    if (~w_full_q) wdata_q <= wdata_i;
    if (~w_full_q) wstrb_q <= wstrb_i;
    if (~ar_full_q) araddr_q <= araddr_i;
  end
  assign awready_o = ~aw_full_q & ~rst_i;
  assign wready_o  = ~w_full_q & ~rst_i;
  assign arready_o = ~ar_full_q & ~rst_i;

  // --- one access at a time
  localparam [1:0] IDLE = 2'd0, ACCESS = 2'd1, WAIT = 2'd2, ANSWER = 2'd3;
  localparam WAIT_BITS = (READ_LATENCY > 1) ? $clog2(READ_LATENCY) : 1;
  localparam [31:0] FIRST_WAIT = READ_LATENCY - 1;

  reg [1:0] state_q;
  reg is_write_q;  // the access in hand, or the last one
  reg [WAIT_BITS-1:0] wait_q;
  reg [31:0] rdata_q;
  reg error_q;

  wire write_waits = aw_full_q & w_full_q;
  wire access = (state_q == ACCESS) & ~busy_i & ~rst_i;
  wire arrived = (state_q == WAIT) & (wait_q == {WAIT_BITS{1'b0}});

  always @(posedge clk) begin
    if (rst_i) begin
      state_q    <= IDLE;
      is_write_q <= 1'b0;
    end else begin
      case (state_q)
        IDLE: begin
          if (write_waits | ar_full_q) begin
            state_q    <= ACCESS;
            is_write_q <= write_waits & ~(ar_full_q & is_write_q);
          end
        end
        ACCESS:  if (~busy_i) state_q <= WAIT;
        WAIT:    if (arrived) state_q <= ANSWER;
        default: if (b_done | r_done) state_q <= IDLE;
      endcase
    end
  end
  always @(posedge clk) begin
    if (access) wait_q <= FIRST_WAIT[WAIT_BITS-1:0];
    else wait_q <= wait_q - 1'b1;
    if (arrived) begin
      rdata_q <= rd_data_i;
      error_q <= error_i;
    end
  end

  assign wr_valid_o = access & is_write_q;
  assign wr_addr_o  = awaddr_q;
  assign wr_data_o  = wdata_q;
  assign wr_strb_o  = wstrb_q;
  assign rd_valid_o = access & ~is_write_q;
  assign rd_addr_o  = araddr_q;

  assign bvalid_o   = (state_q == ANSWER) & is_write_q & ~rst_i;
  assign rvalid_o   = (state_q == ANSWER) & ~is_write_q & ~rst_i;
  assign bresp_o    = {error_q, 1'b0};
  assign rresp_o    = {error_q, 1'b0};
  assign rdata_o    = rdata_q;
  assign b_done     = bvalid_o & bready_i;
  assign r_done     = rvalid_o & rready_i;

`ifdef ERN_SIMULATION
  // An answer stays until it is taken.
  reg b_held_q = 1'b0;
  reg r_held_q = 1'b0;
  reg [33:0] seen_q;
  always @(posedge clk) begin
    b_held_q <= !rst_i && bvalid_o && !bready_i;
    r_held_q <= !rst_i && rvalid_o && !rready_i;
    seen_q <= {rdata_o, rresp_o};
  end
  erngen_accelerator_assert u_b_stays (.clk(clk), .rst_i(rst_i), .holds_i(!b_held_q || (bvalid_o && bresp_o === seen_q[1:0])));
  erngen_accelerator_assert u_r_stays (.clk(clk), .rst_i(rst_i), .holds_i(!r_held_q || (rvalid_o && {rdata_o, rresp_o} === seen_q)));
`endif
endmodule

`default_nettype wire
