// erngen_accelerator_select: one of COUNT words, without a register.
//
// Purpose:    A choice among a few words as the AND and OR that a LUT a bit holds. (A shift of the bundle by index * WIDTH is a
//             multiplication and a shifter of the whole bundle to Yosys.)
// Parameters: COUNT, words; WIDTH, bits of a word; INDEX_BITS of the index.
// Bundles:    data_i: word n at [n WIDTH +: WIDTH].
// Latency:    0. One word needs no index; of several, none gives zero.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_select #(
    parameter COUNT      = 2,
    parameter WIDTH      = 8,
    parameter INDEX_BITS = 1
) (
    input  wire [ INDEX_BITS-1:0] index_i,
    input  wire [COUNT*WIDTH-1:0] data_i,
    output wire [      WIDTH-1:0] data_o
);
  generate
    if (COUNT == 1) begin : g_only
      assign data_o = data_i;
      wire unused = &{1'b0, index_i};
    end else begin : g_choice
      reg [WIDTH-1:0] chosen;
      integer n;
      always @* begin
        chosen = {WIDTH{1'b0}};
        for (n = 0; n < COUNT; n = n + 1) chosen = chosen | ({WIDTH{index_i == n[INDEX_BITS-1:0]}} & data_i[n*WIDTH+:WIDTH]);
      end
      assign data_o = chosen;
    end
  endgenerate
endmodule

`default_nettype wire
