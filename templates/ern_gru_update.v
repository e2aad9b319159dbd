// ern_gru_update: H = n' + q (H' - n'), the end of both GRU variants, and h, what matrices read of H, for one element.
//
// Purpose:    n' = n 2^(HW-G-OPEN) is the candidate at the state's fraction. H is the same integer as q H' + n' (2^(G-1) - q) without
//             its last G - 1 bits, of which the first product and the factor of the second are ready before n: two DSP blocks, but
//             only 2 cycles after the candidate. The second product has the weight 2^(HW-G-OPEN): what lies below it in the first
//             one passes by the adder.
//             h = saturate(round_shift(H, s), A): the half of that rounding is in the sum too, so that h is a slice of it, and
//             H is the sum less the half.
// Parameters: A width of h; G width of q and n (fraction G - 1); OPEN further bits of n and of the state before the point; HW width of
//             the state (fraction HW - 1 - OPEN), G + OPEN <= HW <= 25;
//             SHIFTS >= 1 and SHIFT_LIST, that many 8-bit shifts s, from 0 to HW - A, number 0 in the lowest bits; WAIT >= 2,
//             cycles by which q_i and state_i precede n_i; PRODUCT_DSP, SUMS as in ern_multiply_add.
// Latency:    1 + SUMS cycles from n_i and keep_i.
// Rounding:   half up, twice.
// Overflow:   none in H, which lies between n' and H'; h saturates.
`default_nettype none

module ern_gru_update #(
    parameter                     A           = 12,
    parameter                     G           = 12,
    parameter                     OPEN        = 0,
    parameter                     HW          = 16,
    parameter                     SHIFTS = 1,
    parameter [8*SHIFTS-1:0] SHIFT_LIST      = {SHIFTS{8'd4}},
    parameter                     WAIT        = 3,
    parameter                     PRODUCT_DSP = 1,
    parameter                     SUMS        = 1,
    // Derived, not to be set.
    parameter                     SELECT_BITS = SHIFTS > 1 ? $clog2(SHIFTS) : 1
) (
    input  wire                          clk,
    input  wire signed [          G-1:0] q_i,            // update gate, 0 <= q
    input  wire signed [         HW-1:0] state_i,        // H'
    input  wire        [SELECT_BITS-1:0] half_select_i,  // number of the shift, 2 cycles after q_i
    input  wire signed [     G+OPEN-1:0] n_i,            // WAIT cycles after q_i
    input  wire                          keep_i,         // with n_i; 0: h is 0
    input  wire        [SELECT_BITS-1:0] select_i,       // number of the shift, with h_o
    output wire        [         HW-1:0] state_o,        // H; means nothing where h is kept 0
    output wire        [          A-1:0] h_o
);
  localparam NW   = G + OPEN;                     // width of n
  localparam FINE = HW - NW;                      // bits of the state below the candidate's
  localparam CUT  = FINE < G - 1 ? FINE : G - 1;  // bits of q H' that nothing follows from

  generate
    if (WAIT < 2) begin : g_bad_wait
      ERROR_ern_gru_update_WAIT_must_be_at_least_2 u_error ();
    end
    if (HW < NW || HW < A) begin : g_bad_state
      ERROR_ern_gru_update_HW_must_be_at_least_G_plus_OPEN_and_A u_error ();
    end
  endgenerate

  // q H' with the halves of both roundings; due one cycle after n.
  reg signed [G-1:0] q_q;
  reg signed [HW-1:0] state_q;
  always @(posedge clk) begin
    q_q     <= q_i;
    state_q <= state_i;
  end
  wire [HW+G-1:0] output_half;
  wire [HW+G-1:0] halves = output_half | {{HW{1'b0}}, 2'b01, {(G - 2) {1'b0}}};
  ern_round_half #(.SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .WIDTH(HW + G), .AT(G - 1)) u_output_half (
      .select_i(half_select_i), .half_o(output_half)
  );
  wire signed [HW+G-1:0] kept_early;
  wire [HW+G-1-CUT:0] kept;
  ern_multiply_add #(
      .PRODUCT_DSP(PRODUCT_DSP), .A_WIDTH(HW), .B_WIDTH(G), .C_WIDTH(HW + G), .P_WIDTH(HW + G)
  ) u_kept (.clk(clk), .a_i(state_q), .b_i(q_q), .c_i(halves), .zero_i(1'b0), .p_o(kept_early));
  ern_delay #(.WIDTH(HW + G - CUT), .DEPTH(WAIT - 2)) u_kept_delay (
      .clk(clk), .data_i(kept_early[HW+G-1:CUT]), .data_o(kept)
  );

  // 2^(G-1) - q, in 1 .. 2^(G-1).
  wire signed [G-1:0] q_late;
  reg signed [G:0] rest_q;
  ern_delay #(.WIDTH(G), .DEPTH(WAIT - 1)) u_q_delay (.clk(clk), .data_i(q_i), .data_o(q_late));
  always @(posedge clk) rest_q <= {2'b01, {(G - 1) {1'b0}}} - {q_late[G-1], q_late};

  reg keep_q;
  always @(posedge clk) keep_q <= keep_i;

  wire signed [G+NW:0] sum;
  ern_multiply_add #(
      .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .A_WIDTH(G + 1), .B_WIDTH(NW), .C_WIDTH(G + NW), .P_WIDTH(G + NW + 1)
  ) u_h (.clk(clk), .a_i(rest_q), .b_i(n_i), .c_i(kept[HW+G-1-CUT-:G+NW]), .zero_i(~keep_q), .p_o(sum));

  // H and the half of h's rounding.
  wire signed [HW:0] rounded;
  generate
    if (FINE < G) begin : g_coarse
      assign rounded = sum[G-1-FINE+:HW+1];
    end else begin : g_fine
      wire [FINE-G:0] below;
      if (SUMS == 0) begin : g_below_at_once
        assign below = keep_q ? kept[FINE-G:0] : {(FINE - G + 1) {1'b0}};
      end else begin : g_below_register
        reg [(FINE - G + 1)-1:0] below_q;
        always @(posedge clk) below_q <= keep_q ? kept[FINE-G:0] : {(FINE - G + 1) {1'b0}};
        assign below = below_q;
      end
      assign rounded = {sum[G+NW-1:0], below};
    end
  endgenerate

  generate
    if (HW == A) begin : g_same
      assign state_o = rounded[HW-1:0];
      assign h_o = rounded[A-1:0];
      wire unused_ok = &{1'b0, select_i, rounded};
    end else begin : g_rounded
      localparam [HW:0] ONLY_HALF = SHIFT_LIST[7:0] == 8'd0 ? {(HW + 1) {1'b0}} : {{HW{1'b0}}, 1'b1} << (SHIFT_LIST[7:0] - 8'd1);
      wire [HW:0] chosen_half;
      wire [HW:0] half = SHIFTS == 1 ? ONLY_HALF : chosen_half;
      wire [HW:0] exact = rounded - half;
      assign state_o = exact[HW-1:0];
      ern_round_half #(.SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .WIDTH(HW + 1)) u_half (
          .select_i(select_i), .half_o(chosen_half)
      );
      ern_shift_saturate #(.IN_WIDTH(HW + 1), .OUT_WIDTH(A), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST)) u_output (
          .select_i(select_i), .x_i(rounded), .y_o(h_o)
      );
      wire unused_ok = &{1'b0, exact, chosen_half};
    end
  endgenerate
  wire unused_ok = &{1'b0, sum, kept_early};
endmodule

`default_nettype wire
