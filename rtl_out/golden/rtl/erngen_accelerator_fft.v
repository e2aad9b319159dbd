// erngen_accelerator_fft: real transforms of K words in parallel, one set a cycle.
//
// Purpose:    In mode e (a runtime input) makes the K/k packed spectra of the K/k consecutive blocks of k = 2^e
//             words: decimation in time on real data. The words enter each block in bit-reversed order; stage
//             M = 2, 4, ... up to the largest used size follows, and stages M > k are bypassed. Spectrum b lies in
//             words [b k .. b k + k - 1], packed as [X0, X(k/2), Re X1, Im X1, ...].
// Parameters: K, words, a power of two, 2..64; MODES, bit e set: size 2^e is used (one bit: no multiplexer
//             remains and mode_i is ignored); IN_WIDTH, bits of a word, guard included; DROP, bits that are rounded
//             away at the end; OUT_WIDTH >= IN_WIDTH + log2(largest used size) - DROP; TAG_WIDTH >= 1;
//             TWIDDLES, round(2^15 cos(2 pi n/K)) at [16 n +: 16], 0 <= n <= K/4; ADDERS, 0 (products) or the
//             rotations' graphs of erngen_accelerator_shift_add at [256 n +: 256]; ROTATION, 1 or 2 cycles of one; SMALL, 2, or 1: the
//             stages 2 and 4 take one cycle together.
// Latency:    1 cycle for each of the stages 2 and 4 (SMALL for both), 2 + ROTATION for each larger one, 1 more when DROP > 0; counted to the
//             largest used size.
// Rounding:   in the rotations (erngen_accelerator_rotate), and round_shift(., DROP) at the end.
// Overflow:   none in the stages, each of which adds a bit. The final rounding saturates to OUT_WIDTH bits: only
//             full-scale samples can meet it, and only when DROP removes at least the bits that the transform adds.
`default_nettype none

module erngen_accelerator_fft #(
    parameter K         = 8,
    parameter MODES     = 8,
    parameter IN_WIDTH  = 12,
    parameter DROP      = 0,
    parameter OUT_WIDTH = 15,
    parameter TAG_WIDTH = 1,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    parameter ROTATION = 1,
    parameter SMALL = 2
) (
    input  wire                   clk,
    input  wire                   rst_i,    // clears valid bits in flight
    input  wire                   valid_i,
    input  wire [            2:0] mode_i,   // log2 of the block size, with the words
    input  wire [  TAG_WIDTH-1:0] tag_i,
    input  wire [ K*IN_WIDTH-1:0] data_i,
    output wire                   valid_o,
    output wire [            2:0] mode_o,
    output wire [  TAG_WIDTH-1:0] tag_o,
    output wire [K*OUT_WIDTH-1:0] data_o
);
  // log2 of the largest used size
  function integer top_mode(input integer modes);
    integer e;
    begin
      top_mode = 0;
      for (e = 1; e < 7; e = e + 1) if (((modes >> e) & 1) != 0) top_mode = e;
    end
  endfunction

  // The word that enters position `at` in mode e: bit reversal inside blocks of 2^e words.
  function integer source(input integer e, input integer at);
    integer bit_at;
    begin
      source = (at >> e) << e;
      for (bit_at = 0; bit_at < e; bit_at = bit_at + 1)
        if (((at >> bit_at) & 1) != 0) source = source + (1 << (e - 1 - bit_at));
    end
  endfunction

  localparam TOP = top_mode(MODES);
  localparam STAGE_CYCLES = (TOP < 2) ? TOP : SMALL + (2 + ROTATION) * (TOP - 2);
  localparam LATENCY = STAGE_CYCLES + ((DROP > 0) ? 1 : 0);
  localparam FULL = IN_WIDTH + TOP;  // bits after the last stage

  erngen_accelerator_delay #(.WIDTH(TAG_WIDTH + 3), .DEPTH(LATENCY)) u_tag (
      .clk(clk), .data_i({mode_i, tag_i}), .data_o({mode_o, tag_o})
  );
  erngen_accelerator_valid_delay #(.WIDTH(1), .DEPTH(LATENCY)) u_valid (
      .clk(clk), .rst_i(rst_i), .data_i(valid_i), .data_o(valid_o)
  );

  genvar n, e, s;
  generate
    if (K < 2 || K > 64 || (K & (K - 1)) != 0) begin : g_bad_k
      ERROR_ern_fft_K_must_be_a_power_of_two_from_2_to_64 u_error ();
    end
    if (SMALL != 1 && SMALL != 2) begin : g_bad_small
      ERROR_ern_fft_SMALL_must_be_1_or_2 u_error ();
    end
    if (MODES < 1 || MODES >= 2 * K) begin : g_bad_modes
      ERROR_ern_fft_MODES_must_name_sizes_from_1_to_K u_error ();
    end
    if (OUT_WIDTH < FULL - DROP || DROP < 0 || DROP >= FULL - 1) begin : g_bad_width
      ERROR_ern_fft_OUT_WIDTH_must_be_at_least_IN_WIDTH_plus_log2_size_minus_DROP u_error ();
    end

    // The input permutation of each used mode.
    for (n = 0; n < K; n = n + 1) begin : g_order
      for (e = 0; e <= TOP; e = e + 1) begin : g_mode
        localparam FIRST_USED = (MODES & ((1 << e) - 1)) == 0;
        localparam FROM = source(e, n);
        wire [IN_WIDTH-1:0] pick;  // the choice among the modes from 0 to e
        if (FIRST_USED) begin : g_first
          assign pick = data_i[FROM*IN_WIDTH+:IN_WIDTH];
        end else if (((MODES >> e) & 1) != 0) begin : g_used
          assign pick = ({29'b0, mode_i} == e) ? data_i[FROM*IN_WIDTH+:IN_WIDTH] : g_mode[e-1].pick;
        end else begin : g_skipped
          assign pick = g_mode[e-1].pick;
        end
        wire unused_pick = &{1'b0, pick};
      end
    end

    // Level s holds what leaves stage M = 2^s.
    for (s = 0; s <= TOP; s = s + 1) begin : g_level
      wire [K*(IN_WIDTH+s)-1:0] words;
      wire [2:0] mode;
      if (s == 0) begin : g_input
        for (n = 0; n < K; n = n + 1) begin : g_word
          assign words[n*IN_WIDTH+:IN_WIDTH] = g_order[n].g_mode[TOP].pick;
        end
        assign mode = mode_i;
      end else begin : g_stage
        localparam REGISTER = (SMALL == 1 && s == 1 && TOP >= 2) ? 0 : 1;  // of stage 2, before stage 4
        erngen_accelerator_fft_stage #(
            .K(K), .M(1 << s), .IN_WIDTH(IN_WIDTH + s - 1), .BYPASS((MODES & ((1 << s) - 1)) != 0), .TWIDDLES(TWIDDLES),
            .ADDERS(ADDERS), .ROTATION(ROTATION), .REGISTER(REGISTER)
        ) u_stage (
            .clk(clk),
            .bypass_i({29'b0, g_level[s-1].mode} < s),
            .data_i(g_level[s-1].words),
            .data_o(words)
        );
        erngen_accelerator_delay #(.WIDTH(3), .DEPTH((s <= 2) ? REGISTER : 2 + ROTATION)) u_mode (.clk(clk), .data_i(g_level[s-1].mode), .data_o(mode));
      end
    end

    for (n = 0; n < K; n = n + 1) begin : g_drop
      wire [FULL-1:0] word = g_level[TOP].words[n*FULL+:FULL];
      if (DROP > 0) begin : g_round
        localparam [FULL:0] HALF = {{(FULL) {1'b0}}, 1'b1} << (DROP - 1);
        localparam ROUNDED = FULL + 1 - DROP;  // bits of a rounded word, its carry included
        localparam KEPT = (OUT_WIDTH < ROUNDED) ? OUT_WIDTH : ROUNDED;
        wire [FULL:0] rounded = {word[FULL-1], word} + HALF;
        wire over = (KEPT < ROUNDED) && !rounded[FULL] && rounded[FULL-1];
        reg [KEPT-1:0] word_q;
        always @(posedge clk) word_q <= over ? {1'b0, {(KEPT - 1) {1'b1}}} : rounded[DROP+:KEPT];
        assign data_o[n*OUT_WIDTH+:OUT_WIDTH] = {{(OUT_WIDTH - KEPT + 1) {word_q[KEPT-1]}}, word_q[KEPT-2:0]};
        wire unused = &{1'b0, rounded};
      end else begin : g_keep
        assign data_o[n*OUT_WIDTH+:OUT_WIDTH] = {{(OUT_WIDTH - FULL + 1) {word[FULL-1]}}, word[FULL-2:0]};
      end
    end
  endgenerate
  wire unused_control = &{1'b0, g_level[TOP].mode};
endmodule

`default_nettype wire
