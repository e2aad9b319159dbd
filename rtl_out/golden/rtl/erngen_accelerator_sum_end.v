// erngen_accelerator_sum_end: the operations that end a sum without a state, for the tiles of one port: erngen_accelerator_linear and erngen_accelerator_nonlinear.
//
// Purpose:    Hands each tile to the operation that its tag names; what does not exist gives nothing.
// Tag:        the tag of a tile, whose fields are below.
// Parameters: K, A, G, P, F_P, ZW, F_T as in these; HAS_LINEAR, HAS_NONLINEAR which exist; SHIFT_COUNT, SHIFTS, LIMITED, LOWS, HIGHS of
//             erngen_accelerator_linear; NONLINEAR_SHIFTS, NONLINEAR_SHIFT_LIST, NONLINEAR_TANH of erngen_accelerator_nonlinear, whose units are SIGMOID and TANH;
//             SUMS of both.
// Latency:    the operation's.
// Rounding:   as the operations.
// Overflow:   as the operations.
`default_nettype none

module erngen_accelerator_sum_end #(
    parameter         WRITABLE        = 0,
    parameter         K               = 8,
    parameter         A               = 12,
    parameter         G               = 12,
    parameter         P               = 14,
    parameter         F_P             = 10,
    parameter         ZW              = 26,
    parameter         F_T             = 15,
    parameter         HAS_LINEAR      = 1,
    parameter         HAS_NONLINEAR   = 1,
    parameter         SHIFT_COUNT     = 1,
    parameter signed [8*SHIFT_COUNT-1:0] SHIFTS = {SHIFT_COUNT{8'd4}},
    parameter         LIMITED         = 0,
    parameter [A*SHIFT_COUNT-1:0] LOWS = {SHIFT_COUNT{1'b1, {(A - 1) {1'b0}}}},
    parameter [A*SHIFT_COUNT-1:0] HIGHS = {SHIFT_COUNT{1'b0, {(A - 1) {1'b1}}}},
    parameter         NONLINEAR_SHIFTS = 1,
    parameter [8*NONLINEAR_SHIFTS-1:0] NONLINEAR_SHIFT_LIST = {NONLINEAR_SHIFTS{8'd0}},
    parameter [NONLINEAR_SHIFTS-1:0] NONLINEAR_TANH = {NONLINEAR_SHIFTS{1'b0}},
    parameter         ACT_LATENCY     = 3,
    parameter         SUMS            = 1,
    parameter         ACT_DSP         = 0,
    parameter [319:0] SIGMOID         = 320'd0,
    parameter         SIGMOID_IMAGE   = "",
    parameter [319:0] TANH            = 320'd0,
    parameter         TANH_IMAGE      = "",
    // Derived, not to be set.
    parameter         TILE_TAG        = 83
) (
    input  wire                clk,
    input  wire [        57:0] table_i,   // see erngen_accelerator_activation
    input  wire                rst_i,
    input  wire                valid_i,
    input  wire [TILE_TAG-1:0] tag_i,
    input  wire [       K-1:0] keep_i,
    input  wire [    K*ZW-1:0] z_i,
    output wire                linear_valid_o,
    output wire [TILE_TAG-1:0] linear_tag_o,
    output wire [     K*A-1:0] linear_o,
    output wire                nonlinear_valid_o,
    output wire [TILE_TAG-1:0] nonlinear_tag_o,
    output wire [     K*A-1:0] nonlinear_o
);
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam TILE_OPERATION = 0, TILE_OPERATION_W = 3;                  // as in a pass
  localparam TILE_SHIFT = 8;                                            // number of the shift of its results
  // --- end of the fields
  wire [2:0] op = tag_i[TILE_OPERATION+:TILE_OPERATION_W];

  generate
    if (HAS_LINEAR != 0) begin : g_linear
      localparam SELECT_BITS = (SHIFT_COUNT > 1) ? $clog2(SHIFT_COUNT) : 1;
      erngen_accelerator_linear #(
          .K(K), .ZW(ZW), .A(A), .SHIFT_COUNT(SHIFT_COUNT), .SHIFTS(SHIFTS), .LIMITED(LIMITED), .LOWS(LOWS), .HIGHS(HIGHS),
          .TAG_WIDTH(TILE_TAG), .SUMS(SUMS)
      ) u_linear (
          .clk(clk), .rst_i(rst_i), .valid_i(valid_i && op == 3'd4), .tag_i(tag_i), .keep_i(keep_i),
          .select_i(tag_i[TILE_SHIFT+:SELECT_BITS]), .z_i(z_i), .valid_o(linear_valid_o), .tag_o(linear_tag_o), .y_o(linear_o)
      );
    end else begin : g_no_linear
      assign linear_valid_o = 1'b0;
      assign linear_tag_o = {TILE_TAG{1'b0}};
      assign linear_o = {K * A{1'b0}};
    end
    if (HAS_NONLINEAR != 0) begin : g_nonlinear
      localparam SELECT_BITS = (NONLINEAR_SHIFTS > 1) ? $clog2(NONLINEAR_SHIFTS) : 1;
      erngen_accelerator_nonlinear #(
          .K(K), .A(A), .G(G), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .SHIFTS(NONLINEAR_SHIFTS), .SHIFT_LIST(NONLINEAR_SHIFT_LIST),
          .TANH_LIST(NONLINEAR_TANH), .SUMS(SUMS), .ACT_LATENCY(ACT_LATENCY), .ACT_DSP(ACT_DSP), .SIGMOID(SIGMOID),
          .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .TAG_WIDTH(TILE_TAG), .WRITABLE(WRITABLE)
      ) u_nonlinear (
          .clk(clk), .table_i(table_i), .rst_i(rst_i), .valid_i(valid_i && op == 3'd7), .tag_i(tag_i), .keep_i(keep_i),
          .select_i(tag_i[TILE_SHIFT+:SELECT_BITS]), .z_i(z_i), .valid_o(nonlinear_valid_o), .tag_o(nonlinear_tag_o),
          .y_o(nonlinear_o)
      );
    end else begin : g_no_nonlinear
      assign nonlinear_valid_o = 1'b0;
      assign nonlinear_tag_o = {TILE_TAG{1'b0}};
      assign nonlinear_o = {K * A{1'b0}};
    end
  endgenerate
  wire unused = &{1'b0, clk, rst_i, valid_i, tag_i, keep_i, z_i, op};
  wire unused_table = &{1'b0, table_i};
endmodule

`default_nettype wire
