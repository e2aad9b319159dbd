// erngen_accelerator_shift_saturate: y = saturate(floor(x / 2^shift), OUT_WIDTH) for one of several shifts.
//
// Purpose:    Brings a product, with erngen_accelerator_round_half already in it, to the format of a vector.
// Parameters: IN_WIDTH, OUT_WIDTH; SHIFTS >= 1 and SHIFT_LIST, that many 8-bit shifts >= 0, number 0 in the lowest bits;
//             SATURATE 0: all results are known to fit.
// Latency:    0.
// Rounding:   down.
// Overflow:   saturates.
`default_nettype none

module erngen_accelerator_shift_saturate #(
    parameter               IN_WIDTH    = 24,
    parameter               OUT_WIDTH   = 12,
    parameter               SHIFTS       = 2,
    parameter [8*SHIFTS-1:0] SHIFT_LIST      = {8'd12, 8'd11},
    parameter               SATURATE    = 1,
    // Derived, not to be set.
    parameter               SELECT_BITS = SHIFTS > 1 ? $clog2(SHIFTS) : 1
) (
    input  wire        [SELECT_BITS-1:0] select_i,  // number of the shift
    input  wire signed [   IN_WIDTH-1:0] x_i,
    output wire        [  OUT_WIDTH-1:0] y_o
);
  // What every shift drops is dropped before the choice.
  function integer least_shift;
    input integer count;
    integer n;
    begin
      least_shift = {24'd0, SHIFT_LIST[7:0]};
      for (n = 1; n < count; n = n + 1) if ({24'd0, SHIFT_LIST[8*n+:8]} < least_shift) least_shift = {24'd0, SHIFT_LIST[8*n+:8]};
    end
  endfunction

  localparam LEAST = least_shift(SHIFTS);
  localparam KEPT  = IN_WIDTH - LEAST;
  localparam WIDE  = KEPT > OUT_WIDTH ? KEPT : OUT_WIDTH + 1;

  wire signed [WIDE-1:0] kept = {{(WIDE - KEPT) {x_i[IN_WIDTH-1]}}, x_i[IN_WIDTH-1:LEAST]};
  reg signed [WIDE-1:0] value;
  integer m;
  always @* begin
    value = kept;
    for (m = 0; m < SHIFTS; m = m + 1)
      if (SHIFTS == 1 || select_i == m[SELECT_BITS-1:0]) value = kept >>> ({24'd0, SHIFT_LIST[8*m+:8]} - LEAST);
  end
  wire fits = SATURATE == 0 || &value[WIDE-1:OUT_WIDTH-1] || ~|value[WIDE-1:OUT_WIDTH-1];
  assign y_o = fits ? value[OUT_WIDTH-1:0] : {value[WIDE-1], {(OUT_WIDTH - 1) {~value[WIDE-1]}}};
  wire unused = &{1'b0, select_i, x_i, value};
endmodule

`default_nettype wire
