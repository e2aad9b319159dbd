// erngen_accelerator_round_half: half of the lsb that a rounding shift leaves, for one of several shifts.
//
// Purpose:    What is added to a number x before erngen_accelerator_shift_saturate, as round_shift(x, s) = floor((x + 2^(s-1)) / 2^s).
// Parameters: SHIFTS >= 1 and SHIFT_LIST, that many 8-bit shifts >= 0, number 0 in the lowest bits; WIDTH, bits of the half,
//             more than the largest shift; AT, the place of its lsb's weight: the half is 2^AT of it.
// Latency:    0.
// Rounding:   none; nothing is added for a shift of 0.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_round_half #(
    parameter               SHIFTS       = 2,
    parameter [8*SHIFTS-1:0] SHIFT_LIST      = {8'd5, 8'd4},
    parameter               WIDTH       = 8,
    parameter               AT          = 0,
    // Derived, not to be set.
    parameter               SELECT_BITS = SHIFTS > 1 ? $clog2(SHIFTS) : 1
) (
    input  wire [SELECT_BITS-1:0] select_i,  // number of the shift
    output reg  [      WIDTH-1:0] half_o
);
  integer n;
  always @* begin
    half_o = {WIDTH{1'b0}};
    for (n = 0; n < SHIFTS; n = n + 1) begin
      if ((SHIFTS == 1 || select_i == n[SELECT_BITS-1:0]) && SHIFT_LIST[8*n+:8] != 8'd0)
        half_o = {{(WIDTH - 1) {1'b0}}, 1'b1} << (AT + {24'd0, SHIFT_LIST[8*n+:8]} - 1);
    end
  end
endmodule

`default_nettype wire
