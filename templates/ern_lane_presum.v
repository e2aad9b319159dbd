// ern_lane_presum: acc += (a + d) b in one DSP block, with its pre-adder.
//
// Purpose:    One real product of a lane whose first operand is a sum: the addends' registers before ern_presum_product.
//             clear_i comes with the product, 3 cycles after its operands; the sum then starts anew.
// Parameters: A <= 24, bits of the signed addends; B <= 18, of the factor; ACC, of the sum, <= 48; CYCLES: 4, or 2 without
//             registers before the product.
// Latency:    CYCLES.
// Macro:      ERN_NO_PREADDER as in ern_presum_product.
// Rounding:   none.
// Overflow:   modulo 2^ACC; the parent's widths exclude it.
`default_nettype none

module ern_lane_presum #(
    parameter A   = 13,
    parameter B   = 16,
    parameter ACC = 36,
    parameter CYCLES = 4
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
  wire [A-1:0] a, d;
  generate
    if (CYCLES == 2) begin : g_direct
      assign a = a_i;
      assign d = d_i;
    end else begin : g_registers
      reg [A-1:0] a_q, d_q;
      always @(posedge clk) begin
        a_q <= a_i;
        d_q <= d_i;
      end
      assign a = a_q;
      assign d = d_q;
    end
  endgenerate

  ern_presum_product #(.A(ADDEND), .B(B), .ACC(ACC), .DIRECT(CYCLES == 2 ? 1 : 0)) u_product (
      .clk(clk),
      .clear_i(clear_i),
      .idle_i(1'b0),
      .a_i({{(ADDEND - A + 1) {a[A-1]}}, a[A-2:0]}),
      .d_i({{(ADDEND - A + 1) {d[A-1]}}, d[A-2:0]}),
      .b_i(b_i),
      .acc_o(acc_o)
  );
endmodule

`default_nettype wire
