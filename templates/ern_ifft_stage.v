// ern_ifft_stage: stage M of the inverse real transform on K words, the transpose of ern_fft_stage.
//
// Purpose:    Splits, in each group of M words, the packed spectrum X of M points into E (first half) and O (second
//             half) of M/2 points: E0 = X0 + X(M/2), O0 = X0 - X(M/2), E(M/4) = 2 Re X(M/4), O(M/4) = -2 Im X(M/4), and
//             for 1 <= b < M/4: E(b) = X(b) + conj X(M/2 - b), O(b) = (X(b) - conj X(M/2 - b)) e^(+2 pi i b/M).
//             With bypass_i the words pass unchanged, with the same latency.
// Parameters: K, words; M, size of the stage, a power of two, 2..K; IN_WIDTH, bits of an input word; BYPASS, 0
//             when bypass_i is never used; TWIDDLES, round(2^15 cos(2 pi n/K)) at [16 n +: 16], 0 <= n <= K/4.
// Latency:    1 cycle for M <= 4, else 4 (addition, pre-sum, product, rounding).
// Rounding:   in ern_rotate.
// Overflow:   none; a word grows by one bit, given that the first stage's words have one bit to spare
//             (docs/arithmetic.md).
`default_nettype none

module ern_ifft_stage #(
    parameter K        = 8,
    parameter M        = 8,
    parameter IN_WIDTH = 21,
    parameter BYPASS   = 1,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000
) (
    input  wire                        clk,
    input  wire                        bypass_i,  // with the words
    input  wire [      K*IN_WIDTH-1:0] data_i,
    output wire [K*(IN_WIDTH+1)-1:0] data_o
);
  localparam OUT_WIDTH = IN_WIDTH + 1;
  localparam AFTER = (M <= 4) ? 0 : 3;  // cycles after the addition

  wire [K*OUT_WIDTH-1:0] wide;  // the words with their new sign bit
  wire [K*OUT_WIDTH-1:0] sum;   // E, O before its rotation
  reg  [K*OUT_WIDTH-1:0] sum_q;

  genvar g, b, n;
  generate
    if (M < 2 || M > K || K % M != 0) begin : g_bad_size
      ERROR_ern_ifft_stage_M_must_be_a_power_of_two_from_2_to_K u_error ();
    end

    for (n = 0; n < K; n = n + 1) begin : g_wide
      assign wide[n*OUT_WIDTH+:OUT_WIDTH] = {data_i[n*IN_WIDTH+IN_WIDTH-1], data_i[n*IN_WIDTH+:IN_WIDTH]};
    end

    for (g = 0; g < K; g = g + M) begin : g_group
      assign sum[g*OUT_WIDTH+:OUT_WIDTH] = wide[g*OUT_WIDTH+:OUT_WIDTH] + wide[(g+1)*OUT_WIDTH+:OUT_WIDTH];
      assign sum[(g+M/2)*OUT_WIDTH+:OUT_WIDTH] = wide[g*OUT_WIDTH+:OUT_WIDTH] - wide[(g+1)*OUT_WIDTH+:OUT_WIDTH];
      if (M >= 4) begin : g_quarter
        assign sum[(g+1)*OUT_WIDTH+:OUT_WIDTH] = {data_i[(g+M/2)*IN_WIDTH+:IN_WIDTH], 1'b0};
        assign sum[(g+M/2+1)*OUT_WIDTH+:OUT_WIDTH] = -{data_i[(g+M/2+1)*IN_WIDTH+:IN_WIDTH], 1'b0};
      end
      for (b = 1; b < M / 4; b = b + 1) begin : g_bin
        assign sum[(g+2*b)*OUT_WIDTH+:OUT_WIDTH] =
            wide[(g+2*b)*OUT_WIDTH+:OUT_WIDTH] + wide[(g+M-2*b)*OUT_WIDTH+:OUT_WIDTH];
        assign sum[(g+2*b+1)*OUT_WIDTH+:OUT_WIDTH] =
            wide[(g+2*b+1)*OUT_WIDTH+:OUT_WIDTH] - wide[(g+M-2*b+1)*OUT_WIDTH+:OUT_WIDTH];
        assign sum[(g+M/2+2*b)*OUT_WIDTH+:OUT_WIDTH] =
            wide[(g+2*b)*OUT_WIDTH+:OUT_WIDTH] - wide[(g+M-2*b)*OUT_WIDTH+:OUT_WIDTH];
        assign sum[(g+M/2+2*b+1)*OUT_WIDTH+:OUT_WIDTH] =
            wide[(g+2*b+1)*OUT_WIDTH+:OUT_WIDTH] + wide[(g+M-2*b+1)*OUT_WIDTH+:OUT_WIDTH];
      end
    end

    // A bypassed word takes the place of the sum; the rotation of such a word is not used.
    if (BYPASS != 0) begin : g_bypass
      always @(posedge clk) sum_q <= bypass_i ? wide : sum;
    end else begin : g_straight
      wire unused = &{1'b0, bypass_i};
      always @(posedge clk) sum_q <= sum;
    end

    if (M <= 4) begin : g_plain
      assign data_o = sum_q;
    end else begin : g_rotating
      wire [K*OUT_WIDTH-1:0] held;  // one cycle short of the output
      ern_delay #(.WIDTH(K * OUT_WIDTH), .DEPTH(AFTER - 1)) u_held (.clk(clk), .data_i(sum_q), .data_o(held));
      wire [K*OUT_WIDTH-1:0] turned;
      reg  [K*OUT_WIDTH-1:0] out_q;

      for (g = 0; g < K; g = g + M) begin : g_turn
        for (n = 0; n < M / 2; n = n + 1) begin : g_even
          assign turned[(g+n)*OUT_WIDTH+:OUT_WIDTH] = held[(g+n)*OUT_WIDTH+:OUT_WIDTH];
        end
        assign turned[(g+M/2)*OUT_WIDTH+:2*OUT_WIDTH] = held[(g+M/2)*OUT_WIDTH+:2*OUT_WIDTH];
        for (b = 1; b < M / 4; b = b + 1) begin : g_bin
          localparam [16:0] C = {1'b0, TWIDDLES[16*(b*(K/M))+:16]};
          localparam [16:0] S = {1'b0, TWIDDLES[16*(K/4-b*(K/M))+:16]};
          ern_rotate #(.IN_WIDTH(OUT_WIDTH), .OUT_WIDTH(OUT_WIDTH), .C(C), .S(-S)) u_rotate (
              .clk(clk),
              .re_i(sum_q[(g+M/2+2*b)*OUT_WIDTH+:OUT_WIDTH]),
              .im_i(sum_q[(g+M/2+2*b+1)*OUT_WIDTH+:OUT_WIDTH]),
              .re_o(turned[(g+M/2+2*b)*OUT_WIDTH+:OUT_WIDTH]),
              .im_o(turned[(g+M/2+2*b+1)*OUT_WIDTH+:OUT_WIDTH])
          );
        end
      end

      if (BYPASS != 0) begin : g_pass
        wire bypass;
        ern_delay #(.WIDTH(1), .DEPTH(AFTER)) u_bypass (.clk(clk), .data_i(bypass_i), .data_o(bypass));
        always @(posedge clk) out_q <= bypass ? held : turned;
      end else begin : g_always
        wire unused = &{1'b0, held};  // rotated words are held for the bypass alone
        always @(posedge clk) out_q <= turned;
      end
      assign data_o = out_q;
    end
  endgenerate
  wire unused_words = &{1'b0, wide, TWIDDLES};
endmodule

`default_nettype wire
