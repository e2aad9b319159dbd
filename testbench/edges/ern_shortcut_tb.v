// ern_shortcut_tb: random passes through ern_shortcut: which rows write a spectrum, into which bank and row, which words, and when.
//
// Parameters: COLUMNS, READOUT, DEPTH, DYNAMIC, RECOMBINATION of ern_shortcut; SEED. Blocks of two: their spectra are the accumulators, rounded.
// Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_shortcut_tb;
  parameter COLUMNS = 3;
  parameter READOUT = 2;
  parameter DEPTH = 64;
  parameter DYNAMIC = 1;
  parameter RECOMBINATION = 3;
  parameter SEED = 1;
  localparam K = 2, ACC = 14, SX = 9, PASSES = 400;
  localparam [15:0] SHIFT_LIST = {8'd4, 8'd1};
  localparam ROW_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
  localparam LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1;
  parameter PASS_TAG = 162;
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam PASS_MODE = 3, PASS_MODE_W = 3;                            // log2 of the block size
  localparam PASS_AT_PARITY = 16;                                       // at the frame's parity
  localparam PASS_TILES = 42, PASS_TILES_W = 16;                        // tiles of the pass
  localparam PASS_ROW = 122, PASS_ROW_W = 16;                           // first row of the spectrum memory
  localparam PASS_LANE = 138, PASS_LANE_W = 8;                          // column lane of the first spectrum
  localparam PASS_SHORTCUT = 154;                                       // the spectrum is that of the sums (ern_shortcut)
  localparam PASS_SHORTCUT_SHIFT = 155;                                 // number of its rounding shift
  localparam PASS_VALID = 158;                                          // there is a frame
  localparam PASS_PARITY = 159;                                         // of the copy of recurrent vectors that it writes
  // --- end of the fields

  reg clk = 1'b0;
  always #5 clk = !clk;
  reg rst = 1'b1, valid = 1'b0, first = 1'b0;
  reg [PASS_TAG-1:0] pass = 0;
  reg [READOUT*K*ACC-1:0] rows;
  wire [READOUT-1:0] write;
  wire [READOUT*LANE_BITS-1:0] write_lane;
  wire [READOUT*ROW_BITS-1:0] write_row;
  wire [READOUT*K*SX-1:0] write_data;
  ern_shortcut #(
      .K(K), .MODES(2), .ACC(ACC), .SX(SX), .SHIFTS(2), .SHIFT_LIST(SHIFT_LIST), .READOUT(READOUT), .COLUMNS(COLUMNS), .DEPTH(DEPTH),
      .DYNAMIC(DYNAMIC), .RECOMBINATION(RECOMBINATION), .PASS_TAG(PASS_TAG)
  ) u_dut (
      .clk(clk), .rst_i(rst), .valid_i(valid), .first_i(first), .tag_i(pass), .rows_i(rows), .write_o(write), .write_lane_o(write_lane),
      .write_row_o(write_row), .write_data_o(write_data)
  );

  // What has to be written RECOMBINATION cycles after a beat.
  reg [READOUT-1:0] wanted[0:3];
  reg [READOUT*LANE_BITS-1:0] lane_at[0:3];
  reg [READOUT*ROW_BITS-1:0] row_at[0:3];
  reg [READOUT*K*SX-1:0] data_at[0:3];

  function [SX-1:0] rounded(input [ACC-1:0] acc, input integer shift);
    integer x;
    begin
      x = ($signed({{32 - ACC{acc[ACC-1]}}, acc}) + (1 << (shift - 1))) >>> shift;
      rounded = x > (1 << (SX - 1)) - 1 ? (1 << (SX - 1)) - 1 : x < -(1 << (SX - 1)) ? 1 << (SX - 1) : x;
    end
  endfunction

  integer seed = SEED;
  integer n, p, r, e, beat, beats, tiles, lane, row, at = 0, written = 0;
  reg parity;
  reg [ROW_BITS-1:0] address;
  reg [8*40-1:0] what = "";
  task compare;
    begin
      if (write !== wanted[at]) what = "which rows write";
      for (r = 0; r < READOUT; r = r + 1)
        if (wanted[at][r] && what == "") begin
          written = written + 1;
          if (write_lane[r*LANE_BITS+:LANE_BITS] !== lane_at[at][r*LANE_BITS+:LANE_BITS]) what = "the bank";
          else if (write_row[r*ROW_BITS+:ROW_BITS] !== row_at[at][r*ROW_BITS+:ROW_BITS]) what = "the row";
          else if (write_data[r*K*SX+:K*SX] !== data_at[at][r*K*SX+:K*SX]) what = "the words";
        end
    end
  endtask
  task cycle;   // what stands at the inputs is taken; what it makes is compared RECOMBINATION cycles later
    begin
      for (r = 0; r < READOUT; r = r + 1) begin
        n = beat * READOUT + r;
        wanted[at][r] = valid && !rst && pass[PASS_SHORTCUT] && pass[PASS_VALID] && n < tiles;
        lane_at[at][r*LANE_BITS+:LANE_BITS] = (lane + n) % COLUMNS;
        parity = pass[PASS_AT_PARITY] && pass[PASS_PARITY];
        address = row + (lane + n) / COLUMNS;
        if (DYNAMIC != 0) address[ROW_BITS-1] = parity;
        row_at[at][r*ROW_BITS+:ROW_BITS] = address;
        for (e = 0; e < K; e = e + 1)
          data_at[at][(r*K+e)*SX+:SX] = rounded(rows[(r*K+e)*ACC+:ACC], pass[PASS_SHORTCUT_SHIFT] ? 4 : 1);
      end
      @(negedge clk);
      if (rst) for (n = 0; n < 4; n = n + 1) wanted[n] = {READOUT{1'b0}};
      at = (at + 1) % RECOMBINATION;
      if (what == "") compare;
    end
  endtask

  initial begin
    for (n = 0; n < 4; n = n + 1) wanted[n] = {READOUT{1'b0}};
    beat = 0; tiles = 0; lane = 0; row = 0;
    repeat (3) cycle;
    rst = 1'b0;
    for (p = 0; p < PASSES && what == ""; p = p + 1) begin
      tiles = 1 + $unsigned($random(seed)) % 20;
      lane = $unsigned($random(seed)) % COLUMNS;
      row = $unsigned($random(seed)) % DEPTH;
      for (n = 0; n < PASS_TAG; n = n + 1) pass[n] = $random(seed);
      pass[PASS_MODE+:PASS_MODE_W] = 1;
      pass[PASS_TILES+:PASS_TILES_W] = tiles;
      pass[PASS_ROW+:PASS_ROW_W] = row;
      pass[PASS_LANE+:PASS_LANE_W] = lane;
      pass[PASS_SHORTCUT] = $unsigned($random(seed)) % 8 != 0;
      pass[PASS_VALID] = $unsigned($random(seed)) % 8 != 0;
      // A pass of more beats than its tiles need, as one of several gates' rows has.
      beats = (tiles + READOUT - 1) / READOUT + $unsigned($random(seed)) % 3;
      for (beat = 0; beat < beats && what == ""; beat = beat + 1) begin
        first = beat == 0;
        for (n = 0; n < READOUT * K; n = n + 1) rows[n*ACC+:ACC] = $random(seed);
        while ($unsigned($random(seed)) % 4 == 0) begin
          valid = 1'b0;
          cycle;
        end
        valid = 1'b1;
        rst = $unsigned($random(seed)) % 500 == 0;   // what is on its way is gone
        cycle;
        valid = 1'b0;
        if (rst) beat = beats;
        rst = 1'b0;
      end
    end
    if (what != "") $display("FAIL %0s, pass %0d", what, p);
    else if (written == 0) $display("FAIL nothing was written");
    else $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
