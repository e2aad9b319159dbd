// Proof: each AXI4-Lite transaction is one access of the bus with its address, data and strobes, and is answered once, by what that access gave;
// reads and writes that wait together take turns.
//
// Parameters: READ_LATENCY. Masters keep AXI4's rules (an offered address or word stays), the bus answers anything and is busy at any time;
// resets at any time.
`default_nettype none

module ern_axil_proof #(
    parameter READ_LATENCY = 2
) (
    input wire        clk,
    input wire        rst,
    input wire [ 2:0] awaddr,
    input wire        awvalid,
    input wire [31:0] wdata,
    input wire [ 3:0] wstrb,
    input wire        wvalid,
    input wire        bready,
    input wire [ 2:0] araddr,
    input wire        arvalid,
    input wire        rready,
    input wire        busy,
    input wire [31:0] rd_data,
    input wire        error
);
  wire awready, wready, bvalid, arready, rvalid, wr_valid, rd_valid;
  wire [1:0] bresp, rresp;
  wire [31:0] rdata, wr_data;
  wire [2:0] wr_addr, rd_addr;
  wire [3:0] wr_strb;
  ern_axil #(.ADDRESS_BITS(3), .READ_LATENCY(READ_LATENCY)) u_dut (
      .clk(clk), .rst_i(rst), .awaddr_i(awaddr), .awvalid_i(awvalid), .awready_o(awready), .wdata_i(wdata), .wstrb_i(wstrb),
      .wvalid_i(wvalid), .wready_o(wready), .bresp_o(bresp), .bvalid_o(bvalid), .bready_i(bready), .araddr_i(araddr),
      .arvalid_i(arvalid), .arready_o(arready), .rdata_o(rdata), .rresp_o(rresp), .rvalid_o(rvalid), .rready_i(rready),
      .busy_i(busy), .wr_valid_o(wr_valid), .wr_addr_o(wr_addr), .wr_data_o(wr_data), .wr_strb_o(wr_strb),
      .rd_valid_o(rd_valid), .rd_addr_o(rd_addr), .rd_data_i(rd_data), .error_i(error));

  reg begun = 1'b0;
  always @(posedge clk) begun <= 1'b1;
  always @(posedge clk) if (!begun) assume (rst);

  // The masters.
  reg aw_held = 1'b0, w_held = 1'b0, ar_held = 1'b0;
  reg [2:0] aw_seen, ar_seen;
  reg [35:0] w_seen;
  always @(posedge clk) begin
    aw_held <= !rst && awvalid && !awready;
    w_held <= !rst && wvalid && !wready;
    ar_held <= !rst && arvalid && !arready;
    aw_seen <= awaddr;
    ar_seen <= araddr;
    w_seen <= {wdata, wstrb};
    if (aw_held) assume (rst || (awvalid && awaddr == aw_seen));
    if (w_held) assume (rst || (wvalid && {wdata, wstrb} == w_seen));
    if (ar_held) assume (rst || (arvalid && araddr == ar_seen));
  end

  // What has been taken and not been answered, and whether its access has been.
  reg aw_q, w_q, ar_q, written_q, read_q;
  reg [2:0] aw_addr_q, ar_addr_q;
  reg [35:0] word_q;
  reg [READ_LATENCY:0] age_q;   // bit n: the access was n + 1 cycles ago
  reg [32:0] given_q;
  reg [5:0] wait_q;
  wire answered = (bvalid && bready) || (rvalid && rready);
  always @(posedge clk)
    if (rst) begin
      {aw_q, w_q, ar_q, written_q, read_q} <= 5'd0;
      age_q <= 0;
      wait_q <= 6'd0;
    end else begin
      if (awvalid && awready) {aw_q, aw_addr_q} <= {1'b1, awaddr};
      if (wvalid && wready) {w_q, word_q} <= {1'b1, wdata, wstrb};
      if (arvalid && arready) {ar_q, ar_addr_q} <= {1'b1, araddr};
      age_q <= {age_q[READ_LATENCY-1:0], wr_valid || rd_valid};
      if (age_q[READ_LATENCY-1]) given_q <= {rd_data, error};
      if (wr_valid) written_q <= 1'b1;
      if (rd_valid) read_q <= 1'b1;
      if (bvalid && bready) {aw_q, w_q, written_q} <= 3'd0;
      if (rvalid && rready) {ar_q, read_q} <= 2'd0;
      wait_q <= (ar_q && !answered) ? wait_q + {5'd0, !busy && !bvalid && !rvalid} : 6'd0;
    end

  always @(posedge clk)
    if (begun && !rst) begin
      assert (!(wr_valid && rd_valid) && !(busy && (wr_valid || rd_valid)));
      assert (!(awready && aw_q) && !(wready && w_q) && !(arready && ar_q));      // one outstanding
      if (wr_valid) assert (aw_q && w_q && !written_q && wr_addr == aw_addr_q && {wr_data, wr_strb} == word_q);
      if (rd_valid) assert (ar_q && !read_q && rd_addr == ar_addr_q);
      if (bvalid) assert (written_q && bresp == {given_q[0], 1'b0});
      if (rvalid) assert (read_q && {rdata, rresp} == {given_q[32:1], given_q[0], 1'b0});
      assert (wait_q < 2 * READ_LATENCY + 10);                                     // a write goes first once, not twice
      cover (rvalid && rready && aw_q && w_q);
      cover (bvalid && bready && ar_q);
      cover (bvalid && bresp == 2'b10);
      cover (rvalid && rresp == 2'b10 && !rready);
    end else if (begun) assert (!awready && !wready && !arready && !bvalid && !rvalid && !wr_valid && !rd_valid);
endmodule

`default_nettype wire
