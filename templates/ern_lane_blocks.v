// ern_lane_blocks: two K-word lanes of circulant block products, by Winograd's inner product over both blocks.
//
// Purpose:    As two ern_lane with one row and neighbouring columns, whose sums are added: each sum has terms x w + x' w', which
//             are (x' + w) (x + w') less x x' and w w' (S. Winograd, A new algorithm for inner product, IEEE Transactions on
//             Computers C-17, 1968): 3 K / 2 - 1 products for two blocks. The sums of x x', which all rows of the array share,
//             and of w w', constants of a row, are taken away by ern_correction.
//             clear_i, with the operands, starts new sums with this product. idle_i: a cycle without a product; its
//             operands are 0, but weights stand beside them.
// Bundles:    as in ern_lane, the first block's in the lower half of x_i and w_i. acc_o: A0, C0, then A, B, C (ACC each).
// Parameters: K, words, a power of two, 2..64; SX, bits of a spectrum word, and W, bits of a weight, <= 16;
//             ACC, bits of an accumulator <= 48.
// Latency:    4 cycles (operands and the first factor's sum, the second factor's in the pre-adder, product, sum).
// Rounding:   none.
// Overflow:   modulo 2^ACC, which holds the corrected sums of complex bins.
//
// Every product is one DSP48: its pre-adder makes the second factor's sum, a row of LUTs the first one's.
`default_nettype none

module ern_lane_blocks #(
    parameter K   = 8,
    parameter SX  = 16,
    parameter W   = 12,
    parameter ACC = 36,
    // Derived, not to be set.
    parameter XB = 2*SX+(K/2-1)*(3*SX+1),
    parameter WB = K*W+K/2-1
) (
    input  wire                       clk,
    input  wire                       clear_i,
    input  wire                       idle_i,
    input  wire [         2*XB-1:0] x_i,
    input  wire [         2*WB-1:0] w_i,
    output wire [(3*K/2-1)*ACC-1:0] acc_o
);
  localparam XPAIR = 3 * SX + 1;
  localparam WPAIR = 2 * W + 1;
  localparam REAL = ((SX > W) ? SX : W) + 1;            // bits of the first factors: of two real bins,
  localparam SUM = ((SX + 1 > W) ? SX + 1 : W) + 1;     // xs' + u,
  localparam PART = ((SX > W + 1) ? SX : W + 1) + 1;    // xi' + p and xr' + v
`ifdef ERN_NO_PREADDER
  localparam ADDEND = (SX > W) ? SX + 1 : W + 1;
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
    if (K < 2 || K > 64 || (K & (K - 1)) != 0) begin : g_bad_k
      ERROR_ern_lane_blocks_K_must_be_a_power_of_two_from_2_to_64 u_error ();
    end
    if (SX > 16 || W > 16 || SX < 2 || W < 2) begin : g_bad_operand
      ERROR_ern_lane_blocks_SX_and_W_must_be_from_2_to_16 u_error ();
    end
    if (ACC < SX + W + 1 || ACC > 48) begin : g_bad_acc
      ERROR_ern_lane_blocks_ACC_must_be_from_SX_plus_W_plus_1_to_48 u_error ();
    end

    // Signed words and sums are extended.
    // verilator lint_off WIDTH
    for (j = 0; j < 2; j = j + 1) begin : g_real
      wire signed [SX-1:0] x = x_i[j*SX+:SX];
      wire signed [SX-1:0] x2 = x_i[XB+j*SX+:SX];
      wire signed [W-1:0] w = w_i[j*W+:W];
      wire signed [W-1:0] w2 = w_i[WB+j*W+:W];
      wire signed [REAL-1:0] first = x2 + w;
      reg signed [ADDEND-1:0] x_q, w_q;
      always @(posedge clk) begin
        x_q <= x;
        w_q <= w2;
      end
      ern_presum_product #(.A(ADDEND), .B(REAL), .ACC(ACC), .GATED(1)) u_product (
          .clk(clk), .clear_i(clear_q3), .idle_i(idle_q2), .a_i(x_q), .d_i(w_q), .b_i(first), .acc_o(acc_o[j*ACC+:ACC])
      );
    end

    for (j = 1; j < K / 2; j = j + 1) begin : g_pair
      localparam XAT = 2 * SX + (j - 1) * XPAIR;
      localparam WAT = 2 * W + (j - 1) * WPAIR;
      localparam AT = (2 + 3 * (j - 1)) * ACC;
      wire signed [SX:0] xs = x_i[XAT+:SX+1];
      wire signed [SX-1:0] xr = x_i[XAT+SX+1+:SX];
      wire signed [SX-1:0] xi = x_i[XAT+2*SX+1+:SX];
      wire signed [SX:0] xs2 = x_i[XB+XAT+:SX+1];
      wire signed [SX-1:0] xr2 = x_i[XB+XAT+SX+1+:SX];
      wire signed [SX-1:0] xi2 = x_i[XB+XAT+2*SX+1+:SX];
      wire signed [W-1:0] u = w_i[WAT+:W];
      wire signed [W:0] v = w_i[WAT+W+:W+1];
      wire signed [W-1:0] u2 = w_i[WB+WAT+:W];
      wire signed [W:0] v2 = w_i[WB+WAT+W+:W+1];
      // p = v + 2 u: wi + wr of a complex bin; of two real ones, whose xi is 0, nothing that is used
      wire signed [W:0] p = v + {u, 1'b0};
      wire signed [W:0] p2 = v2 + {u2, 1'b0};
      wire signed [SUM-1:0] first_a = xs2 + u;
      wire signed [PART-1:0] first_c = xr2 + v;
      reg signed [ADDEND-1:0] xs_q, xr_q, xi_q, u_q, v_q, p_q;
      reg signed [SX-1:0] xi2_q;
      reg signed [W:0] p1_q;
      wire signed [PART-1:0] first_b = xi2_q + p1_q;
      always @(posedge clk) begin
        xs_q <= xs;
        xr_q <= xr;
        xi_q <= xi;
        u_q <= u2;
        v_q <= v2;
        p_q <= p2;
        xi2_q <= xi2;
        p1_q <= p;
      end
      ern_presum_product #(.A(ADDEND), .B(SUM), .ACC(ACC), .GATED(1)) u_a (
          .clk(clk), .clear_i(clear_q3), .idle_i(idle_q2), .a_i(xs_q), .d_i(u_q), .b_i(first_a), .acc_o(acc_o[AT+:ACC])
      );
      ern_presum_product #(.A(ADDEND), .B(PART), .ACC(ACC), .GATED(1), .LATE(1)) u_b (
          .clk(clk), .clear_i(clear_q3), .idle_i(idle_q2), .a_i(xi_q), .d_i(p_q), .b_i(first_b), .acc_o(acc_o[AT+ACC+:ACC])
      );
      ern_presum_product #(.A(ADDEND), .B(PART), .ACC(ACC), .GATED(1)) u_c (
          .clk(clk), .clear_i(clear_q3), .idle_i(idle_q2), .a_i(xr_q), .d_i(v_q), .b_i(first_c),
          .acc_o(acc_o[AT+2*ACC+:ACC])
      );
    end
    // verilator lint_on WIDTH
  endgenerate
endmodule

`default_nettype wire
