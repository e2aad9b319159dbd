// ern_lane_bins: one K-word lane of circulant block products by Winograd's inner product inside each complex bin.
//
// Purpose:    As ern_lane, with K products a block instead of 3 K / 2 - 1. For a complex bin
//               (xr - wi) (xi + wr) = (xr wr - xi wi) + xr xi - wi wr,
//               (xr + wr) (xi + wi) = (xr wi + xi wr) + xr xi + wr wi
//             (S. Winograd, A new algorithm for inner product, IEEE Transactions on Computers C-17, 1968), so that the sums of
//             these products are those of the bin but for sums of xr xi, which all rows of the array share, and of wr wi, which
//             are constants of a row: ern_correction takes them away. Two real bins are x0 (0 + w0) and x1 (0 + w1): the pair's xi
//             is 0, and its flag keeps the weights out of the first factors. Pair 0 is two real bins: plain products.
//             clear_i, with the operands, starts new sums with this product. idle_i: a cycle without a product; its
//             operands are 0, but weights stand beside them.
// Bundles:    from the low bits up. x_i: x0, x1, then for j = 1..K/2-1: xr, xi, or where MIXED is 1 xa, xb, xi, a complex bin
//             having xa = xb = xr and two real ones xa = x0, xb = x1, xi = 0 (SX each). w_i: w0, w1, then wr, wi of each pair (W each);
//             where MIXED is 1 K/2 - 1 flags above them: 1, the pair is complex. acc_o: the sums of each word (ACC each).
// Parameters: K, words, a power of two, 4..64; SX, bits of a spectrum word, <= 17; W, bits of a weight, <= 17;
//             ACC, bits of an accumulator <= 48; MIXED 1 when sizes below K are used.
// Latency:    4 cycles (operands and the first factor's sum, the second factor's in the pre-adder, product, sum).
// Rounding:   none.
// Overflow:   modulo 2^ACC: the corrected sums are at most terms 2^(SX+W-1), so ACC is SX + W and the bits of terms.
//
// Every product is one DSP48: its pre-adder makes the second factor's sum, a row of LUTs the first one's.
`default_nettype none

module ern_lane_bins #(
    parameter K     = 8,
    parameter SX    = 16,
    parameter W     = 12,
    parameter ACC   = 36,
    parameter MIXED = 0,
    // Derived, not to be set.
    parameter XPAIR = (MIXED != 0) ? 3*SX : 2*SX,
    parameter XB = 2*SX+(K/2-1)*XPAIR,
    parameter WB = (MIXED != 0) ? K*W+K/2-1 : K*W
) (
    input  wire             clk,
    input  wire             clear_i,
    input  wire             idle_i,
    input  wire [   XB-1:0] x_i,
    input  wire [   WB-1:0] w_i,
    output wire [K*ACC-1:0] acc_o
);
  localparam OPERAND = (SX > W) ? SX : W;
`ifdef ERN_NO_PREADDER
  localparam ADDEND = OPERAND;
`else
  localparam ADDEND = 24;  // the width for which the pre-adder is inferred
`endif

  reg clear_q, clear_q2, clear_q3;  // with the product
  reg idle_q, idle_q2;              // before it
  always @(posedge clk) begin
    clear_q  <= clear_i;
    clear_q2 <= clear_q;
    clear_q3 <= clear_q2;
    idle_q   <= idle_i;
    idle_q2  <= idle_q;
  end

  genvar j;
  generate
    if (K < 4 || K > 64 || (K & (K - 1)) != 0) begin : g_bad_k
      ERROR_ern_lane_bins_K_must_be_a_power_of_two_from_4_to_64 u_error ();
    end
    if (SX > 17 || W > 17 || SX < 2 || W < 2) begin : g_bad_operand
      ERROR_ern_lane_bins_SX_and_W_must_be_from_2_to_17 u_error ();
    end
    if (ACC < SX + W + 1 || ACC > 48) begin : g_bad_acc
      ERROR_ern_lane_bins_ACC_must_be_from_SX_plus_W_plus_1_to_48 u_error ();
    end

    for (j = 0; j < 2; j = j + 1) begin : g_real
      ern_lane_product #(.A(SX), .B(W), .ACC(ACC)) u_product (
          .clk(clk), .clear_i(clear_q3), .a_i(x_i[j*SX+:SX]), .b_i(w_i[j*W+:W]), .acc_o(acc_o[j*ACC+:ACC])
      );
    end

    // Signed words and sums are extended.
    // verilator lint_off WIDTH
    for (j = 1; j < K / 2; j = j + 1) begin : g_pair
      localparam AT = 2 * SX + (j - 1) * XPAIR;
      wire signed [SX-1:0] xa = x_i[AT+:SX];
      wire signed [SX-1:0] xb = x_i[AT+XPAIR-2*SX+:SX];
      wire signed [SX-1:0] xi = x_i[AT+XPAIR-SX+:SX];
      wire signed [W-1:0] wr = w_i[2*j*W+:W];
      wire signed [W-1:0] wi = w_i[(2*j+1)*W+:W];
      wire is_complex;
      if (MIXED != 0) begin : g_flag
        assign is_complex = w_i[K*W+j-1];
      end else begin : g_always
        assign is_complex = 1'b1;
      end
      wire signed [W-1:0] pr = wr & {W{is_complex}};
      wire signed [W-1:0] pi = wi & {W{is_complex}};
      wire signed [OPERAND:0] first = xa - pi;
      wire signed [OPERAND:0] second = xb + pr;
      reg signed [ADDEND-1:0] xi_q, wr_q, wi_q;
      always @(posedge clk) begin
        xi_q <= xi;
        wr_q <= wr;
        wi_q <= wi;
      end
      ern_presum_product #(.A(ADDEND), .B(OPERAND + 1), .ACC(ACC), .GATED(1)) u_re (
          .clk(clk), .clear_i(clear_q3), .idle_i(idle_q2), .a_i(xi_q), .d_i(wr_q), .b_i(first),
          .acc_o(acc_o[2*j*ACC+:ACC])
      );
      ern_presum_product #(.A(ADDEND), .B(OPERAND + 1), .ACC(ACC), .GATED(1)) u_im (
          .clk(clk), .clear_i(clear_q3), .idle_i(idle_q2), .a_i(xi_q), .d_i(wi_q), .b_i(second),
          .acc_o(acc_o[(2*j+1)*ACC+:ACC])
      );
    end
    // verilator lint_on WIDTH
  endgenerate
endmodule

`default_nettype wire
