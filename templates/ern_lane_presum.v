// ern_lane_presum: acc += (a + d) b in one DSP48, with its pre-adder.
//
// Purpose:    One real product of a lane whose first operand is a sum. clear_i comes with the product, 3 cycles
//             after its operands; the sum then starts anew.
// Parameters: A <= 24, bits of the signed addends; B <= 18, of the factor; ACC, of the sum, <= 48.
// Latency:    4 cycles.
// Macro:      ERN_NO_PREADDER, for devices whose multipliers have no pre-adder that synthesis uses (ECP5, iCE40): the sum gets its
//             natural width, so that it fits a port of 18 bits. The results are the same.
// Rounding:   none.
// Overflow:   modulo 2^ACC; the parent's widths exclude it.
`default_nettype none

module ern_lane_presum #(
    parameter A   = 13,
    parameter B   = 16,
    parameter ACC = 36
) (
    input  wire           clk,
    input  wire           clear_i,
    input  wire [  A-1:0] a_i,
    input  wire [  A-1:0] d_i,
    input  wire [  B-1:0] b_i,
    output wire [ACC-1:0] acc_o
);
`ifdef ERN_NO_PREADDER
  localparam ADDEND = A;
`else
  localparam ADDEND = 24;  // the width for which the pre-adder is inferred
`endif
  reg signed [ADDEND-1:0] a_q, d_q;
  reg signed [ADDEND:0] sum_q;
  reg signed [B-1:0] b_q, b_q2;
  reg signed [ACC-1:0] product_q;
  reg signed [ACC-1:0] acc_q;

  always @(posedge clk) begin
    a_q <= {{(ADDEND - A + 1) {a_i[A-1]}}, a_i[A-2:0]};
    d_q <= {{(ADDEND - A + 1) {d_i[A-1]}}, d_i[A-2:0]};
    sum_q <= {a_q[ADDEND-1], a_q} + {d_q[ADDEND-1], d_q};
    b_q <= $signed(b_i);
    b_q2 <= b_q;
    // verilator lint_off WIDTH
    product_q <= sum_q * b_q2;  // modulo 2^ACC, which may be less than the addends' 24 bits make of it
    // verilator lint_on WIDTH
    acc_q <= (clear_i ? {ACC{1'b0}} : acc_q) + product_q;
  end
  assign acc_o = acc_q;
endmodule

`default_nettype wire
