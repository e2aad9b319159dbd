// ern_sum_tb: the numbers that ern_sum gives to the tiles of random passes: which ports have one, where it lies, whether it is the last;
// and the beat in which the gates of a tile leave together.
//
// Parameters: COLUMNS, PORTS, READOUT, GATES, ADDEND of ern_sum; SEED. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_sum_tb;
  parameter COLUMNS = 3;
  parameter PORTS = 1;
  parameter READOUT = 2;
  parameter GATES = 4;
  parameter ADDEND = 2;
  parameter SEED = 1;
  localparam K = 2, WD = 6, ZW = 10, INVERSE = 1, PASSES = 300;
  localparam LATENCY = INVERSE < ADDEND ? ADDEND : INVERSE;
  parameter PASS_TAG = 162;
  parameter TILE_TAG = 83;
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam PASS_OPERATION = 0, PASS_OPERATION_W = 3;                  // 0 LSTM, 1, 2 GRU before, 3 after, 5, 6 its z_x, z_h, 4 linear, 7 nonlinear
  localparam PASS_MODE = 3, PASS_MODE_W = 3;                            // log2 of the block size
  localparam PASS_FINAL = 9;                                            // the sum is complete: the cells follow
  localparam PASS_PARTIAL = 10;                                         // adds the stored partial sum, else the bias
  localparam PASS_TAIL = 11;                                            // ends with the phase's last tile
  localparam PASS_OUTPUT = 12;                                          // of the output stream
  localparam PASS_STORE = 13;                                           // the vector is kept in the time domain
  localparam PASS_STATE = 14;                                           // its spectrum is written
  localparam PASS_SECOND = 15;                                          // and that for the second spectrum memory
  localparam PASS_AT_PARITY = 16;                                       // at the frame's parity
  localparam PASS_SHIFT = 17, PASS_SHIFT_W = 3;                         // number of the shift of its results
  localparam PASS_GUARD = 20, PASS_GUARD_W = 3;                         // guard bits of the spectrum
  localparam PASS_SECOND_GUARD = 23, PASS_SECOND_GUARD_W = 3;           // of the second one
  localparam PASS_BLOCK = 26, PASS_BLOCK_W = 3;                         // log2 of the block size of the spectrum
  localparam PASS_SECOND_BLOCK = 29, PASS_SECOND_BLOCK_W = 3;           // of the second one
  localparam PASS_GATES = 32, PASS_GATES_W = 3;                         // gate rows of a tile
  localparam PASS_ELEMENTS = 35, PASS_ELEMENTS_W = 7;                   // elements of the phase's last tile
  localparam PASS_TILES = 42, PASS_TILES_W = 16;                        // tiles of the pass
  localparam PASS_CONSTANT_ROW = 90, PASS_CONSTANT_ROW_W = 16;          // first row of the peepholes and initial states
  localparam PASS_STATE_TILE = 106, PASS_STATE_TILE_W = 16;             // first row of the state memories
  localparam PASS_ROW = 122, PASS_ROW_W = 16;                           // first row of the spectrum memory
  localparam PASS_LANE = 138, PASS_LANE_W = 8;                          // column lane of the first spectrum
  localparam PASS_CONTEXT = 146, PASS_CONTEXT_W = 8;                    // whose frame it is
  localparam PASS_VALID = 158;                                          // there is a frame
  localparam PASS_PARITY = 159;                                         // of the copy of recurrent vectors that it writes
  localparam PASS_FRESH = 160;                                          // it sees a zero state
  localparam PASS_END = 161;                                            // it ends its sequence
  localparam TILE_OPERATION = 0, TILE_OPERATION_W = 3;                  // as in a pass
  localparam TILE_OUTPUT = 3;                                           // of the output stream
  localparam TILE_STORE = 4;                                            // the vector is kept in the time domain
  localparam TILE_STATE = 5;                                            // its spectrum is written
  localparam TILE_SECOND = 6;                                           // and that for the second spectrum memory
  localparam TILE_AT_PARITY = 7;                                        // at the frame's parity
  localparam TILE_SHIFT = 8, TILE_SHIFT_W = 3;                          // number of the shift of its results
  localparam TILE_GUARD = 11, TILE_GUARD_W = 3;                         // guard bits of the spectrum
  localparam TILE_SECOND_GUARD = 14, TILE_SECOND_GUARD_W = 3;           // of the second one
  localparam TILE_BLOCK = 17, TILE_BLOCK_W = 3;                         // log2 of the block size of the spectrum
  localparam TILE_SECOND_BLOCK = 20, TILE_SECOND_BLOCK_W = 3;           // of the second one
  localparam TILE_ELEMENTS = 23, TILE_ELEMENTS_W = 7;                   // elements of the phase's last tile
  localparam TILE_LAST = 30;                                            // it is the phase's last tile
  localparam TILE_STATE_TILE = 31, TILE_STATE_TILE_W = 16;              // row of the state memories
  localparam TILE_ROW = 47, TILE_ROW_W = 16;                            // row of the spectrum memory
  localparam TILE_LANE = 63, TILE_LANE_W = 8;                           // column lane of the spectrum
  localparam TILE_CONTEXT = 71, TILE_CONTEXT_W = 8;                     // whose frame it is
  localparam TILE_VALID = 79;                                           // there is a frame
  localparam TILE_PARITY = 80;                                          // of the copy of recurrent vectors that it writes
  localparam TILE_FRESH = 81;                                           // it sees a zero state
  localparam TILE_END = 82;                                             // it ends its sequence
  // --- end of the fields

  reg clk = 1'b0;
  reg rst = 1'b1;
  reg valid = 1'b0;
  reg first;
  reg [PASS_TAG-1:0] pass;
  reg [READOUT*K*WD-1:0] rows;
  wire [15:0] state_tile, constant_row;
  wire [PORTS-1:0] tile_valid;
  wire [PORTS*TILE_TAG-1:0] tile_tag;
  wire [GATES*K*ZW-1:0] z;
  ern_sum #(
      .K(K), .MODES(2), .KREF(2), .WD(WD), .ZW(ZW), .BW(8), .READOUT(READOUT), .GATES(GATES), .COLUMNS(COLUMNS), .PORTS(PORTS),
      .INVERSE_LATENCY(INVERSE), .ADDEND(ADDEND), .TWIDDLES(16'd0), .ADDERS(256'd0), .PASS_TAG(PASS_TAG), .TILE_TAG(TILE_TAG)
  ) u_dut (
      .clk(clk), .rst_i(rst), .load_i({38{1'b0}}), .valid_i(valid), .first_i(first), .tag_i(pass), .rows_i(rows), .state_tile_o(state_tile),
      .constant_row_o(constant_row), .tile_valid_o(tile_valid), .tile_tag_o(tile_tag), .z_o(z)
  );
  always #5 clk = ~clk;

  integer seed = SEED;
  integer now = 0, tiles_seen = 0;
  reg failed = 1'b0;
  task fail(input [8*60-1:0] text);
    begin
      if (!failed) $display("FAIL %0s at cycle %0d", text, now);
      failed = 1'b1;
    end
  endtask

  // What has to come out, by the cycle, and how much of it is known.
  reg [PORTS-1:0] valid_at[0:63];
  reg [PORTS*TILE_TAG-1:0] tag_at[0:63];
  reg [GATES*K*ZW-1:0] z_at[0:63], known_at[0:63];
  reg numbers_at[0:63];
  reg [31:0] number_at[0:63];
  integer n;
  initial
    for (n = 0; n < 64; n = n + 1) begin
      valid_at[n] = {PORTS{1'b0}};
      numbers_at[n] = 1'b0;
    end

  integer p;
  always @(negedge clk) begin
    #1;
    if (!rst) begin
      if (tile_valid !== valid_at[now & 63]) fail("a tile is missing, or one too many");
      for (p = 0; p < PORTS; p = p + 1)
        if (valid_at[now&63][p]) begin
          tiles_seen = tiles_seen + 1;
          if (tile_tag[p*TILE_TAG+:TILE_TAG] !== tag_at[now&63][p*TILE_TAG+:TILE_TAG]) fail("the tag of a tile");
        end
      if (valid_at[now&63][0] && ((z ^ z_at[now&63]) & known_at[now&63]) !== {GATES * K * ZW{1'b0}}) fail("sums");
      if (numbers_at[now&63] && {state_tile, constant_row} !== number_at[now&63]) fail("rows of states and constants");
    end
    valid_at[now&63] = {PORTS{1'b0}};
    numbers_at[now&63] = 1'b0;
    now = now + 1;
  end

  // A spectrum of two words {X1, X0} is the block {X0 - X1, X0 + X1}.
  function [K*ZW-1:0] block(input [K*WD-1:0] spectrum);
    reg signed [ZW-1:0] x0, x1;
    begin
      x0 = {{ZW - WD{spectrum[WD-1]}}, spectrum[WD-1:0]};
      x1 = {{ZW - WD{spectrum[2*WD-1]}}, spectrum[2*WD-1:WD]};
      block = {x0 - x1, x0 + x1};
    end
  endfunction

  function [TILE_TAG-1:0] tag_of(input integer tile);
    reg [31:0] place;
    begin
      place = pass[PASS_LANE+:PASS_LANE_W] + tile;
      tag_of = {TILE_TAG{1'b0}};
      tag_of[TILE_OPERATION+:TILE_OPERATION_W] = pass[PASS_OPERATION+:PASS_OPERATION_W];
      tag_of[TILE_OUTPUT] = pass[PASS_OUTPUT];
      tag_of[TILE_STORE] = pass[PASS_STORE];
      tag_of[TILE_STATE] = pass[PASS_STATE];
      tag_of[TILE_SECOND] = pass[PASS_SECOND];
      tag_of[TILE_AT_PARITY] = pass[PASS_AT_PARITY];
      tag_of[TILE_SHIFT+:TILE_SHIFT_W] = pass[PASS_SHIFT+:PASS_SHIFT_W];
      tag_of[TILE_GUARD+:TILE_GUARD_W] = pass[PASS_GUARD+:PASS_GUARD_W];
      tag_of[TILE_SECOND_GUARD+:TILE_SECOND_GUARD_W] = pass[PASS_SECOND_GUARD+:PASS_SECOND_GUARD_W];
      tag_of[TILE_BLOCK+:TILE_BLOCK_W] = pass[PASS_BLOCK+:PASS_BLOCK_W];
      tag_of[TILE_SECOND_BLOCK+:TILE_SECOND_BLOCK_W] = pass[PASS_SECOND_BLOCK+:PASS_SECOND_BLOCK_W];
      tag_of[TILE_ELEMENTS+:TILE_ELEMENTS_W] = pass[PASS_ELEMENTS+:PASS_ELEMENTS_W];
      tag_of[TILE_LAST] = pass[PASS_TAIL] && tile + 1 == pass[PASS_TILES+:PASS_TILES_W];
      tag_of[TILE_STATE_TILE+:TILE_STATE_TILE_W] = pass[PASS_STATE_TILE+:PASS_STATE_TILE_W] + tile;
      tag_of[TILE_ROW+:TILE_ROW_W] = pass[PASS_ROW+:PASS_ROW_W] + place / COLUMNS;
      tag_of[TILE_LANE+:TILE_LANE_W] = place % COLUMNS;
      tag_of[TILE_CONTEXT+:TILE_CONTEXT_W] = pass[PASS_CONTEXT+:PASS_CONTEXT_W];
      tag_of[TILE_VALID] = pass[PASS_VALID];
      tag_of[TILE_PARITY] = pass[PASS_PARITY];
      tag_of[TILE_FRESH] = pass[PASS_FRESH];
      tag_of[TILE_END] = pass[PASS_END];
    end
  endfunction

  integer passes, tiles, gates, tile, beats, beat, together, q, chance;
  reg [GATES*K*ZW-1:0] sums, known;
  initial begin
    repeat (100) @(negedge clk);
    #2 rst = 1'b0;
    for (passes = 0; passes < PASSES && !failed; passes = passes + 1) begin
      chance = $random(seed) & 1 ? 8 : $random(seed) & 7;
      for (q = 0; q < PASS_TAG; q = q + 1) pass[q] = $random(seed);
      pass[PASS_MODE+:PASS_MODE_W] = 1;
      pass[PASS_PARTIAL] = 1'b0;
      pass[PASS_LANE+:PASS_LANE_W] = {$random(seed)} % COLUMNS;
      tiles = 1 + ({$random(seed)} % (passes % 8 == 0 ? 300 : 12));
      gates = 1 << ({$random(seed)} % 3);
      if (gates > GATES) gates = GATES;
      pass[PASS_TILES+:PASS_TILES_W] = tiles;
      pass[PASS_GATES+:PASS_GATES_W] = gates;
      together = gates == 1 ? PORTS : 1;
      beats = gates > READOUT ? gates / READOUT : 1;
      first = 1'b1;
      for (tile = 0; tile < tiles; tile = tile + together) begin
        known = {GATES * K * ZW{1'b0}};
        for (beat = 0; beat < beats; beat = beat + 1) begin
          while (({$random(seed)} & 7) >= chance + 1) begin
            @(negedge clk);
            #2;
          end
          for (q = 0; q < READOUT * K * WD; q = q + 1) rows[q] = $random(seed);
          valid = 1'b1;
          for (q = 0; q < READOUT && q < GATES; q = q + 1) begin
            sums[(beat*READOUT+q)*K*ZW+:K*ZW] = block(rows[q*K*WD+:K*WD]);
            known[(beat*READOUT+q)*K*ZW+:K*ZW] = {K * ZW{1'b1}};
          end
          if (beat == beats - 1) begin
            numbers_at[(now+LATENCY-2)&63] = 1'b1;
            number_at[(now+LATENCY-2)&63] = {
                pass[PASS_STATE_TILE+:PASS_STATE_TILE_W] + tile[15:0], pass[PASS_CONSTANT_ROW+:PASS_CONSTANT_ROW_W] + tile[15:0]};
            if (pass[PASS_FINAL]) begin
              for (q = 0; q < together && tile + q < tiles; q = q + 1) begin
                valid_at[(now+LATENCY)&63][q] = 1'b1;
                tag_at[(now+LATENCY)&63][q*TILE_TAG+:TILE_TAG] = tag_of(tile + q);
              end
              z_at[(now+LATENCY)&63] = sums;
              known_at[(now+LATENCY)&63] = known;
            end
          end
          @(negedge clk);
          #2 valid = 1'b0;
          first = 1'b0;
        end
      end
    end
    repeat (100) @(negedge clk);
    if (!failed) $display("PASS %0d tiles", tiles_seen);
    $finish;
  end
endmodule

`default_nettype wire
