// ern_fft_stage: stage M of the forward real transform on K words.
//
// Purpose:    Combines, in each group of M words, the packed spectra E (first half) and O (second half) of M/2
//             points into one of M points: X0 = E0 + O0, X(M/2) = E0 - O0, X(M/4) = E(M/4) - i O(M/4), and for
//             1 <= b < M/4, with t = O(b) e^(-2 pi i b/M): X(b) = E(b) + t, X(M/2 - b) = conj(E(b) - t).
//             With bypass_i the words pass unchanged, with the same latency.
// Parameters: K, words; M, size of the stage, a power of two, 2..K; IN_WIDTH, bits of an input word; BYPASS, 0
//             when bypass_i is never used; TWIDDLES, round(2^15 cos(2 pi n/K)) at [16 n +: 16], 0 <= n <= K/4.
// Latency:    1 cycle for M <= 4, else 4 (pre-sum, product, rounding, addition).
// Rounding:   in ern_rotate.
// Overflow:   none; a word grows by one bit (docs/arithmetic.md).
`default_nettype none

module ern_fft_stage #(
    parameter K        = 8,
    parameter M        = 8,
    parameter IN_WIDTH = 14,
    parameter BYPASS   = 1,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000
) (
    input  wire                        clk,
    input  wire                        bypass_i,  // with the words
    input  wire [      K*IN_WIDTH-1:0] data_i,
    output wire [K*(IN_WIDTH+1)-1:0] data_o
);
  localparam OUT_WIDTH = IN_WIDTH + 1;
  localparam HELD = (M <= 4) ? 0 : 3;  // cycles before the addition

  wire [K*IN_WIDTH-1:0] held;
  ern_delay #(.WIDTH(K * IN_WIDTH), .DEPTH(HELD)) u_held (.clk(clk), .data_i(data_i), .data_o(held));

  wire [K*OUT_WIDTH-1:0] wide;  // the held words with their new sign bit
  wire [K*OUT_WIDTH-1:0] sum;   // the stage's result
  reg  [K*OUT_WIDTH-1:0] out_q;

  genvar g, b, n;
  generate
    if (M < 2 || M > K || K % M != 0) begin : g_bad_size
      ERROR_ern_fft_stage_M_must_be_a_power_of_two_from_2_to_K u_error ();
    end

    for (n = 0; n < K; n = n + 1) begin : g_wide
      assign wide[n*OUT_WIDTH+:OUT_WIDTH] = {held[n*IN_WIDTH+IN_WIDTH-1], held[n*IN_WIDTH+:IN_WIDTH]};
    end

    for (g = 0; g < K; g = g + M) begin : g_group
      assign sum[g*OUT_WIDTH+:OUT_WIDTH] = wide[g*OUT_WIDTH+:OUT_WIDTH] + wide[(g+M/2)*OUT_WIDTH+:OUT_WIDTH];
      assign sum[(g+1)*OUT_WIDTH+:OUT_WIDTH] = wide[g*OUT_WIDTH+:OUT_WIDTH] - wide[(g+M/2)*OUT_WIDTH+:OUT_WIDTH];
      if (M >= 4) begin : g_quarter
        assign sum[(g+M/2)*OUT_WIDTH+:OUT_WIDTH] = wide[(g+1)*OUT_WIDTH+:OUT_WIDTH];
        assign sum[(g+M/2+1)*OUT_WIDTH+:OUT_WIDTH] = -wide[(g+M/2+1)*OUT_WIDTH+:OUT_WIDTH];
      end
      for (b = 1; b < M / 4; b = b + 1) begin : g_bin
        localparam [16:0] C = {1'b0, TWIDDLES[16*(b*(K/M))+:16]};
        localparam [16:0] S = {1'b0, TWIDDLES[16*(K/4-b*(K/M))+:16]};
        wire [OUT_WIDTH-1:0] re;
        wire [OUT_WIDTH-1:0] im;
        reg  [OUT_WIDTH-1:0] re_q;
        reg  [OUT_WIDTH-1:0] im_q;
        ern_rotate #(.IN_WIDTH(IN_WIDTH), .OUT_WIDTH(OUT_WIDTH), .C(C), .S(S)) u_rotate (
            .clk(clk),
            .re_i(data_i[(g+M/2+2*b)*IN_WIDTH+:IN_WIDTH]),
            .im_i(data_i[(g+M/2+2*b+1)*IN_WIDTH+:IN_WIDTH]),
            .re_o(re),
            .im_o(im)
        );
        always @(posedge clk) begin
          re_q <= re;
          im_q <= im;
        end
        assign sum[(g+2*b)*OUT_WIDTH+:OUT_WIDTH] = wide[(g+2*b)*OUT_WIDTH+:OUT_WIDTH] + re_q;
        assign sum[(g+2*b+1)*OUT_WIDTH+:OUT_WIDTH] = wide[(g+2*b+1)*OUT_WIDTH+:OUT_WIDTH] + im_q;
        assign sum[(g+M-2*b)*OUT_WIDTH+:OUT_WIDTH] = wide[(g+2*b)*OUT_WIDTH+:OUT_WIDTH] - re_q;
        assign sum[(g+M-2*b+1)*OUT_WIDTH+:OUT_WIDTH] = im_q - wide[(g+2*b+1)*OUT_WIDTH+:OUT_WIDTH];
      end
    end

    if (BYPASS != 0) begin : g_bypass
      wire bypass;
      ern_delay #(.WIDTH(1), .DEPTH(HELD)) u_bypass (.clk(clk), .data_i(bypass_i), .data_o(bypass));
      always @(posedge clk) out_q <= bypass ? wide : sum;
    end else begin : g_straight
      wire unused = &{1'b0, bypass_i};
      always @(posedge clk) out_q <= sum;
    end
  endgenerate

  assign data_o = out_q;
  wire unused_words = &{1'b0, held, wide, TWIDDLES};  // rotated words are held for the bypass alone
endmodule

`default_nettype wire
