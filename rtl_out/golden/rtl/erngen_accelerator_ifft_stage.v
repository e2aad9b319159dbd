// erngen_accelerator_ifft_stage: stage M of the inverse real transform on K words, the transpose of erngen_accelerator_fft_stage.
//
// Purpose:    Splits, in each group of M words, the packed spectrum X of M points into E (first half) and O (second
//             half) of M/2 points: E0 = X0 + X(M/2), O0 = X0 - X(M/2), E(M/4) = 2 Re X(M/4), O(M/4) = -2 Im X(M/4), and
//             for 1 <= b < M/4: E(b) = X(b) + conj X(M/2 - b), O(b) = (X(b) - conj X(M/2 - b)) e^(+2 pi i b/M).
//             With bypass_i the words pass unchanged, with the same latency.
// Parameters: K, words; M, size of the stage, a power of two, 2..K; IN_WIDTH, bits of an input word; BYPASS, 0
//             when bypass_i is never used; TWIDDLES, round(2^15 cos(2 pi n/K)) at [16 n +: 16], 0 <= n <= K/4;
//             ADDERS, 0 or for n/K of a turn the graph of erngen_accelerator_shift_add at [256 n +: 256]; ROTATION, REGISTERS of erngen_accelerator_rotate;
//             REGISTER 0, for M <= 4: no register.
// Latency:    1 cycle for M <= 4 (REGISTER), else 2 + ROTATION (addition, product, rounding).
// Rounding:   in erngen_accelerator_rotate.
// Overflow:   none; a word grows by one bit, given that the first stage's words have one bit to spare
//             (docs/reference/arithmetic.md).
`default_nettype none

module erngen_accelerator_ifft_stage #(
    parameter K        = 8,
    parameter M        = 8,
    parameter IN_WIDTH = 21,
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
  localparam AFTER = (M <= 4) ? 0 : 1 + ROTATION;  // cycles after the addition

  genvar g, b, n;
  generate
    if (M < 2 || M > K || K % M != 0) begin : g_bad_size
      ERROR_ern_ifft_stage_M_must_be_a_power_of_two_from_2_to_K u_error ();
    end
    if (REGISTER == 0 && M > 4) begin : g_bad_register
      ERROR_ern_ifft_stage_REGISTER_must_be_1_where_M_is_above_4 u_error ();
    end

    for (n = 0; n < K; n = n + 1) begin : g_in
      wire [OUT_WIDTH-1:0] wide = {data_i[n*IN_WIDTH+IN_WIDTH-1], data_i[n*IN_WIDTH+:IN_WIDTH]};
    end

    wire bypass_in;   // with the words
    wire bypass_out;  // at the last register of a rotating stage
    if (BYPASS != 0) begin : g_bypass
      assign bypass_in = bypass_i;
      erngen_accelerator_delay #(.WIDTH(1), .DEPTH(AFTER)) u_bypass (.clk(clk), .data_i(bypass_i), .data_o(bypass_out));
    end else begin : g_straight
      assign bypass_in = 1'b0;
      assign bypass_out = 1'b0;
    end

    // E, and O before its rotation, by the word's place in the group. A bypassed word takes the place of the sum.
    for (n = 0; n < K; n = n + 1) begin : g_sum
      localparam AT = n % M;
      localparam BASE = n - AT;
      localparam BIN = (AT % (M / 2)) / 2;
      wire [OUT_WIDTH-1:0] sum;
      if (AT == 0) begin : g_even_dc
        assign sum = g_in[BASE].wide + g_in[BASE+1].wide;
      end else if (AT == M / 2) begin : g_odd_dc
        assign sum = g_in[BASE].wide - g_in[BASE+1].wide;
      end else if (AT == 1) begin : g_even_half
        assign sum = {g_in[BASE+M/2].wide[IN_WIDTH-1:0], 1'b0};
      end else if (AT == M / 2 + 1) begin : g_odd_half
        assign sum = -{g_in[BASE+M/2+1].wide[IN_WIDTH-1:0], 1'b0};
      end else if ((AT < M / 2) == (AT % 2 == 0)) begin : g_plus  // E: real part, O: imaginary part
        assign sum = g_in[BASE+2*BIN+AT%2].wide + g_in[BASE+M-2*BIN+AT%2].wide;
      end else begin : g_minus
        assign sum = g_in[BASE+2*BIN+AT%2].wide - g_in[BASE+M-2*BIN+AT%2].wide;
      end
      wire [OUT_WIDTH-1:0] next = bypass_in ? g_in[n].wide : sum;
      wire [OUT_WIDTH-1:0] word;
      if (REGISTER == 0) begin : g_direct
        assign word = next;
      end else begin : g_register
        reg [OUT_WIDTH-1:0] word_q;
        always @(posedge clk) word_q <= next;
        assign word = word_q;
      end
      wire unused = &{1'b0, g_in[n].wide};
    end

    if (M <= 4) begin : g_plain
      for (n = 0; n < K; n = n + 1) begin : g_word
        assign data_o[n*OUT_WIDTH+:OUT_WIDTH] = g_sum[n].word;
      end
      wire unused = &{1'b0, bypass_out};
    end else begin : g_rotating
      for (g = 0; g < K / M; g = g + 1) begin : g_group
        for (b = 1; b < M / 4; b = b + 1) begin : g_bin
          localparam [16:0] C = {1'b0, TWIDDLES[16*(b*(K/M))+:16]};
          localparam [16:0] S = {1'b0, TWIDDLES[16*(K/4-b*(K/M))+:16]};
          wire [2*OUT_WIDTH-1:0] turned;  // {im, re}
          erngen_accelerator_rotate #(.IN_WIDTH(OUT_WIDTH), .OUT_WIDTH(OUT_WIDTH), .C(C), .S(-S), .ADDERS(ADDERS[256*(b*(K/M))+:256]),
              .REGISTERS(ROTATION)) u_rotate (
              .clk(clk),
              .re_i(g_sum[g*M+M/2+2*b].word),
              .im_i(g_sum[g*M+M/2+2*b+1].word),
              .re_o(turned[0+:OUT_WIDTH]),
              .im_o(turned[OUT_WIDTH+:OUT_WIDTH])
          );
        end
      end
      for (n = 0; n < K; n = n + 1) begin : g_word
        localparam AT = n % M;
        wire [OUT_WIDTH-1:0] held;  // one cycle short of the output
        erngen_accelerator_delay #(.WIDTH(OUT_WIDTH), .DEPTH(AFTER - 1)) u_held (.clk(clk), .data_i(g_sum[n].word), .data_o(held));
        wire [OUT_WIDTH-1:0] next;
        if (AT < M / 2 + 2) begin : g_kept
          assign next = held;
        end else begin : g_turned
          localparam BIN = (AT - M / 2) / 2;
          assign next = bypass_out ? held : g_group[n/M].g_bin[BIN].turned[(AT%2)*OUT_WIDTH+:OUT_WIDTH];
          wire unused = &{1'b0, held};  // needed for the bypass alone
        end
        reg [OUT_WIDTH-1:0] word_q;
        always @(posedge clk) word_q <= next;
        assign data_o[n*OUT_WIDTH+:OUT_WIDTH] = word_q;
      end
    end
  endgenerate
  wire unused = &{1'b0, bypass_i, TWIDDLES, ADDERS};
endmodule

`default_nettype wire
