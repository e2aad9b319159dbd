// ern_tile_queue_tb: a queue whose head waits for folded cells, filled to its last place and never beyond: when the tiles leave, and that the
// full queue reports no overflow. What leaves, and every schedule, is ern_tile_queue_proof's.
//
// Parameters: DEPTH, FOLDING of ern_tile_queue; SEED. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_tile_queue_tb;
  parameter DEPTH = 3;
  parameter FOLDING = 8;
  parameter SEED = 1;
  localparam CYCLES = 3000;
  reg clk = 1'b0;
  always #5 clk = !clk;
  reg rst = 1'b1, valid = 1'b0;
  wire out_valid, out_first, overflow;
  wire [7:0] out_tag;
  wire [3:0] out_rows;
  reg [7:0] tag = 0;
  ern_tile_queue #(.ROWS(1), .WIDTH(4), .TAG_WIDTH(8), .DEPTH(DEPTH), .FOLDING(FOLDING)) u_dut (
      .clk(clk), .rst_i(rst), .valid_i(valid), .first_i(1'b1), .gates_i(3'd1), .cells_i(1'b1), .tiles_i(16'd1), .tag_i(tag), .rows_i(tag[3:0]),
      .valid_o(out_valid), .first_o(out_first), .tag_o(out_tag), .rows_o(out_rows), .clear_errors_i(1'b0), .overflow_o(overflow));

  integer seed = SEED, n, count = 0, waits = 0, full = 0;
  reg pop, failed = 1'b0;
  reg [7:0] next = 0;   // the tag that leaves next
  initial begin
    repeat (2) @(negedge clk);
    rst = 1'b0;
    for (n = 0; n < CYCLES && !failed; n = n + 1) begin
      pop = count != 0 && waits == 0;
      valid = (count < DEPTH || pop) && $unsigned($random(seed)) % 2 != 0;
      @(negedge clk);
      count = count + valid - pop;
      waits = pop ? FOLDING - 1 : waits != 0 ? waits - 1 : 0;
      if (valid) tag = tag + 1;
      if (out_valid !== pop || overflow !== 1'b0 || (pop && {out_first, out_tag, out_rows} !== {1'b1, next, next[3:0]})) failed = 1'b1;
      if (pop) next = next + 1;
      if (count == DEPTH) full = full + 1;
    end
    if (failed) $display("FAIL cycle %0d: valid %b, not %b, tag %0d, overflow %b, %0d of %0d", n, out_valid, pop, out_tag, overflow, count, DEPTH);
    else if (full == 0) $display("FAIL the queue was never full");
    else $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
