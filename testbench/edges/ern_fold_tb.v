// ern_fold_tb: random vectors through ern_fold, ern_fold_split and ern_fold_join: when their parts are worked on, which elements those are,
// that they are put together again with the last one, and that a reset ends what is being worked on.
//
// Parameters: K, FOLDING, WIDTH; SEED. A part takes no time between the split and the join. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_fold_tb;
  parameter K = 8;
  parameter FOLDING = 4;
  parameter WIDTH = 3;
  parameter SEED = 1;
  localparam TILES = 500, TAG = 8, PART = K / FOLDING * WIDTH;
  reg clk = 1'b0;
  always #5 clk = !clk;
  reg rst = 1'b1, valid = 1'b0;
  reg [TAG-1:0] tag = 0;
  reg [K*WIDTH-1:0] data = 0;
  wire part_valid, part_last;
  wire [TAG-1:0] part_tag;
  wire [PART-1:0] part;
  wire [K*WIDTH-1:0] joined;
  ern_fold #(.FOLDING(FOLDING), .TAG_WIDTH(TAG)) u_fold (
      .clk(clk), .rst_i(rst), .valid_i(valid), .tag_i(tag), .valid_o(part_valid), .last_o(part_last), .tag_o(part_tag));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(WIDTH)) u_split (.clk(clk), .valid_i(valid), .data_i(data), .part_o(part));
  ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(WIDTH)) u_join (.clk(clk), .valid_i(part_valid), .part_i(part), .data_o(joined));

  integer seed = SEED, n, cycle, left = 0, done = 0;
  reg [TAG-1:0] wanted_tag;
  reg [K*WIDTH-1:0] wanted;
  reg [8*40-1:0] what = "";
  // Between two edges: what the unit says of the part that is due now, of which `left` are still to come with it.
  task compare;
    begin
      #1;
      if (FOLDING == 1 && valid) begin
        left = 1;
        wanted = data;
        wanted_tag = tag;
      end
      if (part_valid !== (left > 0)) what = "whether there is a part";
      else if (left > 0 && part_tag !== wanted_tag) what = "the tag";
      else if (left > 0 && part_last !== (left == 1)) what = "which part is the last";
      else if (left > 0 && part !== wanted[(FOLDING-left)*PART+:PART]) what = "the elements";
      else if (left == 1 && joined !== wanted) what = "the vector";
      if (left == 1) done = done + 1;
      if (left > 0) left = left - 1;
    end
  endtask
  task step(input take, input reset);
    begin
      valid = take;
      rst = reset;
      tag = $random(seed);
      for (n = 0; n < K * WIDTH; n = n + 1) data[n] = $random(seed);
      if (FOLDING == 1) compare;
      @(posedge clk);
      if (FOLDING != 1) begin
        if (reset) left = 0;
        else if (take) begin
          left = FOLDING;
          wanted = data;
          wanted_tag = tag;
        end
        compare;
      end
      @(negedge clk);
    end
  endtask

  initial begin
    @(negedge clk);
    if (FOLDING == 1) rst = 1'b0;
    else repeat (2) step(1'b0, 1'b1);
    for (cycle = 0; cycle < TILES * FOLDING && what == ""; cycle = cycle + 1)
      step(left <= (FOLDING == 1 ? 1 : 0) && $unsigned($random(seed)) % 4 != 0, FOLDING != 1 && $unsigned($random(seed)) % 20 == 0);
    if (what != "") $display("FAIL %0s, cycle %0d", what, cycle);
    else if (done < TILES / 4) $display("FAIL only %0d vectors", done);
    else $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
