// ern_cell_gru_before_shared: the element-wise part of a GRU with reset before the product, for tiles that do not come every cycle.
//
// Purpose:    K / FOLDING elements take the K cells of a tile one part after the other (ern_fold), with a FOLDING-th of the multipliers and
//             activation units. With FOLDING = 1 it is ern_cell_gru_before.
// Parameters: FOLDING, a power of two that divides K; all others as in ern_cell_gru_before.
// Latency:    that of ern_cell_gru_before, and FOLDING cycles if FOLDING > 1; a tile may follow another after FOLDING cycles.
// Rounding:   as ern_cell_gru_before.
// Overflow:   as ern_cell_gru_before.
`default_nettype none

module ern_cell_gru_before_shared #(
    parameter         K             = 8,
    parameter         FOLDING       = 2,
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
    // Derived, not to be set.
    parameter         RESET_BITS    = RESET_SHIFTS > 1 ? $clog2(RESET_SHIFTS) : 1,
    parameter         SELECT_BITS   = SHIFTS > 1 ? $clog2(SHIFTS) : 1
) (
    input  wire                 clk,
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
  wire [KS-1:0] gates_keep;
  wire [KS*ZW-1:0] z_r;
  wire [KS*ZW-1:0] z_z;
  wire [KS*HW-1:0] gates_state;
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(1)) u_gates_keep (.clk(clk), .valid_i(gates_valid_i), .data_i(gates_keep_i), .part_o(gates_keep));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_r (.clk(clk), .valid_i(gates_valid_i), .data_i(z_r_i), .part_o(z_r));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_z (.clk(clk), .valid_i(gates_valid_i), .data_i(z_z_i), .part_o(z_z));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(HW)) u_gates_state (
      .clk(clk), .valid_i(gates_valid_i), .data_i(gates_state_i), .part_o(gates_state)
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
  wire [KS-1:0] output_keep;
  wire [KS*ZW-1:0] z_n;
  wire [KS*G-1:0] q;
  wire [KS*HW-1:0] output_state;
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(1)) u_output_keep (
      .clk(clk), .valid_i(output_valid_i), .data_i(output_keep_i), .part_o(output_keep)
  );
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_n (.clk(clk), .valid_i(output_valid_i), .data_i(z_n_i), .part_o(z_n));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(G)) u_q (.clk(clk), .valid_i(output_valid_i), .data_i(q_i), .part_o(q));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(HW)) u_output_state (
      .clk(clk), .valid_i(output_valid_i), .data_i(output_state_i), .part_o(output_state)
  );

  wire gates_valid;
  wire gates_last;
  wire [KS*A-1:0] s_part;
  wire [KS*G-1:0] q_part;
  wire output_valid;
  wire output_last;
  wire [KS*HW-1:0] state_part;
  wire [KS*A-1:0] h_part;
  ern_cell_gru_before #(
      .K(KS), .A(A), .G(G), .HW(HW), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .RESET_SHIFTS(RESET_SHIFTS),
      .RESET_SHIFT_LIST(RESET_SHIFT_LIST), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .OPEN(OPEN), .CANDIDATES(CANDIDATES),
      .CANDIDATE_LOWS(CANDIDATE_LOWS), .CANDIDATE_HIGHS(CANDIDATE_HIGHS), .ACT_LATENCY(ACT_LATENCY),
      .ACT_DSP(ACT_DSP), .PRODUCT_DSP(PRODUCT_DSP), .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH),
      .TANH_IMAGE(TANH_IMAGE), .TAG_WIDTH(TAG_WIDTH + 1)
  ) u_cell (
      .clk(clk), .rst_i(rst_i), .gates_valid_i(gates_part_valid), .gates_tag_i({gates_part_last, gates_part_tag}),
      .gates_keep_i(gates_keep), .gates_select_i(gates_select), .z_r_i(z_r), .z_z_i(z_z), .gates_state_i(gates_state),
      .gates_valid_o(gates_valid), .gates_tag_o({gates_last, gates_tag_o}), .s_o(s_part), .q_o(q_part),
      .output_valid_i(output_part_valid), .output_tag_i({output_part_last, output_part_tag}), .output_keep_i(output_keep),
      .output_select_i(output_select), .z_n_i(z_n), .q_i(q), .output_state_i(output_state), .output_valid_o(output_valid),
      .output_tag_o({output_last, output_tag_o}), .state_o(state_part), .h_o(h_part)
  );
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
endmodule

`default_nettype wire
