// ern_cell_lstm_shared: the element-wise part of an LSTM for units that do not come every cycle.
//
// Purpose:    A unit whose gates leave the array in TURNS beats has TURNS cycles for its K cells: K / TURNS elements take
//             them in turns, with a TURNS-th of the multipliers and activation units. With TURNS = 1 it is ern_cell_lstm.
// Parameters: TURNS, a power of two that divides K; all others as in ern_cell_lstm.
// Latency:    that of ern_cell_lstm, and TURNS cycles if TURNS > 1; a unit may follow another after TURNS cycles.
// Rounding:   as ern_cell_lstm.
// Overflow:   as ern_cell_lstm.
`default_nettype none

module ern_cell_lstm_shared #(
    parameter         K             = 8,
    parameter         TURNS         = 2,
    parameter         A             = 12,
    parameter         P             = 14,
    parameter         F_P           = 10,
    parameter         ZW            = 26,
    parameter         F_T           = 15,
    parameter         CW            = 16,
    parameter         F_C           = 11,
    parameter         W             = 12,
    parameter         F_Q           = 10,
    parameter         PEEPHOLE      = 1,
    parameter         CANDIDATE     = 1,
    parameter         ACT_LATENCY   = 3,
    parameter         ACT_DSP       = 0,
    parameter [319:0] SIGMOID       = {32'd0, 32'd2047, 32'd4, 32'd6, 32'd6, 32'd15, 32'd6, 32'd13, 32'd1, 32'd0},
    parameter         SIGMOID_IMAGE = "",
    parameter [319:0] TANH          = {-32'd2047, 32'd2047, 32'd2, 32'd4, 32'd6, 32'd13, 32'd7, 32'd12, 32'd1, 32'd1},
    parameter         TANH_IMAGE    = "",
    parameter         TAG_WIDTH     = 8
) (
    input  wire                 clk,
    input  wire                 rst_i,
    input  wire                 valid_i,
    input  wire [TAG_WIDTH-1:0] tag_i,
    input  wire [        K-1:0] keep_i,     // 0: the element of m is 0 (beyond the vector's length)
    input  wire [     K*ZW-1:0] z_i_i,
    input  wire [     K*ZW-1:0] z_f_i,
    input  wire [     K*ZW-1:0] z_g_i,
    input  wire [     K*ZW-1:0] z_o_i,
    input  wire [     K*CW-1:0] c_prev_i,   // with z
    input  wire [      K*W-1:0] p_i_i,      // with z
    input  wire [      K*W-1:0] p_f_i,
    input  wire [      K*W-1:0] p_o_i,
    output wire                 c_valid_o,
    output wire [TAG_WIDTH-1:0] c_tag_o,
    output wire [     K*CW-1:0] c_o,
    output wire                 valid_o,
    output wire [TAG_WIDTH-1:0] tag_o,
    output wire [      K*A-1:0] m_o
);
  localparam KS = K / TURNS;
  localparam TURN_BITS = (TURNS > 1) ? $clog2(TURNS) : 1;
  localparam [31:0] LAST = TURNS - 1;

  generate
    if (TURNS == 1) begin : g_all
      ern_cell_lstm #(
          .K(K), .A(A), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .CW(CW), .F_C(F_C), .W(W), .F_Q(F_Q), .PEEPHOLE(PEEPHOLE),
          .CANDIDATE(CANDIDATE), .ACT_LATENCY(ACT_LATENCY), .ACT_DSP(ACT_DSP), .SIGMOID(SIGMOID),
          .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .TAG_WIDTH(TAG_WIDTH)
      ) u_cell (
          .clk(clk), .rst_i(rst_i), .valid_i(valid_i), .tag_i(tag_i), .keep_i(keep_i), .z_i_i(z_i_i), .z_f_i(z_f_i),
          .z_g_i(z_g_i), .z_o_i(z_o_i), .c_prev_i(c_prev_i), .p_i_i(p_i_i), .p_f_i(p_f_i), .p_o_i(p_o_i),
          .c_valid_o(c_valid_o), .c_tag_o(c_tag_o), .c_o(c_o), .valid_o(valid_o), .tag_o(tag_o), .m_o(m_o)
      );
    end else begin : g_turns
      // --- the unit is held and moves down by KS cells a turn
      reg busy_q;
      reg [TURN_BITS-1:0] turn_q;
      reg [TAG_WIDTH-1:0] tag_q;
      reg [K-1:0] keep_q;
      reg [K*ZW-1:0] z_i_q;
      reg [K*ZW-1:0] z_f_q;
      reg [K*ZW-1:0] z_g_q;
      reg [K*ZW-1:0] z_o_q;
      reg [K*CW-1:0] c_q;
      reg [K*W-1:0] p_i_q;
      reg [K*W-1:0] p_f_q;
      reg [K*W-1:0] p_o_q;
      wire last = turn_q == LAST[TURN_BITS-1:0];
      always @(posedge clk) begin
        busy_q <= !rst_i && (valid_i || (busy_q && !last));
        turn_q <= valid_i ? {TURN_BITS{1'b0}} : turn_q + 1'b1;
        if (valid_i) tag_q <= tag_i;
        keep_q <= valid_i ? keep_i : keep_q >> KS;
        z_i_q <= valid_i ? z_i_i : z_i_q >> (KS * ZW);
        z_f_q <= valid_i ? z_f_i : z_f_q >> (KS * ZW);
        z_g_q <= valid_i ? z_g_i : z_g_q >> (KS * ZW);
        z_o_q <= valid_i ? z_o_i : z_o_q >> (KS * ZW);
        c_q <= valid_i ? c_prev_i : c_q >> (KS * CW);
        p_i_q <= valid_i ? p_i_i : p_i_q >> (KS * W);
        p_f_q <= valid_i ? p_f_i : p_f_q >> (KS * W);
        p_o_q <= valid_i ? p_o_i : p_o_q >> (KS * W);
      end

      wire c_valid;
      wire c_last;
      wire [KS*CW-1:0] c_part;
      wire m_valid;
      wire m_last;
      wire [KS*A-1:0] m_part;
      ern_cell_lstm #(
          .K(KS), .A(A), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .CW(CW), .F_C(F_C), .W(W), .F_Q(F_Q), .PEEPHOLE(PEEPHOLE),
          .CANDIDATE(CANDIDATE), .ACT_LATENCY(ACT_LATENCY), .ACT_DSP(ACT_DSP), .SIGMOID(SIGMOID),
          .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .TAG_WIDTH(TAG_WIDTH + 1)
      ) u_cell (
          .clk(clk), .rst_i(rst_i), .valid_i(busy_q), .tag_i({last, tag_q}), .keep_i(keep_q[KS-1:0]),
          .z_i_i(z_i_q[KS*ZW-1:0]), .z_f_i(z_f_q[KS*ZW-1:0]), .z_g_i(z_g_q[KS*ZW-1:0]), .z_o_i(z_o_q[KS*ZW-1:0]),
          .c_prev_i(c_q[KS*CW-1:0]), .p_i_i(p_i_q[KS*W-1:0]), .p_f_i(p_f_q[KS*W-1:0]), .p_o_i(p_o_q[KS*W-1:0]),
          .c_valid_o(c_valid), .c_tag_o({c_last, c_tag_o}), .c_o(c_part), .valid_o(m_valid), .tag_o({m_last, tag_o}),
          .m_o(m_part)
      );

      // --- the parts gather; the last one completes the unit
      reg [(TURNS-1)*KS*CW-1:0] c_parts_q;
      reg [(TURNS-1)*KS*A-1:0] m_parts_q;
      assign c_o = {c_part, c_parts_q};
      assign m_o = {m_part, m_parts_q};
      assign c_valid_o = c_valid && c_last;
      assign valid_o = m_valid && m_last;
      always @(posedge clk) begin
        if (c_valid) c_parts_q <= c_o[K*CW-1:KS*CW];
        if (m_valid) m_parts_q <= m_o[K*A-1:KS*A];
      end
    end
  endgenerate
endmodule

`default_nettype wire
