// ern_cell_lstm: the element-wise part of an LSTM, K cells side by side, one tile a cycle.
//
// Purpose:    From the gate sums z and the cell state c(t-1) to c(t) and m(t); see ern_lstm_element. Fully pipelined, never
//             stalls; the tag is opaque and comes out with the results it went in with.
// Parameters: K cells; FOLDING, a power of two that divides K: K / FOLDING elements take the cells of a tile one part after the
//             other (ern_fold), and a tile may follow another after FOLDING cycles.
//             A width of m (>= 4), G of gates and tanh values, P and F_P width and fraction of an activation unit's
//             input, ZW and F_T of z, CW and F_C of c, W and F_Q of the peephole weights. required: A <= G, F_C >= G - 1,
//             F_T >= F_P. SHIFTS, SHIFT_LIST: how many and which shifts bring o tanh(c) to m, 2 (G - 1) - f_m.
//             PEEPHOLE 0 removes the peepholes (p_*_i are then not used).
//             OPEN: candidates and functions of c have G + OPEN bits, from -2^OPEN to 2^OPEN. CANDIDATES, OUTPUTS, _LOWS, _HIGHS: KINDS,
//             LOWS and HIGHS of ern_cell_function for each of the SHIFTS.
//             ACT_LATENCY 2 to 4, ACT_DSP: LATENCY and DSP of ern_activation. SIGMOID, TANH: UNIT of ern_activation_bank;
//             SIGMOID_IMAGE, TANH_IMAGE: their memory images. TAG_WIDTH >= 1; PRODUCT_DSP as in
//             ern_multiply_add; SUMS 0: no registers behind sums.
// Latency:    from valid_i to c_valid_o: ACT_LATENCY + (PEEPHOLE ? 4 : 2) + 2 SUMS cycles; to valid_o: 2 ACT_LATENCY +
//             (PEEPHOLE ? 6 + 4 SUMS : 3 + 3 SUMS)
//             (src/units/cell.hpp); FOLDING cycles more if FOLDING > 1.
// Rounding:   half up (docs/reference/arithmetic.md, "Cells").
// Overflow:   arguments of activations, c and m saturate.
`default_nettype none

module ern_cell_lstm #(
    parameter         WRITABLE      = 0,
    parameter         K             = 8,
    parameter         FOLDING       = 1,
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
    parameter         SUMS          = 1,
    // Derived, not to be set.
    parameter         SELECT_BITS   = SHIFTS > 1 ? $clog2(SHIFTS) : 1
) (
    input  wire                 clk,
    input  wire [         57:0] table_i,   // see ern_activation
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
  // --- the parts of a tile
  localparam KS = K / FOLDING;

  wire part_valid;
  wire part_last;
  wire [TAG_WIDTH-1:0] part_tag;
  wire [SELECT_BITS-1:0] part_select;
  ern_fold #(.FOLDING(FOLDING), .TAG_WIDTH(SELECT_BITS + TAG_WIDTH)) u_fold (
      .clk(clk), .rst_i(rst_i), .valid_i(valid_i), .tag_i({select_i, tag_i}), .valid_o(part_valid), .last_o(part_last),
      .tag_o({part_select, part_tag})
  );

  wire [KS-1:0] part_keep;
  wire [KS*ZW-1:0] part_z_i;
  wire [KS*ZW-1:0] part_z_f;
  wire [KS*ZW-1:0] part_z_g;
  wire [KS*ZW-1:0] part_z_o;
  wire [KS*CW-1:0] part_c_prev;
  wire [KS*W-1:0] part_p_i;
  wire [KS*W-1:0] part_p_f;
  wire [KS*W-1:0] part_p_o;
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(1)) u_part_keep (.clk(clk), .valid_i(valid_i), .data_i(keep_i), .part_o(part_keep));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_i (.clk(clk), .valid_i(valid_i), .data_i(z_i_i), .part_o(part_z_i));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_f (.clk(clk), .valid_i(valid_i), .data_i(z_f_i), .part_o(part_z_f));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_g (.clk(clk), .valid_i(valid_i), .data_i(z_g_i), .part_o(part_z_g));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_o (.clk(clk), .valid_i(valid_i), .data_i(z_o_i), .part_o(part_z_o));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(CW)) u_part_c_prev (.clk(clk), .valid_i(valid_i), .data_i(c_prev_i), .part_o(part_c_prev));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(W)) u_part_p_i (.clk(clk), .valid_i(valid_i), .data_i(p_i_i), .part_o(part_p_i));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(W)) u_part_p_f (.clk(clk), .valid_i(valid_i), .data_i(p_f_i), .part_o(part_p_f));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(W)) u_part_p_o (.clk(clk), .valid_i(valid_i), .data_i(p_o_i), .part_o(part_p_o));

  wire c_valid;
  wire c_last;
  wire [KS*CW-1:0] c_part;
  wire m_valid;
  wire m_last;
  wire [KS*A-1:0] m_part;

  // --- their elements
  localparam CELL_LATENCY  = ACT_LATENCY + (PEEPHOLE == 1 ? 4 : 2) + 2 * SUMS;
  localparam AFTER_LATENCY = ACT_LATENCY + (PEEPHOLE == 1 ? 2 + 2 * SUMS : 1 + SUMS);

  generate
    if (F_C < G - 1) begin : g_bad_fraction
      ERROR_ern_cell_lstm_F_C_must_be_at_least_G_minus_1 u_error ();
    end
    if (F_T < F_P) begin : g_bad_sum
      ERROR_ern_cell_lstm_F_T_must_be_at_least_F_P u_error ();
    end
  endgenerate

  ern_valid_delay #(.WIDTH(1), .DEPTH(CELL_LATENCY)) u_c_valid (
      .clk(clk), .rst_i(rst_i), .data_i(part_valid), .data_o(c_valid)
  );
  ern_valid_delay #(.WIDTH(1), .DEPTH(AFTER_LATENCY)) u_valid (
      .clk(clk), .rst_i(rst_i), .data_i(c_valid), .data_o(m_valid)
  );
  ern_delay #(.WIDTH(TAG_WIDTH + 1), .DEPTH(CELL_LATENCY)) u_c_tag (.clk(clk), .data_i({part_last, part_tag}), .data_o({c_last, c_tag_o}));
  ern_delay #(.WIDTH(TAG_WIDTH + 1), .DEPTH(AFTER_LATENCY)) u_tag (.clk(clk), .data_i({c_last, c_tag_o}), .data_o({m_last, tag_o}));

  // The number of the shift when the half is added and the slice taken; one shift needs none.
  localparam SELECT_WAIT = SHIFTS > 1 ? 1 : 0;
  wire [SELECT_BITS-1:0] half_select, select, candidate_select, output_select;
  ern_delay #(.WIDTH(SELECT_BITS), .DEPTH(SELECT_WAIT * SUMS)) u_candidate_select (.clk(clk), .data_i(part_select), .data_o(candidate_select));
  ern_delay #(.WIDTH(SELECT_BITS), .DEPTH(SELECT_WAIT * CELL_LATENCY)) u_output_select (
      .clk(clk), .data_i(part_select), .data_o(output_select)
  );
  ern_delay #(.WIDTH(SELECT_BITS), .DEPTH(SELECT_WAIT * (CELL_LATENCY + AFTER_LATENCY - SUMS))) u_half_select (
      .clk(clk), .data_i(part_select), .data_o(half_select)
  );
  ern_delay #(.WIDTH(SELECT_BITS), .DEPTH(SELECT_WAIT * SUMS)) u_select (.clk(clk), .data_i(half_select), .data_o(select));

  genvar n;
  generate
    for (n = 0; n < KS; n = n + 1) begin : g_element
      ern_lstm_element #(
          .A(A), .G(G), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .CW(CW), .F_C(F_C), .W(W), .F_Q(F_Q), .SHIFTS(SHIFTS),
          .SHIFT_LIST(SHIFT_LIST),
          .PEEPHOLE(PEEPHOLE), .OPEN(OPEN), .CANDIDATES(CANDIDATES), .CANDIDATE_LOWS(CANDIDATE_LOWS), .CANDIDATE_HIGHS(CANDIDATE_HIGHS),
          .OUTPUTS(OUTPUTS), .OUTPUT_LOWS(OUTPUT_LOWS), .OUTPUT_HIGHS(OUTPUT_HIGHS), .ACT_LATENCY(ACT_LATENCY), .ACT_DSP(ACT_DSP),
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS),
          .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .WRITABLE(WRITABLE)
      ) u_element (
          .clk(clk), .table_i(table_i),
          .z_i_i(part_z_i[n*ZW+:ZW]),
          .z_f_i(part_z_f[n*ZW+:ZW]),
          .z_g_i(part_z_g[n*ZW+:ZW]),
          .z_o_i(part_z_o[n*ZW+:ZW]),
          .c_prev_i(part_c_prev[n*CW+:CW]),
          .p_i_i(part_p_i[n*W+:W]),
          .p_f_i(part_p_f[n*W+:W]),
          .p_o_i(part_p_o[n*W+:W]),
          .keep_i(part_keep[n]),
          .candidate_select_i(candidate_select),
          .output_select_i(output_select),
          .half_select_i(half_select),
          .select_i(select),
          .c_o(c_part[n*CW+:CW]),
          .m_o(m_part[n*A+:A])
      );
    end
  endgenerate

  // --- the parts together
  ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(CW)) u_c (.clk(clk), .valid_i(c_valid), .part_i(c_part), .data_o(c_o));
  ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(A)) u_m (.clk(clk), .valid_i(m_valid), .part_i(m_part), .data_o(m_o));
  assign c_valid_o = c_valid && c_last;
  assign valid_o = m_valid && m_last;
  wire unused_table = &{1'b0, table_i};
endmodule

`default_nettype wire
