// erngen_accelerator_round_saturate: y = saturate(round_shift(z, SHIFT), OUT_WIDTH) of one number.
//
// Purpose:    Brings a wide sum to a narrow format.
// Parameters: IN_WIDTH, OUT_WIDTH; SHIFT, bits to drop, negative: to the left.
// Latency:    2 cycles.
// Rounding:   half up.
// Overflow:   saturates.
`default_nettype none

module erngen_accelerator_round_saturate #(
    parameter IN_WIDTH  = 26,
    parameter OUT_WIDTH = 18,
    parameter SHIFT     = 3
) (
    input  wire                        clk,
    input  wire signed [ IN_WIDTH-1:0] z_i,
    output reg  signed [OUT_WIDTH-1:0] y_o
);
  localparam LEFT  = SHIFT < 0 ? -SHIFT : 0;
  localparam DROP  = SHIFT > 0 ? SHIFT : 0;
  localparam SUM   = (IN_WIDTH > DROP ? IN_WIDTH : DROP) + LEFT + 1;
  localparam VALUE = SUM - DROP;
  localparam WIDE  = VALUE > OUT_WIDTH ? VALUE : OUT_WIDTH + 1;

  wire signed [SUM-1:0] half = DROP > 0 ? {{(SUM - 1) {1'b0}}, 1'b1} <<< (DROP > 0 ? DROP - 1 : 0) : {SUM{1'b0}};
  reg signed  [SUM-1:0] sum_q;
  wire [WIDE-1:0] value = {{(WIDE - VALUE) {sum_q[SUM-1]}}, sum_q[SUM-1:DROP]};
  wire fits = &value[WIDE-1:OUT_WIDTH-1] | ~|value[WIDE-1:OUT_WIDTH-1];

  always @(posedge clk) begin
    sum_q <= {{(SUM - IN_WIDTH - LEFT) {z_i[IN_WIDTH-1]}}, z_i, {LEFT{1'b0}}} + half;
    y_o   <= fits ? value[OUT_WIDTH-1:0] : {value[WIDE-1], {(OUT_WIDTH - 1) {~value[WIDE-1]}}};
  end

  generate
    if (DROP > 0) begin : g_fraction
      wire unused_ok = &{1'b0, sum_q[DROP-1:0]};
    end
  endgenerate
endmodule

`default_nettype wire
