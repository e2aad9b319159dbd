// erngen_accelerator_shift_add: products of one word by two constants, without multipliers.
//
// Purpose:    c = C x and s = S x for a rotation's C and |S|, as a graph of shifted additions that both share. Node 0 is x, node n
//             is (node a << shift_a) +- (node b << shift_b). Nodes up to two additions deep come before the register, the others
//             (three deep, and they serve no other node) after it.
// Parameters: IN_WIDTH, bits of x; ADDERS, the graph (src/units/shift_add.hpp): node n in [32 (n-1) +: 32], n = 1 .. 7, as
//             [4:0] shift_b, [8:5] b, [13:9] shift_a, [17:14] a, [18] minus, [23:19] bits of the node's factor, [24] three deep;
//             [224 +: 18] are shift_s, node s, shift_c, node c likewise. Required: C, S < 2^17.
// Latency:    1 cycle; up to two additions before the register, one after it.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_shift_add #(
    parameter IN_WIDTH = 15,
    parameter [255:0] ADDERS = 256'h0
) (
    input  wire                 clk,
    input  wire [ IN_WIDTH-1:0] x_i,
    output wire [IN_WIDTH+16:0] c_o,
    output wire [IN_WIDTH+16:0] s_o
);
  localparam WIDTH = IN_WIDTH + 17;

  genvar n;
  generate
    for (n = 0; n < 8; n = n + 1) begin : g_node
      wire [WIDTH-1:0] now;    // nodes up to two deep, with x_i
      wire [WIDTH-1:0] later;  // all nodes, a cycle after x_i
      wire unused = &{1'b0, now, later};
      if (n == 0) begin : g_input
        reg [IN_WIDTH-1:0] x_q;
        always @(posedge clk) x_q <= x_i;
        assign now = {{17{x_i[IN_WIDTH-1]}}, x_i};
        assign later = {{17{x_q[IN_WIDTH-1]}}, x_q};
      end else begin : g_sum
        localparam [31:0] NODE = ADDERS[32*(n-1)+:32];
        localparam BITS = IN_WIDTH + {27'b0, NODE[23:19]};
        localparam A = NODE[17:14];
        localparam B = NODE[8:5];
        if (NODE == 32'd0) begin : g_none
          assign now = {WIDTH{1'b0}};
          assign later = {WIDTH{1'b0}};
        end else if (NODE[24]) begin : g_third
          wire [WIDTH-1:0] a = g_node[A].later << NODE[13:9];
          wire [WIDTH-1:0] b = g_node[B].later << NODE[4:0];
          (* use_dsp = "no" *) wire [BITS-1:0] sum;
          assign sum = NODE[18] ? a[BITS-1:0] - b[BITS-1:0] : a[BITS-1:0] + b[BITS-1:0];
          assign now = {WIDTH{1'b0}};
          assign later = {{(WIDTH - BITS) {sum[BITS-1]}}, sum};
          wire unused_copies = &{1'b0, a, b};
        end else begin : g_early
          wire [WIDTH-1:0] a = g_node[A].now << NODE[13:9];
          wire [WIDTH-1:0] b = g_node[B].now << NODE[4:0];
          (* use_dsp = "no" *) wire [BITS-1:0] sum;
          assign sum = NODE[18] ? a[BITS-1:0] - b[BITS-1:0] : a[BITS-1:0] + b[BITS-1:0];
          reg [BITS-1:0] sum_q;
          always @(posedge clk) sum_q <= sum;
          assign now = {{(WIDTH - BITS) {sum[BITS-1]}}, sum};
          assign later = {{(WIDTH - BITS) {sum_q[BITS-1]}}, sum_q};
          wire unused_copies = &{1'b0, a, b};
        end
      end
    end
  endgenerate

  localparam [17:0] RESULT = ADDERS[224+:18];
  assign c_o = g_node[RESULT[17:14]].later << RESULT[13:9];
  assign s_o = g_node[RESULT[8:5]].later << RESULT[4:0];
endmodule

`default_nettype wire
