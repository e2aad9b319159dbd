// ern_nonlinear: the end of a layer with sigmoid or tanh (dense or plain recurrent), K elements side by side.
//
// Purpose:    y = saturate(round_shift(f(z), shift), A), f sigmoid or tanh, and one of several shifts, chosen with each block;
//             one block a cycle, never stalls. The tag is opaque and comes out with its result.
// Parameters: K elements; A width of y; G of f(z), with the fraction G - 1; P and F_P width and fraction of an activation
//             unit's input; ZW and F_T width and fraction of z. required: F_T >= F_P.
//             SHIFTS, SHIFT_LIST: how many and which shifts bring f(z) to y, G - 1 - f_y; TANH_LIST: for each of them 1 if f
//             is tanh, 0 if it is sigmoid; only units that are used exist.
//             ACT_LATENCY 2 to 4, ACT_DSP: LATENCY and DSP of ern_activation. SIGMOID, TANH: UNIT of ern_activation_bank;
//             SIGMOID_IMAGE, TANH_IMAGE: their memory images. TAG_WIDTH >= 1; SUMS 0: no registers behind sums.
// Latency:    ACT_LATENCY + 1 + 2 SUMS cycles (src/units/cell.hpp).
// Rounding:   half up, of the argument and of the result.
// Overflow:   the argument and y saturate.
`default_nettype none

module ern_nonlinear #(
    parameter         WRITABLE      = 0,
    parameter         K             = 8,
    parameter         A             = 12,
    parameter         G             = 12,
    parameter         P             = 14,
    parameter         F_P           = 10,
    parameter         ZW            = 26,
    parameter         F_T           = 15,
    parameter         SHIFTS        = 2,
    parameter [8*SHIFTS-1:0] SHIFT_LIST = {SHIFTS{8'd0}},
    parameter [SHIFTS-1:0] TANH_LIST = 2'b10,
    parameter         ACT_LATENCY   = 3,
    parameter         ACT_DSP       = 0,
    parameter [319:0] SIGMOID       = 320'd0,
    parameter         SIGMOID_IMAGE = "",
    parameter [319:0] TANH          = 320'd0,
    parameter         TANH_IMAGE    = "",
    parameter         TAG_WIDTH     = 8,
    parameter         SUMS          = 1,
    // Derived, not to be set.
    parameter         SELECT_BITS   = SHIFTS > 1 ? $clog2(SHIFTS) : 1
) (
    input  wire                   clk,
    input  wire [           57:0] table_i,   // see ern_activation
    input  wire                   rst_i,
    input  wire                   valid_i,
    input  wire [  TAG_WIDTH-1:0] tag_i,
    input  wire [          K-1:0] keep_i,    // 0: the element of y is 0 (beyond the vector's length)
    input  wire [SELECT_BITS-1:0] select_i,  // number of the shift
    input  wire [       K*ZW-1:0] z_i,
    output wire                   valid_o,
    output wire [  TAG_WIDTH-1:0] tag_o,
    output wire [        K*A-1:0] y_o
);
  localparam R         = F_T - F_P;
  localparam X_WIDTH   = ZW + 1 - R > P ? ZW + 1 - R : P;
  localparam ACTIVATED = ACT_LATENCY + SUMS;  // cycle of f(z)
  localparam LATENCY   = ACTIVATED + SUMS + 1;
  localparam WIDE      = G + 1;            // f(z) and half an output lsb

  generate
    if (F_T < F_P) begin : g_bad_sum
      ERROR_ern_nonlinear_F_T_must_be_at_least_F_P u_error ();
    end
  endgenerate

  ern_valid_delay #(.WIDTH(1), .DEPTH(LATENCY)) u_valid (.clk(clk), .rst_i(rst_i), .data_i(valid_i), .data_o(valid_o));
  ern_delay #(.WIDTH(TAG_WIDTH), .DEPTH(LATENCY)) u_tag (.clk(clk), .data_i(tag_i), .data_o(tag_o));
  wire [K-1:0] keep;
  ern_delay #(.WIDTH(K), .DEPTH(LATENCY - 1)) u_keep (.clk(clk), .data_i(keep_i), .data_o(keep));

  // The number of the shift with f(z), and with the sum of f(z) and its half; one shift needs none.
  localparam WAIT = SHIFTS > 1 ? 1 : 0;
  wire [SELECT_BITS-1:0] half_select, select;
  ern_delay #(.WIDTH(SELECT_BITS), .DEPTH(WAIT * ACTIVATED)) u_half_select (
      .clk(clk), .data_i(select_i), .data_o(half_select)
  );
  ern_delay #(.WIDTH(SELECT_BITS), .DEPTH(WAIT * SUMS)) u_select (.clk(clk), .data_i(half_select), .data_o(select));
  reg tanh;
  reg [WIDE-1:0] half;
  integer m;
  always @* begin
    tanh = TANH_LIST[0];
    half = {WIDE{1'b0}};
    for (m = 0; m < SHIFTS; m = m + 1)
      if (SHIFTS == 1 || half_select == m[SELECT_BITS-1:0]) begin
        tanh = TANH_LIST[m];
        half = SHIFT_LIST[8*m+:8] == 8'd0 ? {WIDE{1'b0}} : {{(WIDE - 1) {1'b0}}, 1'b1} << (SHIFT_LIST[8*m+:8] - 8'd1);
      end
  end

  genvar e;
  generate
    for (e = 0; e < K; e = e + 1) begin : g_element
      wire signed [X_WIDTH-1:0] x;
      wire [G-1:0] of_sigmoid;
      wire [G-1:0] of_tanh;
      ern_preactivation #(.PRODUCT(0), .Z_WIDTH(ZW), .A_WIDTH(1), .B_WIDTH(1), .R(R), .X_WIDTH(X_WIDTH), .SUMS(SUMS)) u_x (
          .clk(clk), .z_i(z_i[e*ZW+:ZW]), .a_i(1'b0), .b_i(1'b0), .x_o(x)
      );
      if (TANH_LIST != {SHIFTS{1'b1}}) begin : g_sigmoid
        ern_activation_bank #(
            .N(1), .IN_WIDTH(X_WIDTH), .OUT_WIDTH(G), .UNIT(SIGMOID), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY), .IMAGE(SIGMOID_IMAGE), .WRITABLE(WRITABLE)
        ) u_sigmoid (.clk(clk), .table_i(table_i), .x_i(x), .y_o(of_sigmoid));
      end else begin : g_no_sigmoid
        assign of_sigmoid = {G{1'b0}};
      end
      if (TANH_LIST != {SHIFTS{1'b0}}) begin : g_tanh
        ern_activation_bank #(
            .N(1), .IN_WIDTH(X_WIDTH), .OUT_WIDTH(G), .UNIT(TANH), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY), .IMAGE(TANH_IMAGE), .WRITABLE(WRITABLE)
        ) u_tanh (.clk(clk), .table_i(table_i), .x_i(x), .y_o(of_tanh));
      end else begin : g_no_tanh
        assign of_tanh = {G{1'b0}};
      end
      wire signed [G-1:0] value = tanh ? of_tanh : of_sigmoid;
      wire signed [WIDE-1:0] sum;
      if (SUMS == 0) begin : g_sum_at_once
        assign sum = {value[G-1], value} + half;
      end else begin : g_sum_register
        reg signed [WIDE-1:0] sum_q;
        always @(posedge clk) sum_q <= {value[G-1], value} + half;
        assign sum = sum_q;
      end
      wire [A-1:0] y;
      ern_shift_saturate #(.IN_WIDTH(WIDE), .OUT_WIDTH(A), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST)) u_y (
          .select_i(select), .x_i(sum), .y_o(y)
      );
      reg [A-1:0] y_q;
      always @(posedge clk) y_q <= keep[e] ? y : {A{1'b0}};
      assign y_o[e*A+:A] = y_q;
    end
  endgenerate
  wire unused_table = &{1'b0, table_i};
endmodule

`default_nettype wire
