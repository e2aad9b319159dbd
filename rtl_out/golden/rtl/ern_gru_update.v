// ern_gru_update: h = n + q (h' - n), the end of both GRU variants, for one element.
//
// Purpose:    The same integer as q h' + n (2^(A-1) - q), of which the first product and the factor of the second are ready
//             before n: two DSP blocks, but only 2 cycles after the candidate.
// Parameters: A, width of all values (fraction A - 1); WAIT >= 3, cycles by which q_i and h_prev_i precede n_i; PRODUCT_DSP as in ern_multiply_add.
// Latency:    2 cycles from n_i and keep_i.
// Rounding:   half up.
// Overflow:   none: h lies between n and h'.
`default_nettype none

module ern_gru_update #(
    parameter A    = 12,
    parameter WAIT = 3,
    parameter PRODUCT_DSP = 1
) (
    input  wire                clk,
    input  wire signed [A-1:0] q_i,       // update gate, 0 <= q
    input  wire signed [A-1:0] h_prev_i,
    input  wire signed [A-1:0] n_i,       // WAIT cycles later
    input  wire                keep_i,    // with n_i; 0: h is 0
    output wire signed [A-1:0] h_o
);
  generate
    if (WAIT < 3) begin : g_bad_wait
      ERROR_ern_gru_update_WAIT_must_be_at_least_3 u_error ();
    end
  endgenerate

  // q h' + 2^(A-2), the half included; due one cycle after n.
  reg signed [A-1:0] q_q, h_prev_q;
  always @(posedge clk) begin
    q_q      <= q_i;
    h_prev_q <= h_prev_i;
  end
  wire signed [2*A-1:0] kept_early, kept;
  ern_multiply_add #(
      .PRODUCT_DSP(PRODUCT_DSP), .A_WIDTH(A), .B_WIDTH(A), .C_WIDTH(A), .P_WIDTH(2 * A)
  ) u_kept (.clk(clk), .a_i(q_q), .b_i(h_prev_q), .c_i({2'b01, {(A - 2) {1'b0}}}), .zero_i(1'b0), .p_o(kept_early));
  ern_delay #(.WIDTH(2 * A), .DEPTH(WAIT - 2)) u_kept_delay (.clk(clk), .data_i(kept_early), .data_o(kept));

  // 2^(A-1) - q, in 1 .. 2^(A-1).
  wire signed [A-1:0] q_late;
  reg signed [A:0] rest_q;
  ern_delay #(.WIDTH(A), .DEPTH(WAIT - 1)) u_q_delay (.clk(clk), .data_i(q_i), .data_o(q_late));
  always @(posedge clk) rest_q <= {2'b01, {(A - 1) {1'b0}}} - {q_late[A-1], q_late};

  reg keep_q;
  always @(posedge clk) keep_q <= keep_i;

  wire signed [2*A:0] h;
  ern_multiply_add #(
      .PRODUCT_DSP(PRODUCT_DSP), .A_WIDTH(A + 1), .B_WIDTH(A), .C_WIDTH(2 * A), .P_WIDTH(2 * A + 1)
  ) u_h (.clk(clk), .a_i(rest_q), .b_i(n_i), .c_i(kept), .zero_i(~keep_q), .p_o(h));
  assign h_o = h[A-1+:A];
  wire unused_ok = &{1'b0, h[2*A:2*A-1], h[A-2:0]};
endmodule

`default_nettype wire
