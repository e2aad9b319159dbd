// Proof: rounding, saturation, product and sum, products by constants are what their heads say, for every input.
//
// Parameters: UNIT 0: ern_round_saturate; 1: ern_round_half with ern_shift_saturate, one of two shifts; 2: ern_multiply_add, its product in
//             LUTs where LUT is 1; 3: ern_shift_add with the graph of an eighth of a turn. IN bits of the input, OUT of the result, SHIFT bits
//             dropped, or LEFT added.
// Method:     the inputs of before are remembered for as many cycles as the unit takes. A rounded number is told by inequalities between
//             multiples of it, so that nothing here is shifted as in the units.
`default_nettype none

module ern_arithmetic_proof #(
    parameter UNIT = 0,
    parameter IN = 9,
    parameter OUT = 5,
    parameter SHIFT = 3,
    parameter LEFT = 0,
    parameter LUT = 0
) (
    input wire           clk,
    input wire [IN-1:0]  x,
    input wire [IN-1:0]  a,
    input wire [OUT-1:0] b,
    input wire           select,
    input wire           zero
);
  localparam WIDE = 40;
  localparam signed [31:0] MOVE = SHIFT - LEFT;
  localparam signed [WIDE-1:0] MOST = (1 << (OUT - 1)) - 1;
  localparam signed [WIDE-1:0] LEAST = -(1 << (OUT - 1));
  reg [1:0] age = 2'd0;   // cycles that have passed, at most 3
  always @(posedge clk) if (age != 2'd3) age <= age + 2'd1;
  reg [IN-1:0] x_q, x_q2, a_q, a_q2;
  reg [OUT-1:0] b_q, b_q2;
  reg zero_q;
  always @(posedge clk) begin
    x_q <= x;
    x_q2 <= x_q;
    a_q <= a;
    a_q2 <= a_q;
    b_q <= b;
    b_q2 <= b_q;
    zero_q <= zero;
  end
  function signed [WIDE-1:0] wide_in(input [IN-1:0] value);
    wide_in = {{WIDE - IN{value[IN-1]}}, value};
  endfunction
  function signed [WIDE-1:0] wide_out(input [OUT-1:0] value);
    wide_out = {{WIDE - OUT{value[OUT-1]}}, value};
  endfunction
  generate
    if (UNIT < 2) begin : g_round
      wire [OUT-1:0] y;
      wire signed [WIDE-1:0] sum, unit;   // the number with half an lsb, and the weight of the result's lsb
      if (UNIT == 0) begin : g_fixed
        ern_round_saturate #(.IN_WIDTH(IN), .OUT_WIDTH(OUT), .SHIFT(MOVE)) u_dut (.clk(clk), .z_i(x), .y_o(y));
        assign unit = 1 << SHIFT;
        assign sum = wide_in(x_q2) * (1 << LEFT) + (SHIFT > 0 ? (1 << SHIFT) / 2 : 0);
      end else begin : g_selected
        // Two shifts, SHIFT and 0.
        wire [SHIFT:0] half;
        ern_round_half #(.SHIFTS(2), .SHIFT_LIST(SHIFT), .WIDTH(SHIFT + 1)) u_half (.select_i(select), .half_o(half));
        wire [IN:0] rounded = {x[IN-1], x} + {{IN - SHIFT{1'b0}}, half};
        ern_shift_saturate #(.IN_WIDTH(IN + 1), .OUT_WIDTH(OUT), .SHIFTS(2), .SHIFT_LIST(SHIFT)) u_dut (
            .select_i(select), .x_i(rounded), .y_o(y));
        assign unit = select ? 1 : 1 << SHIFT;
        assign sum = wide_in(x) + (select ? 0 : (1 << SHIFT) / 2);
      end
      wire signed [WIDE-1:0] value = wide_out(y);
      always @(posedge clk)
        if (UNIT == 1 || age >= 2'd2) begin
          if (value != MOST) assert (sum < (value + 1) * unit);
          if (value != LEAST) assert (value * unit <= sum);
          cover (value == -(1 << LEFT) && sum == -(unit << LEFT));
          cover (value == 1 << LEFT && sum == unit << LEFT);
        end
      if (OUT < IN) begin : g_limits
        always @(posedge clk)
          if (UNIT == 1 || age >= 2'd2) begin
            cover (value == MOST && sum >= (MOST + 1) * unit);
            cover (value == LEAST && sum < LEAST * unit);
          end
      end
    end else if (UNIT == 2) begin : g_multiply_add
      localparam P = IN + OUT + 1;
      wire [P-1:0] p;
      ern_multiply_add #(.A_WIDTH(IN), .B_WIDTH(OUT), .C_WIDTH(IN), .P_WIDTH(P), .PRODUCT_DSP(LUT == 0)) u_dut (
          .clk(clk), .a_i(a), .b_i(b), .c_i(x), .zero_i(zero), .p_o(p));
      wire signed [WIDE-1:0] wanted = zero_q ? 0 : wide_in(a_q2) * wide_out(b_q2) + wide_in(x_q);
      always @(posedge clk)
        if (age >= 2'd2) begin
          assert (p == wanted[P-1:0]);
          cover (wanted == LEAST * (-1 << (IN - 1)) + (1 << (IN - 1)) - 1);   // the largest of all
        end
    end else begin : g_shift_add
      // 23170 = 2^15 sqrt(1/2): cosine and sine of an eighth of a turn (adder_parameter of src/units/shift_add.hpp).
      localparam [255:0] ADDERS = 256'h000102810000000000000000000000000170d0400034482000380c0000100200;
      wire [IN+16:0] c, s;
      ern_shift_add #(.IN_WIDTH(IN), .ADDERS(ADDERS)) u_dut (.clk(clk), .x_i(x), .c_o(c), .s_o(s));
      wire signed [WIDE-1:0] wanted = wide_in(x_q) * 23170;
      always @(posedge clk)
        if (age >= 2'd1) begin
          assert (c == wanted[IN+16:0] && s == wanted[IN+16:0]);
          cover (wanted == -(23170 << (IN - 1)));
        end
    end
  endgenerate
endmodule

`default_nettype wire
