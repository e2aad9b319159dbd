// ern_lane_product: acc += a b in one DSP48, with two operand registers.
//
// Purpose:    One real product of a lane. clear_i comes with the product, 3 cycles after its operands; the sum
//             then starts anew.
// Parameters: A <= 25, B <= 18, bits of the signed operands; ACC, bits of the sum, <= 48; CYCLES: 4, or 2 without
//             registers before the product.
// Latency:    CYCLES.
// Rounding:   none.
// Overflow:   modulo 2^ACC; the parent's widths exclude it.
`default_nettype none

module ern_lane_product #(
    parameter A   = 17,
    parameter B   = 12,
    parameter ACC = 36,
    parameter CYCLES = 4
) (
    input  wire           clk,
    input  wire           clear_i,
    input  wire [  A-1:0] a_i,
    input  wire [  B-1:0] b_i,
    output wire [ACC-1:0] acc_o
);
  wire signed [A-1:0] a;
  wire signed [B-1:0] b;
  reg signed [A+B-1:0] product_q;
  reg signed [ACC-1:0] acc_q;

  generate
    if (CYCLES == 2) begin : g_direct
      assign a = $signed(a_i);
      assign b = $signed(b_i);
    end else begin : g_registers
      reg signed [A-1:0] a_q, a_q2;
      reg signed [B-1:0] b_q, b_q2;
      always @(posedge clk) begin
        a_q <= $signed(a_i);
        b_q <= $signed(b_i);
        a_q2 <= a_q;
        b_q2 <= b_q;
      end
      assign a = a_q2;
      assign b = b_q2;
    end
  endgenerate

  always @(posedge clk) begin
    product_q <= a * b;
    acc_q <= (clear_i ? {ACC{1'b0}} : acc_q) + {{(ACC - A - B) {product_q[A+B-1]}}, product_q};
  end
  assign acc_o = acc_q;
endmodule

`default_nettype wire
