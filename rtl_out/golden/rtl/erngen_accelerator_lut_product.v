// erngen_accelerator_lut_product: a product without a multiplier, for devices or budgets that are short of them.
//
// Purpose:    p = a b by radix-4 Booth digits of b, d = -2 .. 2 each for two of its bits, and a tree of adders for the rows d a 4^n;
//             the ones that complete the negative rows are a row of their own.
// Parameters: A_WIDTH, B_WIDTH >= 2; give the narrower factor as b.
// Latency:    none: one digit's choice and ceil(log2(B_WIDTH / 2 + 1)) adders before the next register.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_lut_product #(
    parameter A_WIDTH = 12,
    parameter B_WIDTH = 12
) (
    input  wire [        A_WIDTH-1:0] a_i,
    input  wire [        B_WIDTH-1:0] b_i,
    output wire [A_WIDTH+B_WIDTH-1:0] p_o
);
  localparam DIGITS = (B_WIDTH + 1) / 2;
  localparam LEAVES = 1 << $clog2(DIGITS + 1);
  localparam WIDTH = A_WIDTH + B_WIDTH;

  // b between a zero below it and copies of its sign
  wire [2*DIGITS:0] digits = {{(2 * DIGITS - B_WIDTH + 1) {b_i[B_WIDTH-1]}}, b_i[B_WIDTH-2:0], 1'b0};
  wire [WIDTH-1:0] a = {{(WIDTH - A_WIDTH + 1) {a_i[A_WIDTH-1]}}, a_i[A_WIDTH-2:0]};

  wire [2*DIGITS-1:0] ones;  // that complete negative rows

  genvar n;
  generate
    // Node 1 is the sum, node n that of the nodes 2 n and 2 n + 1; the last LEAVES are rows.
    for (n = 2 * LEAVES - 1; n >= 1; n = n - 1) begin : g_node
      localparam ROW = n - LEAVES;
      (* use_dsp = "no" *) wire [WIDTH-1:0] sum;
      if (n < LEAVES) begin : g_sum
        assign sum = g_node[2*n].sum + g_node[2*n+1].sum;
      end else if (ROW < DIGITS) begin : g_digit
        wire [2:0] code = digits[2*ROW+:3];
        wire negative = code[2] && code != 3'd7;
        wire [WIDTH-1:0] size = (code == 3'd3 || code == 3'd4) ? a << 1 : (code == 3'd0 || code == 3'd7) ? {WIDTH{1'b0}} : a;
        assign sum = (negative ? ~size : size) << (2 * ROW);
        assign ones[2*ROW+:2] = {1'b0, negative};
      end else if (ROW == DIGITS) begin : g_ones
        assign sum = {{(WIDTH - 2 * DIGITS + 1) {1'b0}}, ones[2*DIGITS-2:0]};
      end else begin : g_zero
        assign sum = {WIDTH{1'b0}};
      end
    end
  endgenerate
  wire unused = &{1'b0, ones};
  assign p_o = g_node[1].sum;
endmodule

`default_nettype wire
