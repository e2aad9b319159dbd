// ern_delay_tb: random words through ern_delay and ern_valid_delay, with resets: what comes out, and that a reset leaves nothing on its way
// in the second.
//
// Parameters: WIDTH, DEPTH of both; SEED. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_delay_tb;
  parameter WIDTH = 5;
  parameter DEPTH = 3;
  parameter SEED = 1;
  localparam CYCLES = 2000, LINE = DEPTH + 1;
  reg clk = 1'b0;
  always #5 clk = !clk;
  reg rst = 1'b1;
  reg [WIDTH-1:0] data = 0;
  wire [WIDTH-1:0] late, valid;
  ern_delay #(.WIDTH(WIDTH), .DEPTH(DEPTH)) u_data (.clk(clk), .data_i(data), .data_o(late));
  ern_valid_delay #(.WIDTH(WIDTH), .DEPTH(DEPTH)) u_valid (.clk(clk), .rst_i(rst), .data_i(data), .data_o(valid));

  // What was given n cycles ago, and that as far as no reset has come since.
  reg [WIDTH-1:0] given[0:LINE-1], kept[0:LINE-1];
  integer seed = SEED, n, m;
  reg failed = 1'b0;
  initial begin
    for (n = 0; n < CYCLES && !failed; n = n + 1) begin
      @(negedge clk);
      for (m = DEPTH; m > 0; m = m - 1) begin
        given[m] = given[m-1];
        kept[m] = rst ? {WIDTH{1'b0}} : kept[m-1];
      end
      data = $random(seed);
      rst = n < 2 || $unsigned($random(seed)) % 8 == 0;
      given[0] = data;
      kept[0] = data;
      #1;
      if (n > DEPTH && (late !== given[DEPTH] || valid !== kept[DEPTH])) failed = 1'b1;
    end
    if (failed) $display("FAIL cycle %0d: %h and %h, not %h and %h", n, late, valid, given[DEPTH], kept[DEPTH]);
    else $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
