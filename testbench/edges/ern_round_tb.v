// ern_round_tb: ern_round_half and ern_shift_saturate together, for every number of the shift: round_shift(x, s) = floor((x + 2^(s-1)) / 2^s),
// or the limit; s = 0 leaves x as it is. And the half where its lsb has another weight.
//
// Parameters: SHIFTS, SHIFT_LIST, IN_WIDTH, OUT_WIDTH, AT of the two; SEED. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_round_tb;
  parameter SHIFTS = 3;
  parameter [8*SHIFTS-1:0] SHIFT_LIST = {8'd0, 8'd7, 8'd3};
  parameter IN_WIDTH = 16;
  parameter OUT_WIDTH = 9;
  parameter AT = 5;
  parameter SEED = 1;
  localparam SELECT_BITS = SHIFTS > 1 ? $clog2(SHIFTS) : 1;
  localparam NUMBERS = 3000;
  reg [SELECT_BITS-1:0] select;
  reg signed [IN_WIDTH-2:0] x;
  wire [IN_WIDTH-1:0] half;
  wire [IN_WIDTH+AT-1:0] half_at;
  wire signed [IN_WIDTH-1:0] sum = x + $signed(half);
  wire signed [OUT_WIDTH-1:0] y;
  ern_round_half #(.SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .WIDTH(IN_WIDTH)) u_half (.select_i(select), .half_o(half));
  ern_round_half #(.SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .WIDTH(IN_WIDTH + AT), .AT(AT)) u_half_at (.select_i(select), .half_o(half_at));
  ern_shift_saturate #(.IN_WIDTH(IN_WIDTH), .OUT_WIDTH(OUT_WIDTH), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST)) u_shift (
      .select_i(select), .x_i(sum), .y_o(y));

  integer seed = SEED, n, number, shift, wanted;
  localparam integer MOST = (1 << (OUT_WIDTH - 1)) - 1;
  reg failed = 1'b0;
  initial begin
    for (n = 0; n < NUMBERS && !failed; n = n + 1) begin
      // The only shift is taken whatever its number says.
      number = $unsigned($random(seed)) % SHIFTS;
      select = SHIFTS == 1 ? $random(seed) : number;
      x = $random(seed) >>> ($unsigned($random(seed)) % 32);
      shift = SHIFT_LIST[8*number+:8];
      wanted = shift == 0 ? x : (x + (1 << (shift - 1))) >>> shift;
      if (wanted > MOST) wanted = MOST;
      if (wanted < -MOST - 1) wanted = -MOST - 1;
      #1;
      if (y !== wanted || half_at !== (shift == 0 ? 0 : 1 << (shift - 1 + AT))) failed = 1'b1;
    end
    if (failed) $display("FAIL %0d shifted by %0d: %0d, not %0d; half %h", x, shift, y, wanted, half_at);
    else $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
