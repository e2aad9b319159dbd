// ern_cell_lstm_shared: the element-wise part of an LSTM for tiles that do not come every cycle.
//
// Purpose:    K / FOLDING elements take the K cells of a tile one part after the other (ern_fold), with a FOLDING-th of the multipliers and
//             activation units. With FOLDING = 1 it is ern_cell_lstm.
// Parameters: FOLDING, a power of two that divides K; all others as in ern_cell_lstm.
// Latency:    that of ern_cell_lstm, and FOLDING cycles if FOLDING > 1; a tile may follow another after FOLDING cycles.
// Rounding:   as ern_cell_lstm.
// Overflow:   as ern_cell_lstm.
`default_nettype none

module ern_cell_lstm_shared #(
    parameter         K             = 8,
    parameter         FOLDING       = 2,
    parameter         A             = 12,
    parameter         G             = 12,
    parameter         P             = 14,
    parameter         F_P           = 10,
    parameter         ZW            = 26,
    parameter         F_T           = 15,
    parameter         CW            = 16,
    parameter         F_C           = 11,
    parameter         W             = 12,
    parameter         F_Q           = 10,
    parameter         SHIFTS        = 1,
    parameter [8*SHIFTS-1:0] SHIFT_LIST = {SHIFTS{8'd11}},
    parameter         PEEPHOLE      = 1,
    parameter         OPEN          = 0,
    parameter [2*SHIFTS-1:0] CANDIDATES = {SHIFTS{2'd1}},
    parameter [(G+OPEN)*SHIFTS-1:0] CANDIDATE_LOWS = {SHIFTS{1'b1, {(G + OPEN - 1) {1'b0}}}},
    parameter [(G+OPEN)*SHIFTS-1:0] CANDIDATE_HIGHS = {SHIFTS{1'b0, {(G + OPEN - 1) {1'b1}}}},
    parameter [2*SHIFTS-1:0] OUTPUTS = {SHIFTS{2'd1}},
    parameter [(G+OPEN)*SHIFTS-1:0] OUTPUT_LOWS = {SHIFTS{1'b1, {(G + OPEN - 1) {1'b0}}}},
    parameter [(G+OPEN)*SHIFTS-1:0] OUTPUT_HIGHS = {SHIFTS{1'b0, {(G + OPEN - 1) {1'b1}}}},
    parameter         ACT_LATENCY   = 3,
    parameter         ACT_DSP       = 0,
    parameter         PRODUCT_DSP   = 1,
    parameter [319:0] SIGMOID       = 320'd0,
    parameter         SIGMOID_IMAGE = "",
    parameter [319:0] TANH          = 320'd0,
    parameter         TANH_IMAGE    = "",
    parameter         TAG_WIDTH     = 8,
    // Derived, not to be set.
    parameter         SELECT_BITS   = SHIFTS > 1 ? $clog2(SHIFTS) : 1
) (
    input  wire                 clk,
    input  wire                 rst_i,
    input  wire                 valid_i,
    input  wire [TAG_WIDTH-1:0] tag_i,
    input  wire [        K-1:0] keep_i,     // 0: the element of m is 0 (beyond the vector's length)
    input  wire [SELECT_BITS-1:0] select_i, // number of m's shift
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
  localparam KS = K / FOLDING;

  wire part_valid;
  wire part_last;
  wire [TAG_WIDTH-1:0] part_tag;
  wire [SELECT_BITS-1:0] part_select;
  ern_fold #(.FOLDING(FOLDING), .TAG_WIDTH(SELECT_BITS + TAG_WIDTH)) u_fold (
      .clk(clk), .rst_i(rst_i), .valid_i(valid_i), .tag_i({select_i, tag_i}), .valid_o(part_valid), .last_o(part_last),
      .tag_o({part_select, part_tag})
  );

  wire [KS-1:0] keep;
  wire [KS*ZW-1:0] z_i;
  wire [KS*ZW-1:0] z_f;
  wire [KS*ZW-1:0] z_g;
  wire [KS*ZW-1:0] z_o;
  wire [KS*CW-1:0] c_prev;
  wire [KS*W-1:0] p_i;
  wire [KS*W-1:0] p_f;
  wire [KS*W-1:0] p_o;
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(1)) u_keep (.clk(clk), .valid_i(valid_i), .data_i(keep_i), .part_o(keep));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_i (.clk(clk), .valid_i(valid_i), .data_i(z_i_i), .part_o(z_i));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_f (.clk(clk), .valid_i(valid_i), .data_i(z_f_i), .part_o(z_f));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_g (.clk(clk), .valid_i(valid_i), .data_i(z_g_i), .part_o(z_g));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_o (.clk(clk), .valid_i(valid_i), .data_i(z_o_i), .part_o(z_o));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(CW)) u_c_prev (.clk(clk), .valid_i(valid_i), .data_i(c_prev_i), .part_o(c_prev));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(W)) u_p_i (.clk(clk), .valid_i(valid_i), .data_i(p_i_i), .part_o(p_i));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(W)) u_p_f (.clk(clk), .valid_i(valid_i), .data_i(p_f_i), .part_o(p_f));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(W)) u_p_o (.clk(clk), .valid_i(valid_i), .data_i(p_o_i), .part_o(p_o));

  wire c_valid;
  wire c_last;
  wire [KS*CW-1:0] c_part;
  wire m_valid;
  wire m_last;
  wire [KS*A-1:0] m_part;
  ern_cell_lstm #(
      .K(KS), .A(A), .G(G), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .CW(CW), .F_C(F_C), .W(W), .F_Q(F_Q), .SHIFTS(SHIFTS),
      .SHIFT_LIST(SHIFT_LIST), .PEEPHOLE(PEEPHOLE), .OPEN(OPEN), .CANDIDATES(CANDIDATES), .CANDIDATE_LOWS(CANDIDATE_LOWS),
      .CANDIDATE_HIGHS(CANDIDATE_HIGHS), .OUTPUTS(OUTPUTS), .OUTPUT_LOWS(OUTPUT_LOWS), .OUTPUT_HIGHS(OUTPUT_HIGHS), .ACT_LATENCY(ACT_LATENCY),
      .ACT_DSP(ACT_DSP),
      .PRODUCT_DSP(PRODUCT_DSP), .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .TAG_WIDTH(TAG_WIDTH + 1)
  ) u_cell (
      .clk(clk), .rst_i(rst_i), .valid_i(part_valid), .tag_i({part_last, part_tag}), .keep_i(keep), .select_i(part_select), .z_i_i(z_i), .z_f_i(z_f),
      .z_g_i(z_g), .z_o_i(z_o), .c_prev_i(c_prev), .p_i_i(p_i), .p_f_i(p_f), .p_o_i(p_o), .c_valid_o(c_valid),
      .c_tag_o({c_last, c_tag_o}), .c_o(c_part), .valid_o(m_valid), .tag_o({m_last, tag_o}), .m_o(m_part)
  );
  ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(CW)) u_c (.clk(clk), .valid_i(c_valid), .part_i(c_part), .data_o(c_o));
  ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(A)) u_m (.clk(clk), .valid_i(m_valid), .part_i(m_part), .data_o(m_o));
  assign c_valid_o = c_valid && c_last;
  assign valid_o = m_valid && m_last;
endmodule

`default_nettype wire
