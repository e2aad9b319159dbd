// ern_cell_gru_after_shared: the element-wise part of a GRU with reset after the product, for tiles that do not come every cycle.
//
// Purpose:    K / FOLDING elements take the K cells of a tile one part after the other (ern_fold), with a FOLDING-th of the multipliers and
//             activation units. With FOLDING = 1 it is ern_cell_gru_after.
// Parameters: FOLDING, a power of two that divides K; all others as in ern_cell_gru_after.
// Latency:    that of ern_cell_gru_after, and FOLDING cycles if FOLDING > 1; a tile may follow another after FOLDING cycles.
// Rounding:   as ern_cell_gru_after.
// Overflow:   as ern_cell_gru_after.
`default_nettype none

module ern_cell_gru_after_shared #(
    parameter         K             = 8,
    parameter         FOLDING       = 2,
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
    // Derived, not to be set.
    parameter         SELECT_BITS   = SHIFTS > 1 ? $clog2(SHIFTS) : 1
) (
    input  wire                 clk,
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
  wire [KS*ZW-1:0] z_r;
  wire [KS*ZW-1:0] z_z;
  wire [KS*ZW-1:0] z_nx;
  wire [KS*ZW-1:0] z_nh;
  wire [KS*HW-1:0] state;
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(1)) u_keep (.clk(clk), .valid_i(valid_i), .data_i(keep_i), .part_o(keep));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_r (.clk(clk), .valid_i(valid_i), .data_i(z_r_i), .part_o(z_r));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_z (.clk(clk), .valid_i(valid_i), .data_i(z_z_i), .part_o(z_z));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_nx (.clk(clk), .valid_i(valid_i), .data_i(z_nx_i), .part_o(z_nx));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(ZW)) u_z_nh (.clk(clk), .valid_i(valid_i), .data_i(z_nh_i), .part_o(z_nh));
  ern_fold_split #(.K(K), .FOLDING(FOLDING), .WIDTH(HW)) u_state (.clk(clk), .valid_i(valid_i), .data_i(state_i), .part_o(state));

  wire h_valid;
  wire h_last;
  wire [KS*HW-1:0] state_part;
  wire [KS*A-1:0] h_part;
  ern_cell_gru_after #(
      .K(KS), .A(A), .G(G), .HW(HW), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .V(V), .F_V(F_V), .SHIFTS(SHIFTS),
      .SHIFT_LIST(SHIFT_LIST), .OPEN(OPEN), .CANDIDATES(CANDIDATES), .CANDIDATE_LOWS(CANDIDATE_LOWS), .CANDIDATE_HIGHS(CANDIDATE_HIGHS),
      .ACT_LATENCY(ACT_LATENCY), .ACT_DSP(ACT_DSP), .PRODUCT_DSP(PRODUCT_DSP), .SIGMOID(SIGMOID),
      .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .TAG_WIDTH(TAG_WIDTH + 1)
  ) u_cell (
      .clk(clk), .rst_i(rst_i), .valid_i(part_valid), .tag_i({part_last, part_tag}), .keep_i(keep), .select_i(part_select),
      .z_r_i(z_r), .z_z_i(z_z), .z_nx_i(z_nx), .z_nh_i(z_nh), .state_i(state), .valid_o(h_valid), .tag_o({h_last, tag_o}),
      .state_o(state_part), .h_o(h_part)
  );
  ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(A)) u_h (.clk(clk), .valid_i(h_valid), .part_i(h_part), .data_o(h_o));
  generate
    if (HW == A) begin : g_same
      assign state_o = h_o;
      wire unused = &{1'b0, state_part};
    end else begin : g_finer
      ern_fold_join #(.K(K), .FOLDING(FOLDING), .WIDTH(HW)) u_new_state (
          .clk(clk), .valid_i(h_valid), .part_i(state_part), .data_o(state_o)
      );
    end
  endgenerate
  assign valid_o = h_valid && h_last;
endmodule

`default_nettype wire
