// erngen_accelerator_presum_product: acc += (a + d) b in one DSP block, without registers for the addends.
//
// Purpose:    The part of erngen_accelerator_lane_presum that a synthesis tool must see with wide addends: Yosys folds a sum of 25 bits
//             into the pre-adder, and leaves a narrower one in LUTs. Newer versions find out that the extended sign of
//             an addend is one bit, so Yosys keeps this module apart, where the addends are ports of full width.
// Parameters: A <= 24, bits of the signed addends; B <= 18, of the factor; ACC, of the sum, <= 48; GATED 1: idle_i, in the cycle
//             before clear_i's, makes the product 0;
//             LATE 1: b_i comes with a_i and d_i; DIRECT 1: they are multiplied without registers.
// Latency:    3 cycles from a_i and d_i, 4 from b_i, or 3 where LATE is 1; clear_i comes with the product, 2 cycles after a_i. Where DIRECT
//             is 1: 2 cycles from all three; clear_i 1 cycle after them.
// Macro:      ERN_NO_PREADDER, for devices whose multipliers have no pre-adder that synthesis uses (ECP5, iCE40): the
//             addends have their natural width, so that the sum fits a port of 18 bits. The results are the same.
// Rounding:   none.
// Overflow:   modulo 2^ACC; the parent's widths exclude it.
`default_nettype none

`ifdef YOSYS
`ifndef ERN_NO_PREADDER
(* keep_hierarchy *)
`endif
`endif
module erngen_accelerator_presum_product #(
    parameter A   = 24,
    parameter B   = 16,
    parameter ACC = 36,
    parameter GATED = 0,
    parameter LATE = 0,
    parameter DIRECT = 0
) (
    input  wire           clk,
    input  wire           clear_i,
    input  wire           idle_i,
    input  wire [  A-1:0] a_i,
    input  wire [  A-1:0] d_i,
    input  wire [  B-1:0] b_i,
    output wire [ACC-1:0] acc_o
);
  localparam PRODUCT = (A + B + 1 < ACC) ? A + B + 1 : ACC;  // modulo 2^ACC, which may be less than A's 24 bits make of it
  wire signed [A:0] sum_i = {a_i[A-1], a_i} + {d_i[A-1], d_i};
  wire signed [A:0] sum;
  wire signed [B-1:0] b;
  reg signed [PRODUCT-1:0] product_q;
  reg signed [ACC-1:0] acc_q;

  generate
    if (DIRECT != 0) begin : g_direct
      assign sum = sum_i;
      assign b = $signed(b_i);
    end else begin : g_registers
      reg signed [A:0] sum_q;
      reg signed [B-1:0] b_q, b_q2;
      always @(posedge clk) begin
        sum_q <= sum_i;
        b_q <= $signed(b_i);
        b_q2 <= (LATE != 0) ? $signed(b_i) : b_q;
      end
      assign sum = sum_q;
      assign b = b_q2;
    end
  endgenerate

  always @(posedge clk) begin
    // verilator lint_off WIDTH
    if (GATED != 0 && idle_i) product_q <= {PRODUCT{1'b0}};
    else product_q <= sum * b;
    // verilator lint_on WIDTH
    acc_q <= (clear_i ? {ACC{1'b0}} : acc_q) + {{(ACC - PRODUCT + 1) {product_q[PRODUCT-1]}}, product_q[PRODUCT-2:0]};
  end
  assign acc_o = acc_q;
endmodule

`default_nettype wire
