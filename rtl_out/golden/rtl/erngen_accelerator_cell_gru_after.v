// erngen_accelerator_cell_gru_after: the element-wise part of a GRU with reset after the product, K cells side by side.
//
// Purpose:    r = sigmoid(z_r), q = sigmoid(z_z), n = tanh(z_nx + r v), H = n + q (H' - n) and h, which is H rounded, where v is
//             z_nh = U_n h' + b_hn in V bits; integers as in docs/reference/arithmetic.md ("Cells"). One tile a cycle, never
//             stalls; the tag is opaque and comes out with its result.
// Parameters: K cells; FOLDING, a power of two that divides K: K / FOLDING elements take the cells of a tile one part after the
//             other (erngen_accelerator_fold), and a tile may follow another after FOLDING cycles.
//             A width of h (>= 4), G of gates and candidates, HW of the state H, P and F_P width and fraction of an
//             activation unit's input, ZW and F_T width and fraction of z, V and F_V of v. required: F_T >= F_P,
//             A <= G <= HW. SHIFTS, SHIFT_LIST: how many and which shifts bring H to h, HW - 1 - f_h. ACT_LATENCY 2 to 4,
//             ACT_DSP: LATENCY and DSP of erngen_accelerator_activation. SIGMOID, TANH: UNIT of erngen_accelerator_activation_bank; SIGMOID_IMAGE,
//             TANH_IMAGE: their memory images. TAG_WIDTH >= 1; PRODUCT_DSP as in erngen_accelerator_multiply_add; SUMS 0: no registers behind sums.
//             OPEN: candidates have G + OPEN bits, from -2^OPEN to 2^OPEN. CANDIDATES, _LOWS, _HIGHS: KINDS, LOWS and HIGHS
//             of erngen_accelerator_cell_function for each of the SHIFTS.
// Latency:    2 ACT_LATENCY + 2 + 3 SUMS cycles (src/units/cell.hpp); FOLDING cycles more if FOLDING > 1.
// Rounding:   half up.
// Overflow:   v, arguments of activations and h saturate; H cannot overflow.
`default_nettype none

module erngen_accelerator_cell_gru_after #(
    parameter         WRITABLE      = 0,
    parameter         K             = 8,
    parameter         FOLDING       = 1,
    parameter         A             = 12,
    parameter         G             = 12,
    parameter         HW            = 12,
    parameter         P             = 14,
    parameter         F_P           = 10,
    parameter         ZW            = 26,
    parameter         F_T           = 15,
    parameter         V             = 18,
    parameter         F_V           = 12,
    parameter         SHIFTS        = 1,
    parameter [8*SHIFTS-1:0] SHIFT_LIST = {SHIFTS{8'd0}},
    parameter         OPEN          = 0,
    parameter [2*SHIFTS-1:0] CANDIDATES = {SHIFTS{2'd1}},
    parameter [(G+OPEN)*SHIFTS-1:0] CANDIDATE_LOWS = {SHIFTS{1'b1, {(G + OPEN - 1) {1'b0}}}},
    parameter [(G+OPEN)*SHIFTS-1:0] CANDIDATE_HIGHS = {SHIFTS{1'b0, {(G + OPEN - 1) {1'b1}}}},
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
    input  wire [         57:0] table_i,   // see erngen_accelerator_activation
    input  wire                 rst_i,
    input  wire                 valid_i,
    input  wire [TAG_WIDTH-1:0] tag_i,
    input  wire [        K-1:0] keep_i,    // 0: the element of h is 0 (beyond the vector's length)
    input  wire [SELECT_BITS-1:0] select_i, // number of h's shift
    input  wire [     K*ZW-1:0] z_r_i,
    input  wire [     K*ZW-1:0] z_z_i,
    input  wire [     K*ZW-1:0] z_nx_i,
    input  wire [     K*ZW-1:0] z_nh_i,
    input  wire [     K*HW-1:0] state_i,   // H', with z
    output wire                 valid_o,
    output wire [TAG_WIDTH-1:0] tag_o,
    output wire [     K*HW-1:0] state_o,   // means nothing where h is kept 0
    output wire [      K*A-1:0] h_o
);
  // --- the parts of a tile
  localparam KS = K / FOLDING;

  wire part_valid;
  wire part_last;
  wire [TAG_WIDTH-1:0] part_tag;
  wire [SELECT_BITS-1:0] part_select;
  erngen_accelerator_fold #(.FOLDING(FOLDING), .TAG_WIDTH(SELECT_BITS + TAG_WIDTH)) u_fold (
      .clk(clk), .rst_i(rst_i), .valid_i(valid_i), .tag_i({select_i, tag_i}), .valid_o(part_valid), .last_o(part_last),
      .tag_o({part_select, part_tag})
  );
  wire [KS-1:0] part_keep;
  wire [KS*ZW-1:0] part_z_r;
  wire [KS*ZW-1:0] part_z_z;
  wire [KS*ZW-1:0] part_z_nx;
  wire [KS*ZW-1:0] part_z_nh;
  wire [KS*HW-1:0] part_state;
  erngen_accelerator_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(1)) u_part_keep (.clk(clk), .valid_i(valid_i), .data_i(keep_i), .part_o(part_keep));
  erngen_accelerator_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_r (.clk(clk), .valid_i(valid_i), .data_i(z_r_i), .part_o(part_z_r));
  erngen_accelerator_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_z (.clk(clk), .valid_i(valid_i), .data_i(z_z_i), .part_o(part_z_z));
  erngen_accelerator_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_nx (.clk(clk), .valid_i(valid_i), .data_i(z_nx_i), .part_o(part_z_nx));
  erngen_accelerator_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_nh (.clk(clk), .valid_i(valid_i), .data_i(z_nh_i), .part_o(part_z_nh));
  erngen_accelerator_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(HW)) u_part_state (.clk(clk), .valid_i(valid_i), .data_i(state_i), .part_o(part_state));

  wire h_valid;
  wire h_last;
  wire [KS*HW-1:0] state_part;
  wire [KS*A-1:0] h_part;

  // --- their elements
  localparam R         = F_T - F_P;
  localparam E         = G - 1 + F_V - F_T;  // bits that the product r v drops
  localparam ACTIVATED = ACT_LATENCY + SUMS;    // cycle of r and q
  localparam CANDIDATE = ACTIVATED + 1 + SUMS + ACT_LATENCY;  // cycle of n
  localparam LATENCY   = CANDIDATE + 1 + SUMS;
  localparam Z_WIDTH   = ZW + 1 - R > P ? ZW + 1 - R : P;
  // Width of the candidate's argument; see erngen_accelerator_preactivation.
  localparam PRODUCT_WIDTH = V + G + (E < 0 ? -E : 0);
  localparam SUMMAND_WIDTH = ZW + 1 + (E > 0 ? E : 0);
  localparam X_SUM     = (PRODUCT_WIDTH > SUMMAND_WIDTH ? PRODUCT_WIDTH : SUMMAND_WIDTH) + 1;
  localparam X_NATURAL = X_SUM - (E > 0 ? E : 0) - R;
  localparam X_WIDTH   = X_NATURAL > P ? X_NATURAL : P;

  generate
    if (F_T < F_P) begin : g_bad_sum
      ERROR_ern_cell_gru_after_F_T_must_be_at_least_F_P u_error ();
    end
  endgenerate

  erngen_accelerator_valid_delay #(.WIDTH(1), .DEPTH(LATENCY)) u_valid (.clk(clk), .rst_i(rst_i), .data_i(part_valid), .data_o(h_valid));
  erngen_accelerator_delay #(.WIDTH(TAG_WIDTH + 1), .DEPTH(LATENCY)) u_tag (.clk(clk), .data_i({part_last, part_tag}), .data_o({h_last, tag_o}));
  wire [KS-1:0] keep;
  erngen_accelerator_delay #(.WIDTH(KS), .DEPTH(CANDIDATE)) u_keep (.clk(clk), .data_i(part_keep), .data_o(keep));

  // The number of the shift when the half is added and the slice taken; one shift needs none.
  localparam SELECT_WAIT = SHIFTS > 1 ? 1 : 0;
  wire [SELECT_BITS-1:0] half_select, select, candidate_select;
  erngen_accelerator_delay #(.WIDTH(SELECT_BITS), .DEPTH(SELECT_WAIT * (CANDIDATE - ACT_LATENCY))) u_candidate_select (
      .clk(clk), .data_i(part_select), .data_o(candidate_select)
  );
  erngen_accelerator_delay #(.WIDTH(SELECT_BITS), .DEPTH(SELECT_WAIT * (ACTIVATED + 2))) u_half_select (
      .clk(clk), .data_i(part_select), .data_o(half_select)
  );
  erngen_accelerator_delay #(.WIDTH(SELECT_BITS), .DEPTH(SELECT_WAIT * (LATENCY - ACTIVATED - 2))) u_select (
      .clk(clk), .data_i(half_select), .data_o(select)
  );

  genvar e;
  generate
    for (e = 0; e < KS; e = e + 1) begin : g_element
      wire signed [Z_WIDTH-1:0] x_r, x_z;
      wire signed [X_WIDTH-1:0] x_n;
      wire signed [G-1:0] r, q;
      wire signed [G+OPEN-1:0] n;
      wire signed [HW-1:0] state;
      wire signed [ZW-1:0] z_nx;
      wire signed [V-1:0] v, v_early;

      erngen_accelerator_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(0), .Z_WIDTH(ZW), .A_WIDTH(1), .B_WIDTH(1), .R(R), .X_WIDTH(Z_WIDTH)
      ) u_x_r (.clk(clk), .z_i(part_z_r[e*ZW+:ZW]), .a_i(1'b0), .b_i(1'b0), .x_o(x_r));
      erngen_accelerator_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(0), .Z_WIDTH(ZW), .A_WIDTH(1), .B_WIDTH(1), .R(R), .X_WIDTH(Z_WIDTH)
      ) u_x_z (.clk(clk), .z_i(part_z_z[e*ZW+:ZW]), .a_i(1'b0), .b_i(1'b0), .x_o(x_z));
      erngen_accelerator_activation_bank #(
          .N(1), .IN_WIDTH(Z_WIDTH), .OUT_WIDTH(G), .UNIT(SIGMOID), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY),
          .IMAGE(SIGMOID_IMAGE), .WRITABLE(WRITABLE)
      ) u_r (.clk(clk), .table_i(table_i), .x_i(x_r), .y_o(r));
      erngen_accelerator_activation_bank #(
          .N(1), .IN_WIDTH(Z_WIDTH), .OUT_WIDTH(G), .UNIT(SIGMOID), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY),
          .IMAGE(SIGMOID_IMAGE), .WRITABLE(WRITABLE)
      ) u_q (.clk(clk), .table_i(table_i), .x_i(x_z), .y_o(q));

      // v, 2 cycles, waits for r.
      erngen_accelerator_round_saturate #(
          .IN_WIDTH(ZW), .OUT_WIDTH(V), .SHIFT(F_T - F_V)
      ) u_v (.clk(clk), .z_i(part_z_nh[e*ZW+:ZW]), .y_o(v_early));
      erngen_accelerator_delay #(.WIDTH(V), .DEPTH(ACTIVATED - 2)) u_v_delay (.clk(clk), .data_i(v_early), .data_o(v));
      erngen_accelerator_delay #(.WIDTH(ZW), .DEPTH(ACTIVATED)) u_z_nx (.clk(clk), .data_i(part_z_nx[e*ZW+:ZW]), .data_o(z_nx));
      erngen_accelerator_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(1), .Z_WIDTH(ZW), .A_WIDTH(V), .B_WIDTH(G), .E(E), .R(R), .X_WIDTH(X_WIDTH)
      ) u_x_n (.clk(clk), .z_i(z_nx), .a_i(v), .b_i(r), .x_o(x_n));
      erngen_accelerator_cell_function #(
          .IN_WIDTH(X_WIDTH), .F_P(F_P), .G(G), .WIDTH(G + OPEN), .NUMBERS(SHIFTS), .KINDS(CANDIDATES), .LOWS(CANDIDATE_LOWS),
          .HIGHS(CANDIDATE_HIGHS), .ACT_LATENCY(ACT_LATENCY), .ACT_DSP(ACT_DSP), .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE),
          .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .WRITABLE(WRITABLE)
      ) u_n (.clk(clk), .table_i(table_i), .select_i(candidate_select), .x_i(x_n), .y_o(n));

      erngen_accelerator_delay #(.WIDTH(HW), .DEPTH(ACTIVATED)) u_state (.clk(clk), .data_i(part_state[e*HW+:HW]), .data_o(state));
      erngen_accelerator_gru_update #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .A(A), .G(G), .OPEN(OPEN), .HW(HW), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST),
          .WAIT(CANDIDATE - ACTIVATED)
      ) u_h (
          .clk(clk), .q_i(q), .state_i(state), .half_select_i(half_select), .n_i(n), .keep_i(keep[e]), .select_i(select),
          .state_o(state_part[e*HW+:HW]), .h_o(h_part[e*A+:A])
      );
    end
  endgenerate

  // --- the parts together
  erngen_accelerator_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(A)) u_h (.clk(clk), .valid_i(h_valid), .part_i(h_part), .data_o(h_o));
  generate
    if (HW == A) begin : g_same
      assign state_o = h_o;
      wire unused = &{1'b0, state_part};
    end else begin : g_finer
      erngen_accelerator_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(HW)) u_new_state (
          .clk(clk), .valid_i(h_valid), .part_i(state_part), .data_o(state_o)
      );
    end
  endgenerate
  assign valid_o = h_valid && h_last;
  wire unused_table = &{1'b0, table_i};
endmodule

`default_nettype wire
