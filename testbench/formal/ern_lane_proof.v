// Proof: the sums of a lane are those of the complex products that its head promises, for all words, weights and lengths of a sum.
//
// Parameters: FORM 0: ern_lane; 1: ern_lane_bins; 2: ern_lane_blocks; K = 4 words: two real bins and one pair; SX, W, ACC; REAL 1: the pair
//             is two real bins.
// Method:     sums beside the lane's, of what the definition says: a pair's products are (xr + i xi) (wr + i wi), and with Winograd's forms the
//             sums that ern_correction takes away come in addition, all modulo 2^ACC. Both begin with the first product that clears.
`default_nettype none

module ern_lane_proof #(
    parameter FORM = 0,
    parameter SX = 2,
    parameter W = 2,
    parameter ACC = 7,
    parameter REAL = 0
) (
    input wire            clk,
    input wire            clear,
    input wire            busy,       // there is a product
    input wire [4*SX-1:0] x,          // x0, x1, xr, xi
    input wire [ 4*W-1:0] w,          // w0, w1, wr, wi
    input wire [4*SX-1:0] x2,         // of the second block, FORM 2
    input wire [ 4*W-1:0] w2
);
  // A word or weight, modulo 2^ACC; nothing while there is no product.
  function [ACC-1:0] word(input [4*SX-1:0] words, input [1:0] n);
    word = busy ? {{ACC - SX{words[n*SX+SX-1]}}, words[n*SX+:SX]} : {ACC{1'b0}};
  endfunction
  function [ACC-1:0] weight(input [4*W-1:0] words, input [1:0] n);
    weight = {{ACC - W{words[n*W+W-1]}}, words[n*W+:W]};
  endfunction

  // --- a block's operands, as ern_column and the images have them: two real bins of a pair are (xs, xr, 0) and (u, v)
  localparam XB = 2 * SX + 3 * SX + 1;
  localparam WB = 4 * W + 1;
  wire [4*SX-1:0] x_now = x & {4 * SX{busy}};
  wire [4*SX-1:0] x2_now = x2 & {4 * SX{busy}};
  function [XB-1:0] operands(input [4*SX-1:0] v);
    reg signed [SX:0] xr, xi;
    begin
      xr = {v[3*SX-1], v[2*SX+:SX]};
      xi = {v[4*SX-1], v[3*SX+:SX]};
      operands = REAL != 0 ? {{SX{1'b0}}, xi[SX-1:0], xr, v[0+:2*SX]} : {xi[SX-1:0], xr[SX-1:0], xr + xi, v[0+:2*SX]};
    end
  endfunction
  function [WB-1:0] weights(input [4*W-1:0] v);
    reg signed [W:0] wr, wi;
    begin
      wr = {v[3*W-1], v[2*W+:W]};
      wi = {v[4*W-1], v[3*W+:W]};
      weights = {REAL != 0 ? wi : wi - wr, wr[W-1:0], v[0+:2*W]};
    end
  endfunction

  // --- what must be added to each sum; words 0 and 1 are real bins
  wire [ACC-1:0] xr = word(x, 2), xi = word(x, 3), wr = weight(w, 2), wi = weight(w, 3);
  wire [ACC-1:0] yr = word(x2, 2), yi = word(x2, 3), vr = weight(w2, 2), vi = weight(w2, 3);
  wire [ACC-1:0] re = REAL != 0 ? xr * wr : xr * wr - xi * wi;
  wire [ACC-1:0] im = REAL != 0 ? xi * wi : xr * wi + xi * wr;
  wire [ACC-1:0] re2 = REAL != 0 ? yr * vr : yr * vr - yi * vi;
  wire [ACC-1:0] im2 = REAL != 0 ? yi * vi : yr * vi + yi * vr;
  wire [ACC-1:0] now0, now1, now_re, now_im;
  wire [ACC-1:0] sum0, sum1, sum_re, sum_im;
  generate
    if (FORM == 0) begin : g_plain
      wire [5*ACC-1:0] acc;
      ern_lane #(.K(4), .SX(SX), .W(W), .ACC(ACC)) u_dut (
          .clk(clk), .clear_i(clear && busy), .x_i(operands(x_now)), .w_i(weights(w)), .acc_o(acc));
      assign {now0, now1, now_re, now_im} = {word(x, 0) * weight(w, 0), word(x, 1) * weight(w, 1), re, im};
      // Of two real bins the second sum is C alone.
      assign {sum1, sum0} = acc[0+:2*ACC];
      assign sum_re = acc[2*ACC+:ACC] - acc[3*ACC+:ACC];
      assign sum_im = (REAL != 0 ? {ACC{1'b0}} : acc[2*ACC+:ACC]) + acc[4*ACC+:ACC];
    end else if (FORM == 1) begin : g_bins
      wire [SX-1:0] second = REAL != 0 ? x_now[3*SX+:SX] : x_now[2*SX+:SX];
      wire [SX-1:0] third = REAL != 0 ? {SX{1'b0}} : x_now[3*SX+:SX];
      ern_lane_bins #(.K(4), .SX(SX), .W(W), .ACC(ACC), .MIXED(1)) u_dut (
          .clk(clk), .clear_i(clear && busy), .idle_i(!busy), .x_i({third, second, x_now[0+:3*SX]}), .w_i({REAL == 0, w}),
          .acc_o({sum_im, sum_re, sum1, sum0}));
      assign {now0, now1} = {word(x, 0) * weight(w, 0), word(x, 1) * weight(w, 1)};
      wire gate = busy && REAL == 0;
      assign now_re = re + (gate ? xr * xi - wi * wr : {ACC{1'b0}});
      assign now_im = im + (gate ? xr * xi + wr * wi : {ACC{1'b0}});
    end else begin : g_blocks
      wire [5*ACC-1:0] acc;
      ern_lane_blocks #(.K(4), .SX(SX), .W(W), .ACC(ACC)) u_dut (
          .clk(clk), .clear_i(clear && busy), .idle_i(!busy), .x_i({operands(x2_now), operands(x_now)}), .w_i({weights(w2), weights(w)}),
          .acc_o(acc));
      assign {sum1, sum0} = acc[0+:2*ACC];
      assign sum_re = acc[2*ACC+:ACC] - (REAL != 0 ? {ACC{1'b0}} : acc[3*ACC+:ACC]);
      assign sum_im = (REAL != 0 ? {ACC{1'b0}} : acc[2*ACC+:ACC]) + acc[4*ACC+:ACC];
      // x w + x' w', and what Winograd's form adds: x x' + w w'
      wire [ACC-1:0] more0 = word(x, 0) * word(x2, 0) + weight(w, 0) * weight(w2, 0);
      wire [ACC-1:0] more1 = word(x, 1) * word(x2, 1) + weight(w, 1) * weight(w2, 1);
      assign now0 = busy ? word(x, 0) * weight(w, 0) + word(x2, 0) * weight(w2, 0) + more0 : {ACC{1'b0}};
      assign now1 = busy ? word(x, 1) * weight(w, 1) + word(x2, 1) * weight(w2, 1) + more1 : {ACC{1'b0}};
      // A: of xs and u; B: of xi and wi + wr; C: of xr and wi - wr, or of the second real bin
      wire [ACC-1:0] more_a = REAL != 0 ? xr * yr + wr * vr : (xr + xi) * (yr + yi) + wr * vr;
      wire [ACC-1:0] more_b = xi * yi + (wi + wr) * (vi + vr);
      wire [ACC-1:0] more_c = REAL != 0 ? xi * yi + wi * vi : xr * yr + (wi - wr) * (vi - vr);
      assign now_re = busy ? re + re2 + more_a - (REAL != 0 ? {ACC{1'b0}} : more_b) : {ACC{1'b0}};
      assign now_im = busy ? im + im2 + (REAL != 0 ? {ACC{1'b0}} : more_a) + more_c : {ACC{1'b0}};
    end
  endgenerate

  reg [4*ACC-1:0] now_q, now_q2, now_q3;
  reg [2:0] clear_q = 3'd0;
  reg known = 1'b0;
  reg [1:0] terms = 2'd0;
  reg [ACC-1:0] model0, model1, model_re, model_im;
  wire start = clear_q[2];
  always @(posedge clk) begin
    now_q <= {now0, now1, now_re, now_im};
    now_q2 <= now_q;
    now_q3 <= now_q2;
    clear_q <= {clear_q[1:0], clear && busy};
    if (start) known <= 1'b1;
    model0 <= (start ? {ACC{1'b0}} : model0) + now_q3[3*ACC+:ACC];
    model1 <= (start ? {ACC{1'b0}} : model1) + now_q3[2*ACC+:ACC];
    model_re <= (start ? {ACC{1'b0}} : model_re) + now_q3[ACC+:ACC];
    model_im <= (start ? {ACC{1'b0}} : model_im) + now_q3[0+:ACC];
    if (known) begin
      assert (sum0 == model0 && sum1 == model1);
      assert (sum_re == model_re);
      assert (sum_im == model_im);
      cover (model_re == 3 && model_im == {ACC{1'b1}} && model0 == 5);
    end
  end
endmodule

`default_nettype wire
