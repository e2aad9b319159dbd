// ern_cell_function: the function of a candidate, or of a cell state, by the number of the layer's shift.
//
// Purpose:    y = sigmoid(x), tanh(x), or x within limits: max(x, 0), x itself, x from -1 to 1. What no number needs is not there.
// Parameters: IN_WIDTH >= 2 bits of x with F_P fraction bits; G width of the units' values, WIDTH >= G of y; both have the fraction
//             G - 1. NUMBERS >= 1; KINDS, 2 bits for each number, number 0 in the lowest: 0 sigmoid, 1 tanh, 2 limits; LOWS, HIGHS:
//             the limits, WIDTH bits each. ACT_LATENCY 2 to 4, ACT_DSP, SIGMOID, TANH and their images as in ern_cell_lstm.
// Latency:    ACT_LATENCY cycles; select_i comes with x_i.
// Rounding:   as ern_activation; within limits half up, from F_P to G - 1 fraction bits.
// Overflow:   x_i saturates.
`default_nettype none

module ern_cell_function #(
    parameter         WRITABLE      = 0,
    parameter         IN_WIDTH      = 16,
    parameter         F_P           = 10,
    parameter         G             = 12,
    parameter         WIDTH         = 12,
    parameter         NUMBERS       = 1,
    parameter [2*NUMBERS-1:0] KINDS = {NUMBERS{2'd1}},
    parameter [WIDTH*NUMBERS-1:0] LOWS = {NUMBERS{1'b1, {(WIDTH - 1) {1'b0}}}},
    parameter [WIDTH*NUMBERS-1:0] HIGHS = {NUMBERS{1'b0, {(WIDTH - 1) {1'b1}}}},
    parameter         ACT_LATENCY   = 3,
    parameter         ACT_DSP       = 0,
    parameter [319:0] SIGMOID       = 320'd0,
    parameter         SIGMOID_IMAGE = "",
    parameter [319:0] TANH          = 320'd0,
    parameter         TANH_IMAGE    = "",
    // Derived, not to be set.
    parameter         SELECT_BITS   = NUMBERS > 1 ? $clog2(NUMBERS) : 1
) (
    input  wire                       clk,
    input  wire [               57:0] table_i,   // see ern_activation
    input  wire [    SELECT_BITS-1:0] select_i,
    input  wire signed [IN_WIDTH-1:0] x_i,
    output wire signed [   WIDTH-1:0] y_o
);
  // Which kinds there are.
  function [2:0] kinds_of;
    input [2*NUMBERS-1:0] kinds;
    integer number;
    begin
      kinds_of = 3'b0;
      for (number = 0; number < NUMBERS; number = number + 1) kinds_of = kinds_of | (3'b1 << kinds[2*number+:2]);
    end
  endfunction
  localparam [2:0] PRESENT = kinds_of(KINDS);

  wire signed [WIDTH-1:0] sigmoid_value, tanh_value, limited_value;
  generate
    if (PRESENT[0]) begin : g_sigmoid
      wire signed [G-1:0] y;
      ern_activation_bank #(
          .N(1), .IN_WIDTH(IN_WIDTH), .OUT_WIDTH(G), .UNIT(SIGMOID), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY), .IMAGE(SIGMOID_IMAGE), .WRITABLE(WRITABLE)
      ) u_sigmoid (.clk(clk), .table_i(table_i), .x_i(x_i), .y_o(y));
      assign sigmoid_value = y;
    end else begin : g_no_sigmoid
      assign sigmoid_value = {WIDTH{1'b0}};
    end
    if (PRESENT[1]) begin : g_tanh
      wire signed [G-1:0] y;
      ern_activation_bank #(
          .N(1), .IN_WIDTH(IN_WIDTH), .OUT_WIDTH(G), .UNIT(TANH), .DSP(ACT_DSP), .LATENCY(ACT_LATENCY), .IMAGE(TANH_IMAGE), .WRITABLE(WRITABLE)
      ) u_tanh (.clk(clk), .table_i(table_i), .x_i(x_i), .y_o(y));
      assign tanh_value = y;
    end else begin : g_no_tanh
      assign tanh_value = {WIDTH{1'b0}};
    end
    if (PRESENT[2]) begin : g_limits
      localparam UP     = G - 1 > F_P ? G - 1 - F_P : 0;
      localparam DOWN   = F_P > G - 1 ? F_P - (G - 1) : 0;
      localparam SHIFTED = IN_WIDTH + UP + 1 - DOWN;
      localparam V_WIDTH = SHIFTED > WIDTH + 1 ? SHIFTED : WIDTH + 1;
      localparam [IN_WIDTH:0] HALF = DOWN > 0 ? {{IN_WIDTH{1'b0}}, 1'b1} << (DOWN > 0 ? DOWN - 1 : 0) : {(IN_WIDTH + 1) {1'b0}};
      wire signed [IN_WIDTH:0] rounded = {x_i[IN_WIDTH-1], x_i} + HALF;
      wire signed [SHIFTED-1:0] shifted = {rounded[IN_WIDTH:DOWN], {UP{1'b0}}};
      reg signed [V_WIDTH-1:0] value_q;
      reg [SELECT_BITS-1:0] select_q;
      wire signed [WIDTH-1:0] low = LOWS[(NUMBERS == 1 ? 0 : select_q)*WIDTH+:WIDTH];
      wire signed [WIDTH-1:0] high = HIGHS[(NUMBERS == 1 ? 0 : select_q)*WIDTH+:WIDTH];
      reg signed [WIDTH-1:0] limited_q;
      always @(posedge clk) begin
        value_q <= shifted;
        select_q <= select_i;
        limited_q <= value_q < low ? low : value_q > high ? high : value_q[WIDTH-1:0];
      end
      ern_delay #(.WIDTH(WIDTH), .DEPTH(ACT_LATENCY - 2)) u_wait (.clk(clk), .data_i(limited_q), .data_o(limited_value));
      wire unused = &{1'b0, rounded};
    end else begin : g_no_limits
      assign limited_value = {WIDTH{1'b0}};
    end

    if (PRESENT == 3'd1 || PRESENT == 3'd2 || PRESENT == 3'd4) begin : g_one
      assign y_o = sigmoid_value | tanh_value | limited_value;
      wire unused = &{1'b0, select_i};
    end else begin : g_several
      wire [SELECT_BITS-1:0] select;
      ern_delay #(.WIDTH(SELECT_BITS), .DEPTH(ACT_LATENCY)) u_select (.clk(clk), .data_i(select_i), .data_o(select));
      wire [1:0] kind = KINDS[select*2+:2];
      assign y_o = kind == 2'd0 ? sigmoid_value : kind == 2'd1 ? tanh_value : limited_value;
    end
  endgenerate
  wire unused_table = &{1'b0, table_i};
endmodule

`default_nettype wire
