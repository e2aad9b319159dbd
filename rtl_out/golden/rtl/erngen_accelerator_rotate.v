// erngen_accelerator_rotate: one complex word turned by a constant angle.
//
// Purpose:    (re + i im) (C - i S) / 2^15 with three products, which share C (re + im):
//               re' = re C + im S = C (re + im) - (C - S) im
//               im' = im C - re S = C (re + im) - (C + S) re
//             For the other direction give -S. The sum re + im has the form that a DSP pre-adder takes, without a register
//             before the multiplier; a product by a zero constant (C = S) disappears. With ADDERS the four products of the
//             definition are shifted additions instead.
// Parameters: IN_WIDTH, bits of re and im; OUT_WIDTH, bits of the result; C, S, 17-bit signed integers,
//             |C|, |S| <= 2^15; ADDERS, 0 or the graph for C and |S| (erngen_accelerator_shift_add); REGISTERS, 1, or 2 for a faster clock.
// Macro:      ERN_NO_PREADDER as in erngen_accelerator_lane_presum: the sum of re and im gets its natural width.
// Latency:    REGISTERS cycles to the products (1: the last addition of a graph comes behind the register); the difference and the
//             rounding that follow are combinational, so that the parent registers them together with what it selects.
// Rounding:   once, round_shift(., 15): half up.
// Overflow:   the result is exact modulo 2^OUT_WIDTH. IN_WIDTH + 1 bits always hold it, for its modulus is at
//             most sqrt 2 times the largest component.
`default_nettype none

module erngen_accelerator_rotate #(
    parameter IN_WIDTH  = 15,
    parameter OUT_WIDTH = 16,
    parameter signed [16:0] C = 17'sd23170,
    parameter signed [16:0] S = 17'sd23170,
    parameter [255:0] ADDERS = 256'h0,
    parameter REGISTERS = 1
) (
    input  wire                 clk,
    input  wire [ IN_WIDTH-1:0] re_i,
    input  wire [ IN_WIDTH-1:0] im_i,
    output wire [OUT_WIDTH-1:0] re_o,
    output wire [OUT_WIDTH-1:0] im_o
);
  // |re| + |im| <= 2^IN_WIDTH and |C|, |C - S|, |C + S| <= 2^16, so that IN_WIDTH + 18 bits hold a product.
  localparam PRODUCT = IN_WIDTH + 18;
  localparam TOTAL = (PRODUCT >= OUT_WIDTH + 15) ? PRODUCT + 1 : OUT_WIDTH + 16;
  localparam [TOTAL-1:0] HALF = {{(TOTAL - 15) {1'b0}}, 1'b1, 14'b0};
  wire [TOTAL-1:0] re_total;
  wire [TOTAL-1:0] im_total;

  generate
    if (REGISTERS != 1 && REGISTERS != 2) begin : g_bad_registers
      ERROR_ern_rotate_REGISTERS_must_be_1_or_2 u_error ();
    end
    if (ADDERS == 256'h0) begin : g_products
`ifdef ERN_NO_PREADDER
      localparam ADDEND = IN_WIDTH;
`else
      localparam ADDEND = (IN_WIDTH <= 24) ? 24 : IN_WIDTH;  // bits of a DSP pre-adder's operand
`endif
      localparam signed [17:0] COMMON = {C[16], C};
      localparam signed [17:0] LESS = {C[16], C} - {S[16], S};
      localparam signed [17:0] MORE = {C[16], C} + {S[16], S};
      wire signed [ADDEND-1:0] re = {{(ADDEND - IN_WIDTH + 1) {re_i[IN_WIDTH-1]}}, re_i[IN_WIDTH-2:0]};
      wire signed [ADDEND-1:0] im = {{(ADDEND - IN_WIDTH + 1) {im_i[IN_WIDTH-1]}}, im_i[IN_WIDTH-2:0]};
      wire signed [ADDEND:0] sum = re + im;
      wire signed [IN_WIDTH-1:0] re_only = $signed(re_i);
      wire signed [IN_WIDTH-1:0] im_only = $signed(im_i);
      reg signed [PRODUCT-1:0] common_q;
      reg signed [PRODUCT-1:0] less_q;
      reg signed [PRODUCT-1:0] more_q;

      always @(posedge clk) begin
        common_q <= sum * COMMON;  // the pre-adder's register stays empty
        less_q <= im_only * LESS;
        more_q <= re_only * MORE;
      end

      wire [PRODUCT-1:0] common_p;
      wire [PRODUCT-1:0] less_p;
      wire [PRODUCT-1:0] more_p;
      if (REGISTERS == 2) begin : g_register
        reg [PRODUCT-1:0] common_q2;
        reg [PRODUCT-1:0] less_q2;
        reg [PRODUCT-1:0] more_q2;
        always @(posedge clk) begin
          common_q2 <= common_q;
          less_q2 <= less_q;
          more_q2 <= more_q;
        end
        assign common_p = common_q2;
        assign less_p = less_q2;
        assign more_p = more_q2;
      end else begin : g_direct
        assign common_p = common_q;
        assign less_p = less_q;
        assign more_p = more_q;
      end
      wire [TOTAL-1:0] common = {{(TOTAL - PRODUCT) {common_p[PRODUCT-1]}}, common_p};
      wire [TOTAL-1:0] less = {{(TOTAL - PRODUCT) {less_p[PRODUCT-1]}}, less_p};
      wire [TOTAL-1:0] more = {{(TOTAL - PRODUCT) {more_p[PRODUCT-1]}}, more_p};
      assign re_total = common - less + HALF;
      assign im_total = common - more + HALF;
    end else begin : g_additions
      localparam WIDTH = IN_WIDTH + 17;
      wire [WIDTH-1:0] re_c;
      wire [WIDTH-1:0] re_s;
      wire [WIDTH-1:0] im_c;
      wire [WIDTH-1:0] im_s;
      wire [4*WIDTH-1:0] nodes;   // {im s, im c, re s, re c}
      erngen_accelerator_shift_add #(.IN_WIDTH(IN_WIDTH), .ADDERS(ADDERS)) u_re (
          .clk(clk), .x_i(re_i), .c_o(nodes[0+:WIDTH]), .s_o(nodes[WIDTH+:WIDTH])
      );
      erngen_accelerator_shift_add #(.IN_WIDTH(IN_WIDTH), .ADDERS(ADDERS)) u_im (
          .clk(clk), .x_i(im_i), .c_o(nodes[2*WIDTH+:WIDTH]), .s_o(nodes[3*WIDTH+:WIDTH])
      );
      if (REGISTERS == 2) begin : g_register
        reg [4*WIDTH-1:0] nodes_q;
        always @(posedge clk) nodes_q <= nodes;
        assign {im_s, im_c, re_s, re_c} = nodes_q;
      end else begin : g_direct
        assign {im_s, im_c, re_s, re_c} = nodes;
      end
      wire [TOTAL-1:0] re_c_wide = {{(TOTAL - WIDTH) {re_c[WIDTH-1]}}, re_c};
      wire [TOTAL-1:0] re_s_wide = {{(TOTAL - WIDTH) {re_s[WIDTH-1]}}, re_s};
      wire [TOTAL-1:0] im_c_wide = {{(TOTAL - WIDTH) {im_c[WIDTH-1]}}, im_c};
      wire [TOTAL-1:0] im_s_wide = {{(TOTAL - WIDTH) {im_s[WIDTH-1]}}, im_s};
      if (S[16]) begin : g_back
        assign re_total = re_c_wide - im_s_wide + HALF;
        assign im_total = im_c_wide + re_s_wide + HALF;
      end else begin : g_on
        assign re_total = re_c_wide + im_s_wide + HALF;
        assign im_total = im_c_wide - re_s_wide + HALF;
      end
    end
  endgenerate

  assign re_o = re_total[15+:OUT_WIDTH];
  assign im_o = im_total[15+:OUT_WIDTH];
  wire unused = &{1'b0, re_total, im_total};  // bits below the rounding and above the result
endmodule

`default_nettype wire
