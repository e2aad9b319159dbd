// erngen_accelerator_lane: one K-word lane of circulant block products, accumulated in the DSPs.
//
// Purpose:    Multiplies a column's prepared spectrum (erngen_accelerator_column) by a block's weights and adds the products to
//             the lane's accumulators, one block product a cycle. Pair 0 is two real bins: A += w0 x0, C += w1 x1.
//             A pair j >= 1 holds (xs, xr, xi) and (u, v): A += u xs, B += xi (v + 2 u), C += xr v. For a
//             complex bin xs = xr + xi, u = wr, v = wi - wr, and re = A - B, im = A + C after the readout
//             (erngen_accelerator_recombine); two real bins are xs = x0, xr = x1, xi = 0, u = w0, v = w1.
//             clear_i, with the operands, starts new sums with this product. There is no enable: a cycle without
//             a product has xs = xr = xi = 0 and clear_i = 0.
// Bundles:    from the low bits up. x_i: x0, x1 (SX each), then for j = 1..K/2-1: xs (SX + 1), xr, xi (SX each).
//             w_i: w0, w1 (W each), then u (W), v (W + 1). acc_o: A0, C0, then A, B, C (ACC each).
// Parameters: K, words, a power of two, 2..64; SX, bits of a spectrum word, <= 18; W, bits of a weight, <= 18;
//             ACC, bits of an accumulator, SX + W + 2 + ceil(log2 terms) <= 48; CYCLES, 4 or 2.
// Latency:    4 cycles (operand, pre-adder or second operand register, product, sum), or 2 (product, sum): acc_o holds the sum that
//             includes the operands of so many cycles ago.
// Rounding:   none.
// Overflow:   none when ACC is as above. The exact sums A, B, C have at most SX + W + ceil(log2 terms) + 1 bits.
//
// Every product with its registers, pre-adder and accumulator is one DSP48. Two forms matter to the inference:
// `p <= (clear ? 0 : p) + m`, and `ad <= a + b` with a and b extended to 24 bits and ad to 25.
`default_nettype none

module erngen_accelerator_lane #(
    parameter K   = 8,
    parameter SX  = 16,
    parameter W   = 12,
    parameter ACC = 36,
    parameter CYCLES = 4
) (
    input  wire                                clk,
    input  wire                                clear_i,
    input  wire [2*SX+(K/2-1)*(3*SX+1)-1:0] x_i,
    input  wire [        K*W+K/2-1-1:0]        w_i,
    output wire [    (3*K/2-1)*ACC-1:0]        acc_o
);
  localparam XPAIR = 3 * SX + 1;
  localparam WPAIR = 2 * W + 1;

  reg clear_q, clear_q2, clear_q3;
  always @(posedge clk) begin
    clear_q  <= clear_i;
    clear_q2 <= clear_q;
    clear_q3 <= clear_q2;
  end
  wire clear = (CYCLES == 2) ? clear_q : clear_q3;  // with the product

  genvar j;
  generate
    if (K < 2 || K > 64 || (K & (K - 1)) != 0) begin : g_bad_k
      ERROR_ern_lane_K_must_be_a_power_of_two_from_2_to_64 u_error ();
    end
    if (SX > 18 || W > 18 || SX < 2 || W < 2) begin : g_bad_operand
      ERROR_ern_lane_SX_and_W_must_be_from_2_to_18 u_error ();
    end
    if (ACC < SX + W + 2 || ACC > 48) begin : g_bad_acc
      ERROR_ern_lane_ACC_must_be_from_SX_plus_W_plus_2_to_48 u_error ();
    end

    if (CYCLES != 2 && CYCLES != 4) begin : g_bad_cycles
      ERROR_ern_lane_CYCLES_must_be_2_or_4 u_error ();
    end

    erngen_accelerator_lane_product #(.A(SX), .B(W), .ACC(ACC), .CYCLES(CYCLES)) u_a0 (
        .clk(clk), .clear_i(clear), .a_i(x_i[0+:SX]), .b_i(w_i[0+:W]), .acc_o(acc_o[0+:ACC])
    );
    erngen_accelerator_lane_product #(.A(SX), .B(W), .ACC(ACC), .CYCLES(CYCLES)) u_c0 (
        .clk(clk), .clear_i(clear), .a_i(x_i[SX+:SX]), .b_i(w_i[W+:W]), .acc_o(acc_o[ACC+:ACC])
    );

    for (j = 1; j < K / 2; j = j + 1) begin : g_pair
      wire [SX:0] xs = x_i[2*SX+(j-1)*XPAIR+:SX+1];
      wire [SX-1:0] xr = x_i[2*SX+(j-1)*XPAIR+SX+1+:SX];
      wire [SX-1:0] xi = x_i[2*SX+(j-1)*XPAIR+2*SX+1+:SX];
      wire [W-1:0] u = w_i[2*W+(j-1)*WPAIR+:W];
      wire [W:0] v = w_i[2*W+(j-1)*WPAIR+W+:W+1];
      localparam AT = (2 + 3 * (j - 1)) * ACC;
      erngen_accelerator_lane_product #(.A(SX + 1), .B(W), .ACC(ACC), .CYCLES(CYCLES)) u_a (
          .clk(clk), .clear_i(clear), .a_i(xs), .b_i(u), .acc_o(acc_o[AT+:ACC])
      );
      erngen_accelerator_lane_presum #(.A(W + 1), .B(SX), .ACC(ACC), .CYCLES(CYCLES)) u_b (
          .clk(clk), .clear_i(clear), .a_i(v), .d_i({u, 1'b0}), .b_i(xi), .acc_o(acc_o[AT+ACC+:ACC])
      );
      erngen_accelerator_lane_product #(.A(W + 1), .B(SX), .ACC(ACC), .CYCLES(CYCLES)) u_c (
          .clk(clk), .clear_i(clear), .a_i(v), .b_i(xr), .acc_o(acc_o[AT+2*ACC+:ACC])
      );
    end
  endgenerate
endmodule

`default_nettype wire
