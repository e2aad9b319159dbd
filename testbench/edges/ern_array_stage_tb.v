// ern_array_stage_tb: one stage of the array and its weights: what it passes on and when, which rows a load writes, which weights reach the
// lanes, and that nothing is loaded in a reset. What lanes make of them is theirs.
//
// Parameters: READOUT, COLUMNS, DEPTH, STAGE, W of ern_array_stage (W times DEPTH decides about block RAM); SEED. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_array_stage_tb;
  parameter READOUT = 2;
  parameter COLUMNS = 3;
  parameter DEPTH = 5;
  parameter STAGE = 4;
  parameter W = 6;
  parameter SEED = 1;
  localparam K = 2, SX = 4, ACC = 16, XB = 2 * SX, WB = K * W, LANES = READOUT * COLUMNS, FIRST = STAGE * LANES;
  localparam CYCLES = 4000 + 40 * DEPTH;
  reg clk = 1'b0;
  always #5 clk = !clk;
  reg rst = 1'b1, clear = 1'b0, load = 1'b0;
  reg [COLUMNS*XB-1:0] x = 0;
  reg [19:0] weight = 0, load_row = 0;
  reg [15:0] load_lane = 0;
  reg [WB-1:0] load_data = 0;
  wire [COLUMNS*XB-1:0] x_late;
  wire clear_late, idle_late, load_late;
  wire [19:0] weight_late, load_row_late;
  wire [15:0] load_lane_late;
  wire [WB-1:0] load_data_late;
  wire [LANES*2*ACC-1:0] acc;
  ern_array_stage #(
      .K(K), .SX(SX), .W(W), .ACC(ACC), .READOUT(READOUT), .COLUMNS(COLUMNS), .DEPTH(DEPTH), .STAGE(STAGE)
  ) u_dut (
      .clk(clk), .rst_i(rst), .x_i(x), .clear_i(clear), .idle_i(1'b0), .weight_i(weight), .x_o(x_late), .clear_o(clear_late),
      .idle_o(idle_late), .weight_o(weight_late), .load_i(load), .load_lane_i(load_lane), .load_row_i(load_row), .load_data_i(load_data),
      .load_o(load_late), .load_lane_o(load_lane_late), .load_row_o(load_row_late), .load_data_o(load_data_late), .acc_o(acc)
  );
  wire [LANES*WB-1:0] weights;   // that the lanes get
  genvar r, c;
  generate
    for (r = 0; r < READOUT; r = r + 1) begin : g_row
      for (c = 0; c < COLUMNS; c = c + 1) begin : g_lane
        assign weights[(r*COLUMNS+c)*WB+:WB] = u_dut.g_row[r].g_lane[c].weights_q;
      end
    end
  endgenerate

  reg [WB-1:0] memory[0:LANES*DEPTH-1];
  reg loading;                         // what was taken in the cycle before, to be written in this one
  integer loading_at;
  reg [WB-1:0] loading_data;
  reg [LANES*WB-1:0] weights_at[0:3];  // that the lanes must get, so many cycles later; x where a load meets the read
  integer seed = SEED, n, lane, row, loads = 0;
  reg [8*40-1:0] what = "";
  reg past_rst, past_load, past_clear;
  reg [COLUMNS*XB-1:0] past_x;
  reg [19:0] past_weight, past_row;
  reg [15:0] past_lane;
  reg [WB-1:0] past_data;
  initial begin
    for (n = 0; n < LANES * DEPTH; n = n + 1) memory[n] = {WB{1'bx}};
    loading = 1'b0;
    past_weight = 0;
    for (n = 0; n < CYCLES && what == ""; n = n + 1) begin
      rst = n < 2 || $unsigned($random(seed)) % 16 == 0;
      for (lane = 0; lane < COLUMNS * XB; lane = lane + 1) x[lane] = $random(seed);
      clear = $random(seed);
      weight = $unsigned($random(seed)) % DEPTH;
      // Before the end of the first reset load_i could be anything.
      load = $unsigned($random(seed)) % 2;
      load_lane = FIRST - 2 + $unsigned($random(seed)) % (LANES + 4);
      if ($unsigned($random(seed)) % 8 == 0) load_lane = $random(seed);
      load_row = $unsigned($random(seed)) % DEPTH;
      load_data = $random(seed);
      {past_rst, past_load, past_clear, past_x, past_row, past_lane, past_data} = {rst, load, clear, x, load_row, load_lane, load_data};
      @(posedge clk);
      // The read of the row that came a cycle ago, and the write of what came a cycle ago.
      for (lane = 0; lane < LANES; lane = lane + 1)
        weights_at[0][lane*WB+:WB] = memory[lane*DEPTH+past_weight];
      if (loading) begin
        if (loading_at % DEPTH == past_weight) weights_at[0][loading_at/DEPTH*WB+:WB] = {WB{1'bx}};
        memory[loading_at] = loading_data;
        loads = loads + 1;
      end
      past_weight = weight;
      loading = load && !rst && load_lane >= FIRST && load_lane < FIRST + LANES;
      loading_at = (load_lane - FIRST) * DEPTH + load_row;
      loading_data = load_data;
      #1;
      if (x_late !== past_x || clear_late !== past_clear || weight_late !== past_weight) what = "operands, clear or weight row";
      else if (idle_late !== 1'b0) what = "idle";
      else if (load_late !== (past_load && !past_rst)) what = "the load that is passed on";
      else if (load_late && {load_lane_late, load_row_late, load_data_late} !== {past_lane, past_row, past_data}) what = "what is loaded";
      else if (n > 4)
        for (row = 0; row < LANES * WB; row = row + 1)
          if (weights_at[1][row] !== 1'bx && weights[row] !== weights_at[1][row]) what = "the weights of a lane";
      weights_at[1] = weights_at[0];
      @(negedge clk);
    end
    if (loads < CYCLES / 10 && what == "") what = "too few loads";
    if (what != "") $display("FAIL %0s, cycle %0d", what, n);
    else $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
