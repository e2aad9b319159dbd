// ern_cell_gru_before: the element-wise part of a GRU with reset before the product, K cells side by side.
//
// Purpose:    Two independent pipelines, each takes one tile a cycle and never stalls.
//             Gates:  r = sigmoid(z_r), q = sigmoid(z_z), s = r H'. s feeds the candidate's recurrent matrix; the engine
//             keeps q and brings it back.
//             Output: n = tanh(z_n), H = n + q (H' - n), and h, which is H rounded.
//             Integers as in docs/reference/arithmetic.md ("Cells"). Tags are opaque and come out with their results.
// Parameters: K cells; FOLDING, a power of two that divides K: K / FOLDING elements take the cells of a tile one part after the
//             other (ern_fold), and a tile may follow another after FOLDING cycles.
//             A width of s and h (>= 4), G of gates and candidates, HW of the state H, P and F_P width and fraction of
//             an activation unit's input, ZW and F_T width and fraction of z. required: F_T >= F_P, A <= G <= HW.
//             RESET_SHIFTS, RESET_SHIFT_LIST: how many and which shifts bring r H' to s, G - 1 + HW - 1 - f_s; SHIFTS,
//             SHIFT_LIST: those from H to h, HW - 1 - f_h. ACT_LATENCY 2 to 4, ACT_DSP: LATENCY and DSP of ern_activation.
//             SIGMOID, TANH: UNIT of ern_activation_bank; SIGMOID_IMAGE, TANH_IMAGE: their memory images. TAG_WIDTH >= 1;
//             PRODUCT_DSP as in ern_multiply_add; SUMS 0: no registers behind sums.
//             OPEN: candidates have G + OPEN bits, from -2^OPEN to 2^OPEN. CANDIDATES, _LOWS, _HIGHS: KINDS, LOWS and HIGHS
//             of ern_cell_function for each of the SHIFTS.
// Latency:    ACT_LATENCY + 1 + 2 SUMS cycles, both pipelines (src/units/cell.hpp); FOLDING cycles more if FOLDING > 1.
// Rounding:   half up.
// Overflow:   arguments of activations, s and h saturate; H cannot overflow.
`default_nettype none

module ern_cell_gru_before #(
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
    parameter         RESET_SHIFTS  = 1,
    parameter [8*RESET_SHIFTS-1:0] RESET_SHIFT_LIST = {RESET_SHIFTS{8'd11}},
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
    parameter         RESET_BITS    = RESET_SHIFTS > 1 ? $clog2(RESET_SHIFTS) : 1,
    parameter         SELECT_BITS   = SHIFTS > 1 ? $clog2(SHIFTS) : 1
) (
    input  wire                 clk,
    input  wire [         57:0] table_i,   // see ern_activation
    input  wire                 rst_i,
    // gates
    input  wire                 gates_valid_i,
    input  wire [TAG_WIDTH-1:0] gates_tag_i,
    input  wire [        K-1:0] gates_keep_i,    // 0: the element of s is 0 (beyond the vector's length)
    input  wire [RESET_BITS-1:0] gates_select_i, // number of s's shift
    input  wire [     K*ZW-1:0] z_r_i,
    input  wire [     K*ZW-1:0] z_z_i,
    input  wire [     K*HW-1:0] gates_state_i,   // H', with z
    output wire                 gates_valid_o,
    output wire [TAG_WIDTH-1:0] gates_tag_o,
    output wire [      K*A-1:0] s_o,
    output wire [      K*G-1:0] q_o,
    // output
    input  wire                 output_valid_i,
    input  wire [TAG_WIDTH-1:0] output_tag_i,
    input  wire [        K-1:0] output_keep_i,   // 0: the element of h is 0
    input  wire [SELECT_BITS-1:0] output_select_i, // number of h's shift
    input  wire [     K*ZW-1:0] z_n_i,
    input  wire [      K*G-1:0] q_i,             // with z_n
    input  wire [     K*HW-1:0] output_state_i,  // H', with z_n
    output wire                 output_valid_o,
    output wire [TAG_WIDTH-1:0] output_tag_o,
    output wire [     K*HW-1:0] state_o,         // means nothing where h is kept 0
    output wire [      K*A-1:0] h_o
);
  // --- the parts of a tile
  localparam KS = K / FOLDING;

  // --- gates
  wire gates_part_valid;
  wire gates_part_last;
  wire [TAG_WIDTH-1:0] gates_part_tag;
  wire [RESET_BITS-1:0] gates_select;
  ern_fold #(.FOLDING(FOLDING), .TAG_WIDTH(RESET_BITS + TAG_WIDTH)) u_gates_fold (
      .clk(clk), .rst_i(rst_i), .valid_i(gates_valid_i), .tag_i({gates_select_i, gates_tag_i}), .valid_o(gates_part_valid),
      .last_o(gates_part_last), .tag_o({gates_select, gates_part_tag})
  );
  wire [KS-1:0] part_gates_keep;
  wire [KS*ZW-1:0] part_z_r;
  wire [KS*ZW-1:0] part_z_z;
  wire [KS*HW-1:0] part_gates_state;
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(1)) u_part_gates_keep (
      .clk(clk), .valid_i(gates_valid_i), .data_i(gates_keep_i), .part_o(part_gates_keep)
  );
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_r (.clk(clk), .valid_i(gates_valid_i), .data_i(z_r_i), .part_o(part_z_r));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_z (.clk(clk), .valid_i(gates_valid_i), .data_i(z_z_i), .part_o(part_z_z));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(HW)) u_part_gates_state (
      .clk(clk), .valid_i(gates_valid_i), .data_i(gates_state_i), .part_o(part_gates_state)
  );

  // --- output
  wire output_part_valid;
  wire output_part_last;
  wire [TAG_WIDTH-1:0] output_part_tag;
  wire [SELECT_BITS-1:0] output_select;
  ern_fold #(.FOLDING(FOLDING), .TAG_WIDTH(SELECT_BITS + TAG_WIDTH)) u_output_fold (
      .clk(clk), .rst_i(rst_i), .valid_i(output_valid_i), .tag_i({output_select_i, output_tag_i}), .valid_o(output_part_valid),
      .last_o(output_part_last), .tag_o({output_select, output_part_tag})
  );
  wire [KS-1:0] part_output_keep;
  wire [KS*ZW-1:0] part_z_n;
  wire [KS*G-1:0] part_q;
  wire [KS*HW-1:0] part_output_state;
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(1)) u_part_output_keep (
      .clk(clk), .valid_i(output_valid_i), .data_i(output_keep_i), .part_o(part_output_keep)
  );
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_part_z_n (.clk(clk), .valid_i(output_valid_i), .data_i(z_n_i), .part_o(part_z_n));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(G)) u_part_q (.clk(clk), .valid_i(output_valid_i), .data_i(q_i), .part_o(part_q));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(HW)) u_part_output_state (
      .clk(clk), .valid_i(output_valid_i), .data_i(output_state_i), .part_o(part_output_state)
  );

  wire gates_valid;
  wire gates_last;
  wire [KS*A-1:0] s_part;
  wire [KS*G-1:0] q_part;
  wire output_valid;
  wire output_last;
  wire [KS*HW-1:0] state_part;
  wire [KS*A-1:0] h_part;

  // --- their elements
  localparam R           = F_T - F_P;
  localparam X_WIDTH     = ZW + 1 - R > P ? ZW + 1 - R : P;
  localparam ACTIVATED   = ACT_LATENCY + SUMS;  // cycle of r, q and n
  localparam LATENCY     = ACTIVATED + 1 + SUMS;
  // Whether s may leave A bits: at the fraction A - 1 it is at most 2^(A-1) (1 - 2^(1-G)) (1 - 2^(1-HW)), rounded.
  localparam SATURATE    = RESET_SHIFTS > 1 || {24'd0, RESET_SHIFT_LIST[7:0]} != G + HW - A - 1 || G > A + 1 || OPEN > 0 ? 1 : 0;

  generate
    if (F_T < F_P) begin : g_bad_sum
      ERROR_ern_cell_gru_before_F_T_must_be_at_least_F_P u_error ();
    end
  endgenerate

  ern_valid_delay #(.WIDTH(1), .DEPTH(LATENCY)) u_gates_valid (
      .clk(clk), .rst_i(rst_i), .data_i(gates_part_valid), .data_o(gates_valid)
  );
  ern_delay #(.WIDTH(TAG_WIDTH + 1), .DEPTH(LATENCY)) u_gates_tag (
      .clk(clk), .data_i({gates_part_last, gates_part_tag}), .data_o({gates_last, gates_tag_o})
  );
  ern_valid_delay #(.WIDTH(1), .DEPTH(LATENCY)) u_output_valid (
      .clk(clk), .rst_i(rst_i), .data_i(output_part_valid), .data_o(output_valid)
  );
  ern_delay #(.WIDTH(TAG_WIDTH + 1), .DEPTH(LATENCY)) u_output_tag (
      .clk(clk), .data_i({output_part_last, output_part_tag}), .data_o({output_last, output_tag_o})
  );

  wire [KS-1:0] gates_keep, output_keep;
  ern_delay #(.WIDTH(KS), .DEPTH(ACTIVATED + 1)) u_gates_keep (.clk(clk), .data_i(part_gates_keep), .data_o(gates_keep));
  ern_delay #(.WIDTH(KS), .DEPTH(ACTIVATED)) u_output_keep (.clk(clk), .data_i(part_output_keep), .data_o(output_keep));

  // The numbers of the shifts when halves are added and slices taken; one shift needs none.
  localparam RESET_WAIT = RESET_SHIFTS > 1 ? 1 : 0;
  localparam SELECT_WAIT = SHIFTS > 1 ? 1 : 0;
  wire [RESET_BITS-1:0] reset_half_select, reset_select;
  wire [SELECT_BITS-1:0] half_select, select, candidate_select;
  ern_delay #(.WIDTH(SELECT_BITS), .DEPTH(SELECT_WAIT * SUMS)) u_candidate_select (
      .clk(clk), .data_i(output_select), .data_o(candidate_select)
  );
  ern_delay #(.WIDTH(RESET_BITS), .DEPTH(RESET_WAIT * (ACTIVATED + 1))) u_reset_half_select (
      .clk(clk), .data_i(gates_select), .data_o(reset_half_select)
  );
  ern_delay #(.WIDTH(RESET_BITS), .DEPTH(RESET_WAIT * SUMS)) u_reset_select (
      .clk(clk), .data_i(reset_half_select), .data_o(reset_select)
  );
  ern_delay #(.WIDTH(SELECT_BITS), .DEPTH(SELECT_WAIT * 2)) u_half_select (
      .clk(clk), .data_i(output_select), .data_o(half_select)
  );
  ern_delay #(.WIDTH(SELECT_BITS), .DEPTH(SELECT_WAIT * (LATENCY - 2))) u_select (
      .clk(clk), .data_i(half_select), .data_o(select)
  );
  wire [G+HW-1:0] reset_half;
  ern_round_half #(.SHIFTS(RESET_SHIFTS), .SHIFT_LIST(RESET_SHIFT_LIST), .WIDTH(G + HW)) u_reset_half (
      .select_i(reset_half_select), .half_o(reset_half)
  );

  genvar e;
  generate
    for (e = 0; e < KS; e = e + 1) begin : g_element
      // --- gates ---------------------------------------------------------------
      wire signed [X_WIDTH-1:0] x_r, x_z;
      wire signed [G-1:0] r, q;
      wire signed [HW-1:0] state;
      wire signed [G+HW-1:0] s;
      ern_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(0), .Z_WIDTH(ZW), .A_WIDTH(1), .B_WIDTH(1), .R(R), .X_WIDTH(X_WIDTH)
      ) u_x_r (.clk(clk), .z_i(part_z_r[e*ZW+:ZW]), .a_i(1'b0), .b_i(1'b0), .x_o(x_r));
      ern_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(0), .Z_WIDTH(ZW), .A_WIDTH(1), .B_WIDTH(1), .R(R), .X_WIDTH(X_WIDTH)
      ) u_x_z (.clk(clk), .z_i(part_z_z[e*ZW+:ZW]), .a_i(1'b0), .b_i(1'b0), .x_o(x_z));
      ern_activation_bank #(
          .N(1), .IN_WIDTH(X_WIDTH), .OUT_WIDTH(G), .UNIT(SIGMOID), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY),
          .IMAGE(SIGMOID_IMAGE), .WRITABLE(WRITABLE)
      ) u_r (.clk(clk), .table_i(table_i), .x_i(x_r), .y_o(r));
      ern_activation_bank #(
          .N(1), .IN_WIDTH(X_WIDTH), .OUT_WIDTH(G), .UNIT(SIGMOID), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY),
          .IMAGE(SIGMOID_IMAGE), .WRITABLE(WRITABLE)
      ) u_q (.clk(clk), .table_i(table_i), .x_i(x_z), .y_o(q));
      ern_delay #(.WIDTH(HW), .DEPTH(ACTIVATED)) u_state (
          .clk(clk), .data_i(part_gates_state[e*HW+:HW]), .data_o(state)
      );
      ern_multiply_add #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .A_WIDTH(HW), .B_WIDTH(G), .C_WIDTH(G + HW), .P_WIDTH(G + HW)
      ) u_s (
          .clk(clk), .a_i(state), .b_i(r), .c_i(reset_half), .zero_i(~gates_keep[e]), .p_o(s)
      );
      ern_shift_saturate #(
          .IN_WIDTH(G + HW), .OUT_WIDTH(A), .SHIFTS(RESET_SHIFTS), .SHIFT_LIST(RESET_SHIFT_LIST), .SATURATE(SATURATE)
      ) u_s_output (.select_i(reset_select), .x_i(s), .y_o(s_part[e*A+:A]));
      ern_delay #(.WIDTH(G), .DEPTH(LATENCY - ACTIVATED)) u_q_delay (.clk(clk), .data_i(q), .data_o(q_part[e*G+:G]));

      // --- output --------------------------------------------------------------
      wire signed [X_WIDTH-1:0] x_n;
      wire signed [G+OPEN-1:0] n;
      ern_preactivation #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .PRODUCT(0), .Z_WIDTH(ZW), .A_WIDTH(1), .B_WIDTH(1), .R(R), .X_WIDTH(X_WIDTH)
      ) u_x_n (.clk(clk), .z_i(part_z_n[e*ZW+:ZW]), .a_i(1'b0), .b_i(1'b0), .x_o(x_n));
      ern_cell_function #(
          .IN_WIDTH(X_WIDTH), .F_P(F_P), .G(G), .WIDTH(G + OPEN), .NUMBERS(SHIFTS), .KINDS(CANDIDATES), .LOWS(CANDIDATE_LOWS),
          .HIGHS(CANDIDATE_HIGHS), .ACT_LATENCY(ACT_LATENCY), .ACT_DSP(ACT_DSP), .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE),
          .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .WRITABLE(WRITABLE)
      ) u_n (.clk(clk), .table_i(table_i), .select_i(candidate_select), .x_i(x_n), .y_o(n));
      ern_gru_update #(
          .PRODUCT_DSP(PRODUCT_DSP), .SUMS(SUMS), .A(A), .G(G), .OPEN(OPEN), .HW(HW), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .WAIT(ACTIVATED)
      ) u_h (
          .clk(clk), .q_i(part_q[e*G+:G]), .state_i(part_output_state[e*HW+:HW]), .half_select_i(half_select), .n_i(n),
          .keep_i(output_keep[e]), .select_i(select), .state_o(state_part[e*HW+:HW]), .h_o(h_part[e*A+:A])
      );
    end
  endgenerate

  // --- the parts together
  ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(A)) u_s (.clk(clk), .valid_i(gates_valid), .part_i(s_part), .data_o(s_o));
  ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(G)) u_q_new (.clk(clk), .valid_i(gates_valid), .part_i(q_part), .data_o(q_o));
  ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(A)) u_h (.clk(clk), .valid_i(output_valid), .part_i(h_part), .data_o(h_o));
  generate
    if (HW == A) begin : g_same
      assign state_o = h_o;
      wire unused = &{1'b0, state_part};
    end else begin : g_finer
      ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(HW)) u_new_state (
          .clk(clk), .valid_i(output_valid), .part_i(state_part), .data_o(state_o)
      );
    end
  endgenerate
  assign gates_valid_o = gates_valid && gates_last;
  assign output_valid_o = output_valid && output_last;
  wire unused_table = &{1'b0, table_i};
endmodule

`default_nettype wire
