// ern_axil_tb: ern_axil against a memory: random writes and reads at once, strobes, errors, busy times, slow masters.
//
// Parameters: READ_LATENCY, SEED. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_axil_tb;
  parameter READ_LATENCY = 2;
  parameter SEED = 1;
  localparam ACCESSES = 2000;

  reg clk = 1'b0;
  reg rst = 1'b1;
  reg [15:0] awaddr, araddr;
  reg awvalid = 1'b0, wvalid = 1'b0, arvalid = 1'b0, bready = 1'b0, rready = 1'b0, busy = 1'b0;
  reg [31:0] wdata;
  reg [3:0] wstrb;
  wire awready, wready, arready, bvalid, rvalid, wr_valid, rd_valid;
  wire [1:0] bresp, rresp;
  wire [31:0] rdata, wr_data;
  wire [15:0] wr_addr, rd_addr;
  wire [3:0] wr_strb;
  reg [31:0] rd_data;
  reg error;
  ern_axil #(.ADDRESS_BITS(16), .READ_LATENCY(READ_LATENCY)) u_dut (
      .clk(clk), .rst_i(rst), .awaddr_i(awaddr), .awvalid_i(awvalid), .awready_o(awready), .wdata_i(wdata), .wstrb_i(wstrb),
      .wvalid_i(wvalid), .wready_o(wready), .bresp_o(bresp), .bvalid_o(bvalid), .bready_i(bready), .araddr_i(araddr),
      .arvalid_i(arvalid), .arready_o(arready), .rdata_o(rdata), .rresp_o(rresp), .rvalid_o(rvalid), .rready_i(rready),
      .busy_i(busy), .wr_valid_o(wr_valid), .wr_addr_o(wr_addr), .wr_data_o(wr_data), .wr_strb_o(wr_strb),
      .rd_valid_o(rd_valid), .rd_addr_o(rd_addr), .rd_data_i(rd_data), .error_i(error));
  always #5 clk = ~clk;

  reg failed = 1'b0;
  task fail(input [8*60-1:0] text);
    begin
      if (!failed) $display("FAIL %0s at %0d", text, $time);
      failed = 1'b1;
    end
  endtask
  integer seed = SEED;
  function chance(input integer eighths);
    chance = ($random(seed) & 7) < eighths;
  endfunction

  // --- the bus's far side: 16 words; addresses from 64 on are an error. Data and error are defined in one cycle only.
  reg [31:0] memory[0:15];
  reg [31:0] shadow[0:15];
  integer b;
  integer due = -1;  // cycles until the answer is sampled
  reg [31:0] answer;
  reg answer_error;
  integer idle = 0, pace = 4;
  always @(posedge clk) if (!rst) begin
    if (wr_valid | rd_valid) begin
      if (busy) fail("an access while busy");
      if (wr_valid & rd_valid) fail("two accesses at once");
      if (due >= 0) fail("two accesses outstanding");
      due = READ_LATENCY;
      answer_error = (wr_valid ? wr_addr : rd_addr) >= 64;
      answer = answer_error ? 32'hdeadbeef : memory[rd_addr[5:2]];
      if (wr_valid && wr_addr < 64)
        for (b = 0; b < 4; b = b + 1) if (wr_strb[b]) memory[wr_addr[5:2]][8*b+:8] = wr_data[8*b+:8];
    end else if (due >= 0) due = due - 1;
    #1;
    rd_data = due == 1 ? answer : 32'bx;
    error   = due == 1 ? answer_error : 1'bx;
    if (due == 0) due = -1;
  end

  // --- the master: a write and a read may be in flight at the same time
  reg writing = 1'b0, reading = 1'b0;
  reg aw_left, w_left, ar_left;
  reg [15:0] write_address, read_address;
  reg [31:0] write_data;
  reg [3:0] write_strobes;
  integer writes = 0, reads = 0, k;
  reg race;  // a write to the address being read was in flight: either value is right
  reg b_pending = 1'b0, r_pending = 1'b0;
  reg [33:0] r_seen;
  reg [31:0] before;
  always @(negedge clk) if (!rst) begin
    if (writes + reads < ACCESSES) begin
      if (!writing && chance(pace)) begin
        writing = 1'b1;
        {aw_left, w_left} = 2'b11;
        write_address = ($random(seed) & 31) * 4;
        write_data = $random(seed);
        write_strobes = $random(seed);
      end
      if (!reading && chance(pace)) begin
        reading = 1'b1;
        ar_left = 1'b1;
        read_address = ($random(seed) & 31) * 4;
      end
    end
    if (writing && aw_left && chance(4)) awvalid = 1'b1;
    if (writing && w_left && chance(4)) wvalid = 1'b1;
    if (reading && ar_left && chance(4)) arvalid = 1'b1;
    awaddr = awvalid ? write_address : 16'bx;
    araddr = arvalid ? read_address : 16'bx;
    wdata  = wvalid ? write_data : 32'bx;
    wstrb  = wvalid ? write_strobes : 4'bx;
    bready = chance(4);
    rready = chance(4);
    busy   = chance(pace);
    if ($random(seed) % 32 == 0) pace = $random(seed) & 7;
  end

  always @(posedge clk) if (!rst) begin
    if ((^{awready, wready, arready, bvalid, rvalid, wr_valid, rd_valid}) === 1'bx) fail("undefined handshake");
    if (b_pending && !bvalid) fail("bvalid fell");
    if (r_pending && (!rvalid || r_seen !== {rdata, rresp})) fail("a waiting read answer changed");
    b_pending = bvalid & ~bready;
    r_pending = rvalid & ~rready;
    r_seen = {rdata, rresp};
    if (bvalid && bready) begin
      if (!writing || aw_left || w_left) fail("a write answer from nowhere");
      if (bresp !== (write_address >= 64 ? 2'b10 : 2'b00)) fail("bresp");
      if (write_address < 64)
        for (k = 0; k < 4; k = k + 1) if (write_strobes[k]) shadow[write_address[5:2]][8*k+:8] = write_data[8*k+:8];
      if (write_address < 64 && memory[write_address[5:2]] !== shadow[write_address[5:2]]) fail("the write did not arrive");
      writing <= 1'b0;
      writes = writes + 1;
    end
    if (rvalid && rready) begin
      if (!reading || ar_left) fail("a read answer from nowhere");
      if (rresp !== (read_address >= 64 ? 2'b10 : 2'b00)) fail("rresp");
      race = writing && write_address == read_address;
      before = shadow[read_address[5:2]];
      if (read_address < 64 && !race && rdata !== before) fail("rdata");
      reading <= 1'b0;
      reads = reads + 1;
    end
    if (awvalid && awready) begin aw_left = 1'b0; awvalid <= 1'b0; end
    if (wvalid && wready) begin w_left = 1'b0; wvalid <= 1'b0; end
    if (arvalid && arready) begin ar_left = 1'b0; arvalid <= 1'b0; end
    // Neither kind starves the other.
    idle = (writing | reading) ? idle + 1 : 0;
    if (bvalid & bready | rvalid & rready) idle = 0;
    if (idle > 2000) fail("no answer");
  end

  integer n;
  initial begin
    for (n = 0; n < 16; n = n + 1) begin
      memory[n] = $random(seed);
      shadow[n] = memory[n];
    end
    repeat (4) @(posedge clk);
    #1 rst = 1'b0;
    while ((writes + reads < ACCESSES || writing || reading) && !failed) @(posedge clk);
    if (writes < ACCESSES / 4 || reads < ACCESSES / 4) fail("one kind starves");
    repeat (20) @(posedge clk);
    if (!failed) $display("PASS %0d writes, %0d reads", writes, reads);
    $finish;
  end
endmodule

`default_nettype wire
