// erngen_accelerator_preactivation: the argument of an activation, z or z plus a product, rounded to the unit's fraction.
//
// Purpose:    x = round_shift(z + round_shift(a * b, E), R), where z has R fraction bits more than x, and the product E
//             more than z. Since floor((floor(w / 2^E) + 2^(R-1)) / 2^R) = floor((w + 2^(R-1+E)) / 2^(E+R)), both
//             roundings are one sum: a b + (z + 2^(R-1)) 2^E + 2^(E-1), without its last E + R bits. For E <= 0 the
//             product is exact at z's fraction or coarser and is shifted instead.
// Parameters: PRODUCT, 0: a_i and b_i are not used. Z_WIDTH, A_WIDTH, B_WIDTH; E any; R >= 0; X_WIDTH, at least what the sum
//             needs, see X_NEEDED; the activation unit saturates; PRODUCT_DSP 0: the product in LUTs (erngen_accelerator_lut_product);
//             SUMS 0: no register behind the sum.
// Latency:    SUMS cycles with PRODUCT 0, else 1 + SUMS, from z_i, a_i and b_i alike.
// Rounding:   twice half up, in one sum.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_preactivation #(
    parameter PRODUCT = 1,
    parameter Z_WIDTH = 26,
    parameter A_WIDTH = 16,
    parameter B_WIDTH = 12,
    parameter E       = 6,
    parameter R       = 5,
    parameter X_WIDTH = 24,
    parameter PRODUCT_DSP = 1,
    parameter SUMS    = 1
) (
    input  wire                      clk,
    input  wire signed [Z_WIDTH-1:0] z_i,
    input  wire signed [A_WIDTH-1:0] a_i,
    input  wire signed [B_WIDTH-1:0] b_i,
    output wire signed [X_WIDTH-1:0] x_o
);
  // z + half needs one bit more than z.
  localparam HALF_WIDTH = Z_WIDTH + 1;
  localparam Z_SHIFT    = (PRODUCT == 1 && E > 0) ? E : 0;
  localparam P_SHIFT    = (PRODUCT == 1 && E < 0) ? -E : 0;
  localparam P_WIDTH    = A_WIDTH + B_WIDTH + P_SHIFT;
  localparam C_WIDTH    = HALF_WIDTH + Z_SHIFT;
  localparam SUM        = PRODUCT == 0 ? HALF_WIDTH : (P_WIDTH > C_WIDTH ? P_WIDTH : C_WIDTH) + 1;
  localparam X_NEEDED   = SUM - Z_SHIFT - R;

  generate
    if (X_WIDTH < X_NEEDED) begin : g_bad_width
      ERROR_ern_preactivation_X_WIDTH_is_too_small u_error ();
    end
    if (R < 0) begin : g_bad_shift
      ERROR_ern_preactivation_R_must_not_be_negative u_error ();
    end
  endgenerate

  wire signed [HALF_WIDTH-1:0] half = R > 0 ? {{(HALF_WIDTH - 1) {1'b0}}, 1'b1} <<< (R > 0 ? R - 1 : 0) : {HALF_WIDTH{1'b0}};
  wire signed [HALF_WIDTH-1:0] rounded;   // with the product
  generate
    if (PRODUCT == 0 && SUMS == 0) begin : g_rounded_at_once
      assign rounded = {z_i[Z_WIDTH-1], z_i} + half;
    end else begin : g_rounded_register
      reg signed [HALF_WIDTH-1:0] rounded_q;
      always @(posedge clk) rounded_q <= {z_i[Z_WIDTH-1], z_i} + half;
      assign rounded = rounded_q;
    end
  endgenerate

  wire signed [SUM-1:0] sum;
  assign x_o = {{(X_WIDTH - X_NEEDED) {sum[SUM-1]}}, sum[SUM-1:Z_SHIFT+R]};
  generate
    if (Z_SHIFT + R > 0) begin : g_fraction
      wire unused_ok = &{1'b0, sum[Z_SHIFT+R-1:0]};
    end
  endgenerate

  generate
    if (PRODUCT == 0) begin : g_plain
      assign sum = rounded;
      wire unused_ok = &{1'b0, a_i, b_i};
    end else begin : g_product
      reg signed  [A_WIDTH+B_WIDTH-1:0] product_q;
      wire signed [SUM-1:0]             product;
      wire signed [A_WIDTH+B_WIDTH-1:0] factors;
      if (PRODUCT_DSP != 0) begin : g_dsp
        assign factors = a_i * b_i;
      end else begin : g_lut
        erngen_accelerator_lut_product #(.A_WIDTH(A_WIDTH), .B_WIDTH(B_WIDTH)) u_product (.a_i(a_i), .b_i(b_i), .p_o(factors));
      end
      wire signed [SUM-1:0]             summand;
      assign product = {{(SUM - A_WIDTH - B_WIDTH - P_SHIFT) {product_q[A_WIDTH+B_WIDTH-1]}}, product_q, {P_SHIFT{1'b0}}};
      if (Z_SHIFT > 0) begin : g_fine
        assign summand = {{(SUM - C_WIDTH) {rounded[HALF_WIDTH-1]}}, rounded, 1'b1, {(Z_SHIFT - 1) {1'b0}}};
      end else begin : g_coarse
        assign summand = {{(SUM - C_WIDTH) {rounded[HALF_WIDTH-1]}}, rounded};
      end
      always @(posedge clk) product_q <= factors;
      if (SUMS == 0) begin : g_direct
        assign sum = product + summand;
      end else begin : g_register
        reg signed [SUM-1:0] sum_q;
        always @(posedge clk) sum_q <= product + summand;
        assign sum = sum_q;
      end
    end
  endgenerate
endmodule

`default_nettype wire
