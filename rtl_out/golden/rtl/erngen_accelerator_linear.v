// erngen_accelerator_linear: the end of a linear layer (projection, dense, with ReLU or clip), K elements side by side.
//
// Purpose:    y = round_shift(z, shift) limited to LOW..HIGH, with one of several shifts and pairs of limits, chosen with each
//             block; one block a cycle, never stalls. The tag is opaque and comes out with its result.
// Parameters: K elements; ZW width of z; A width of y; SHIFT_COUNT >= 1 and SHIFTS, that many signed 8-bit shifts F_T - f_y,
//             number 0 in the lowest bits (negative: to the left); LIMITED 0: all limits are those of A bits; else LOWS and
//             HIGHS, a signed number of A bits for each shift; TAG_WIDTH >= 1; SUMS 0: no
//             register behind the sum with the half.
// Latency:    1 + SUMS cycles with one shift, else 2 + SUMS (src/units/cell.hpp).
// Rounding:   half up.
// Overflow:   ends at the limits.
`default_nettype none

module erngen_accelerator_linear #(
    parameter                            K           = 8,
    parameter                            ZW          = 26,
    parameter                            A           = 12,
    parameter                            SHIFT_COUNT = 2,
    parameter signed [8*SHIFT_COUNT-1:0] SHIFTS      = {8'd5, 8'd4},
    parameter                            LIMITED     = 0,
    parameter [A*SHIFT_COUNT-1:0]        LOWS        = {SHIFT_COUNT{1'b1, {(A - 1) {1'b0}}}},
    parameter [A*SHIFT_COUNT-1:0]        HIGHS       = {SHIFT_COUNT{1'b0, {(A - 1) {1'b1}}}},
    parameter                            TAG_WIDTH   = 8,
    parameter                            SUMS        = 1,
    // Derived, not to be set.
    parameter                            SELECT_BITS = SHIFT_COUNT > 1 ? $clog2(SHIFT_COUNT) : 1
) (
    input  wire                   clk,
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
  localparam LATENCY = (SHIFT_COUNT > 1 ? 2 : 1) + SUMS;

  function integer shift_of;
    input integer n;
    reg signed [7:0] field;
    begin
      field    = SHIFTS[8*n+:8];
      shift_of = {{24{field[7]}}, field};
    end
  endfunction

  // Smallest and largest shift; all are taken from the smallest, or from 0.
  function integer extreme_shift;
    input largest;
    integer n;
    begin
      extreme_shift = 0;
      for (n = 0; n < SHIFT_COUNT; n = n + 1) begin
        if (largest ? shift_of(n) > extreme_shift : shift_of(n) < extreme_shift) extreme_shift = shift_of(n);
      end
    end
  endfunction

  localparam LEFT  = -extreme_shift(1'b0);
  localparam RIGHT = extreme_shift(1'b1);
  localparam SUM   = (ZW > RIGHT ? ZW : RIGHT) + LEFT + 1;
  localparam WIDE  = SUM > A ? SUM : A + 1;

  erngen_accelerator_valid_delay #(.WIDTH(1), .DEPTH(LATENCY)) u_valid (.clk(clk), .rst_i(rst_i), .data_i(valid_i), .data_o(valid_o));
  erngen_accelerator_delay #(.WIDTH(TAG_WIDTH), .DEPTH(LATENCY)) u_tag (.clk(clk), .data_i(tag_i), .data_o(tag_o));
  wire [K-1:0] keep;
  erngen_accelerator_delay #(.WIDTH(K), .DEPTH(LATENCY - 1)) u_keep (.clk(clk), .data_i(keep_i), .data_o(keep));

  // Half an output lsb, for each shift.
  reg [WIDE-1:0] half;
  wire [SELECT_BITS-1:0] select;   // with the sum
  integer m;
  always @* begin
    half = {WIDE{1'b0}};
    for (m = 0; m < SHIFT_COUNT; m = m + 1) begin
      if (select_i == m[SELECT_BITS-1:0] || SHIFT_COUNT == 1)
        half = LEFT + shift_of(m) > 0 ? {{(WIDE - 1) {1'b0}}, 1'b1} << (LEFT + shift_of(m) - 1) : {WIDE{1'b0}};
    end
  end
  generate
    if (SUMS == 0) begin : g_select_at_once
      assign select = select_i;
    end else begin : g_select_register
      reg [SELECT_BITS-1:0] select_q;
      always @(posedge clk) select_q <= select_i;
      assign select = select_q;
    end
  endgenerate

  // The limits of the block at the last register.
  function [A-1:0] choice;
    input [A*SHIFT_COUNT-1:0] list;
    input [SELECT_BITS-1:0] number;
    integer i;
    begin
      choice = list[0+:A];
      for (i = 1; i < SHIFT_COUNT; i = i + 1) if (number == i[SELECT_BITS-1:0]) choice = list[i*A+:A];
    end
  endfunction

  wire [SELECT_BITS-1:0] number;
  erngen_accelerator_delay #(.WIDTH(SELECT_BITS), .DEPTH(SHIFT_COUNT > 1 ? 1 : 0)) u_number (.clk(clk), .data_i(select), .data_o(number));
  wire [A-1:0] low = choice(LOWS, number);
  wire [A-1:0] high = choice(HIGHS, number);
  wire unused = &{1'b0, low, high};

  genvar e;
  generate
    for (e = 0; e < K; e = e + 1) begin : g_element
      wire signed [ZW-1:0] z = z_i[e*ZW+:ZW];
      wire signed [WIDE-1:0] sum;
      if (SUMS == 0) begin : g_sum_at_once
        assign sum = {{(WIDE - ZW - LEFT) {z[ZW-1]}}, z, {LEFT{1'b0}}} + half;
      end else begin : g_sum_register
        reg signed [WIDE-1:0] sum_q;
        always @(posedge clk) sum_q <= {{(WIDE - ZW - LEFT) {z[ZW-1]}}, z, {LEFT{1'b0}}} + half;
        assign sum = sum_q;
      end

      reg signed [WIDE-1:0] shifted;
      integer n;
      always @* begin
        shifted = sum;
        for (n = 0; n < SHIFT_COUNT; n = n + 1) begin
          if (select == n[SELECT_BITS-1:0] || SHIFT_COUNT == 1) shifted = sum >>> (LEFT + shift_of(n));
        end
      end

      wire signed [WIDE-1:0] value;
      if (SHIFT_COUNT > 1) begin : g_choose
        reg signed [WIDE-1:0] shifted_q;
        always @(posedge clk) shifted_q <= shifted;
        assign value = shifted_q;
      end else begin : g_fixed
        assign value = shifted;
      end

      reg [A-1:0] y_q;
      if (LIMITED != 0) begin : g_limited
        wire under = value < $signed({{(WIDE - A) {low[A-1]}}, low});
        wire over = value > $signed({{(WIDE - A) {high[A-1]}}, high});
        always @(posedge clk) begin
          if (!keep[e]) y_q <= {A{1'b0}};
          else y_q <= under ? low : over ? high : value[A-1:0];
        end
      end else begin : g_saturated
        wire fits = &value[WIDE-1:A-1] | ~|value[WIDE-1:A-1];
        always @(posedge clk) begin
          if (!keep[e]) y_q <= {A{1'b0}};
          else y_q <= fits ? value[A-1:0] : {value[WIDE-1], {(A - 1) {~value[WIDE-1]}}};
        end
      end
      assign y_o[e*A+:A] = y_q;
    end
  endgenerate
endmodule

`default_nettype wire
