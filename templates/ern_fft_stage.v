// ern_fft_stage: stage M of the forward real transform on K words.
//
// Purpose:    Combines, in each group of M words, the packed spectra E (first half) and O (second half) of M/2
//             points into one of M points: X0 = E0 + O0, X(M/2) = E0 - O0, X(M/4) = E(M/4) - i O(M/4), and for
//             1 <= b < M/4, with t = O(b) e^(-2 pi i b/M): X(b) = E(b) + t, X(M/2 - b) = conj(E(b) - t).
//             With bypass_i the words pass unchanged, with the same latency.
// Parameters: K, words; M, size of the stage, a power of two, 2..K; IN_WIDTH, bits of an input word; BYPASS, 0
//             when bypass_i is never used; TWIDDLES, round(2^15 cos(2 pi n/K)) at [16 n +: 16], 0 <= n <= K/4;
//             ADDERS, 0 or for n/K of a turn the graph of ern_shift_add at [256 n +: 256]; ROTATION, REGISTERS of ern_rotate;
//             REGISTER 0, for M <= 4: no register.
// Latency:    1 cycle for M <= 4 (REGISTER), else 2 + ROTATION (product, rounding, addition).
// Rounding:   in ern_rotate.
// Overflow:   none; a word grows by one bit (docs/reference/arithmetic.md).
`default_nettype none

module ern_fft_stage #(
    parameter K        = 8,
    parameter M        = 8,
    parameter IN_WIDTH = 14,
    parameter BYPASS   = 1,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    parameter ROTATION = 1,
    parameter REGISTER = 1
) (
    input  wire                        clk,
    input  wire                        bypass_i,  // with the words
    input  wire [      K*IN_WIDTH-1:0] data_i,
    output wire [K*(IN_WIDTH+1)-1:0] data_o
);
  localparam OUT_WIDTH = IN_WIDTH + 1;
  localparam HELD = (M <= 4) ? 0 : 1 + ROTATION;  // cycles before the addition

  genvar g, b, n;
  generate
    if (M < 2 || M > K || K % M != 0) begin : g_bad_size
      ERROR_ern_fft_stage_M_must_be_a_power_of_two_from_2_to_K u_error ();
    end
    if (REGISTER == 0 && M > 4) begin : g_bad_register
      ERROR_ern_fft_stage_REGISTER_must_be_1_where_M_is_above_4 u_error ();
    end

    // The words, held until the addition, with their new sign bit.
    for (n = 0; n < K; n = n + 1) begin : g_held
      wire [IN_WIDTH-1:0] word;
      wire [OUT_WIDTH-1:0] wide = {word[IN_WIDTH-1], word};
      ern_delay #(.WIDTH(IN_WIDTH), .DEPTH(HELD)) u_held (.clk(clk), .data_i(data_i[n*IN_WIDTH+:IN_WIDTH]), .data_o(word));
      wire unused = &{1'b0, wide};  // words that are rotated are held for the bypass alone
    end

    wire bypass;
    if (BYPASS != 0) begin : g_bypass
      ern_delay #(.WIDTH(1), .DEPTH(HELD)) u_bypass (.clk(clk), .data_i(bypass_i), .data_o(bypass));
    end else begin : g_straight
      assign bypass = 1'b0;
    end

    // The rotated bins of O.
    for (g = 0; g < K / M; g = g + 1) begin : g_group
      for (b = 1; b < M / 4; b = b + 1) begin : g_bin
        localparam [16:0] C = {1'b0, TWIDDLES[16*(b*(K/M))+:16]};
        localparam [16:0] S = {1'b0, TWIDDLES[16*(K/4-b*(K/M))+:16]};
        localparam RE = g * M + M / 2 + 2 * b;
        wire [OUT_WIDTH-1:0] re;
        wire [OUT_WIDTH-1:0] im;
        reg  [OUT_WIDTH-1:0] re_q;
        reg  [OUT_WIDTH-1:0] im_q;
        ern_rotate #(.IN_WIDTH(IN_WIDTH), .OUT_WIDTH(OUT_WIDTH), .C(C), .S(S), .ADDERS(ADDERS[256*(b*(K/M))+:256]), .REGISTERS(ROTATION)) u_rotate (
            .clk(clk),
            .re_i(data_i[RE*IN_WIDTH+:IN_WIDTH]),
            .im_i(data_i[(RE+1)*IN_WIDTH+:IN_WIDTH]),
            .re_o(re),
            .im_o(im)
        );
        always @(posedge clk) begin
          re_q <= re;
          im_q <= im;
        end
      end
    end

    // Each word of the result by its place in the group.
    for (n = 0; n < K; n = n + 1) begin : g_word
      localparam AT = n % M;         // place in the group
      localparam BASE = n - AT;      // first word of the group
      localparam BIN = (AT < M / 2) ? AT / 2 : (M - AT + 1) / 2;  // of a rotated word
      wire [OUT_WIDTH-1:0] sum;
      if (AT == 0) begin : g_dc
        assign sum = g_held[BASE].wide + g_held[BASE+M/2].wide;
      end else if (AT == 1) begin : g_half
        assign sum = g_held[BASE].wide - g_held[BASE+M/2].wide;
      end else if (AT == M / 2) begin : g_quarter_re
        assign sum = g_held[BASE+1].wide;
      end else if (AT == M / 2 + 1) begin : g_quarter_im
        assign sum = -g_held[BASE+M/2+1].wide;
      end else if (AT < M / 2 && AT % 2 == 0) begin : g_low_re
        assign sum = g_held[BASE+2*BIN].wide + g_group[n/M].g_bin[BIN].re_q;
      end else if (AT < M / 2) begin : g_low_im
        assign sum = g_held[BASE+2*BIN+1].wide + g_group[n/M].g_bin[BIN].im_q;
      end else if (AT % 2 == 0) begin : g_high_re
        assign sum = g_held[BASE+2*BIN].wide - g_group[n/M].g_bin[BIN].re_q;
      end else begin : g_high_im
        assign sum = g_group[n/M].g_bin[BIN].im_q - g_held[BASE+2*BIN+1].wide;
      end
      wire [OUT_WIDTH-1:0] next = bypass ? g_held[n].wide : sum;
      if (REGISTER == 0) begin : g_direct
        assign data_o[n*OUT_WIDTH+:OUT_WIDTH] = next;
      end else begin : g_register
        reg [OUT_WIDTH-1:0] word_q;
        always @(posedge clk) word_q <= next;
        assign data_o[n*OUT_WIDTH+:OUT_WIDTH] = word_q;
      end
    end
  endgenerate
  wire unused = &{1'b0, bypass_i, TWIDDLES, ADDERS};
endmodule

`default_nettype wire
