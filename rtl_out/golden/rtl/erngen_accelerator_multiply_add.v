// erngen_accelerator_multiply_add: p = a * b + c, one DSP block.
//
// Purpose:    A product with a registered result and an adder behind it, in the form that synthesis folds into the
//             multiplier, pipeline and output registers of one DSP block. Drive a_i and b_i from registers that drive
//             nothing else, and they become its input registers.
// Parameters: A_WIDTH <= 25, B_WIDTH <= 18 for one DSP block; C_WIDTH; P_WIDTH >= A_WIDTH + B_WIDTH and >= C_WIDTH;
//             PRODUCT_DSP 0: the product in LUTs (erngen_accelerator_lut_product); SUMS 0: no register behind the sum.
// Latency:    1 + SUMS cycles from a_i and b_i, SUMS cycles from c_i and zero_i: they come one cycle after the factors they belong to.
// Rounding:   none.
// Overflow:   required: the sum fits P_WIDTH bits.
`default_nettype none

module erngen_accelerator_multiply_add #(
    parameter A_WIDTH = 16,
    parameter B_WIDTH = 12,
    parameter C_WIDTH = 28,
    parameter P_WIDTH = 29,
    parameter PRODUCT_DSP = 1,
    parameter SUMS    = 1
) (
    input  wire                      clk,
    input  wire signed [A_WIDTH-1:0] a_i,
    input  wire signed [B_WIDTH-1:0] b_i,
    input  wire signed [C_WIDTH-1:0] c_i,
    input  wire                      zero_i,  // p is 0 instead
    output wire signed [P_WIDTH-1:0] p_o
);
  localparam M_WIDTH = A_WIDTH + B_WIDTH;

  generate
    if (P_WIDTH < M_WIDTH || P_WIDTH < C_WIDTH) begin : g_bad_width
      ERROR_ern_multiply_add_P_WIDTH_must_hold_product_and_summand u_error ();
    end
  endgenerate

  wire signed [M_WIDTH-1:0] product;
  generate
    if (PRODUCT_DSP != 0) begin : g_dsp
      assign product = a_i * b_i;
    end else begin : g_lut
      erngen_accelerator_lut_product #(.A_WIDTH(A_WIDTH), .B_WIDTH(B_WIDTH)) u_product (.a_i(a_i), .b_i(b_i), .p_o(product));
    end
  endgenerate

  reg signed [M_WIDTH-1:0] product_q;

  wire signed [P_WIDTH-1:0] sum = {{(P_WIDTH - M_WIDTH) {product_q[M_WIDTH-1]}}, product_q} + {{(P_WIDTH - C_WIDTH) {c_i[C_WIDTH-1]}}, c_i};

  always @(posedge clk) product_q <= product;
  generate
    if (SUMS == 0) begin : g_direct
      assign p_o = zero_i ? {P_WIDTH{1'b0}} : sum;
    end else begin : g_register
      reg signed [P_WIDTH-1:0] sum_q;
      always @(posedge clk) begin
        if (zero_i) sum_q <= {P_WIDTH{1'b0}};
        else sum_q <= sum;
      end
      assign p_o = sum_q;
    end
  endgenerate
endmodule

`default_nettype wire
