// erngen_accelerator_ifft: inverse real transforms of K words in parallel, unnormalised, one set a cycle.
//
// Purpose:    In mode e (a runtime input) makes the K/k sample blocks of the K/k consecutive packed spectra of
//             k = 2^e words: decimation in frequency, the transpose of erngen_accelerator_fft. Stage M runs from the largest used
//             size down to 2; stages M > k are bypassed. The samples leave in natural order, times k (the
//             factor 1/k is the place of the binary point), and times KREF / k, so that all modes share one
//             fraction.
// Parameters: K, words, a power of two, 2..64; MODES, bit e set: size 2^e is used (one bit: no multiplexer
//             remains and mode_i is ignored); KREF, a power of two, at least the largest used size; IN_WIDTH, bits
//             of a spectrum word; OUT_WIDTH >= IN_WIDTH + log2 KREF + 1; TAG_WIDTH >= 1; TWIDDLES,
//             round(2^15 cos(2 pi n/K)) at [16 n +: 16], 0 <= n <= K/4; ADDERS, 0 (products) or the
//             rotations' graphs of erngen_accelerator_shift_add at [256 n +: 256]; ROTATION, 1 or 2 cycles of one; SMALL, 2, or 1: the
//             stages 2 and 4 take one cycle together.
// Latency:    1 cycle for each of the stages 2 and 4 (SMALL for both), 2 + ROTATION for each larger one, counted to the largest used size, and
//             1 for the output selection when several sizes are used.
// Rounding:   in the rotations (erngen_accelerator_rotate) alone.
// Overflow:   none: a sample is at most sqrt 2 k times the largest spectrum word.
`default_nettype none

module erngen_accelerator_ifft #(
    parameter K         = 8,
    parameter MODES     = 8,
    parameter KREF      = 8,
    parameter IN_WIDTH  = 20,
    parameter OUT_WIDTH = 24,
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

  // The word that holds sample `at` in mode e: bit reversal inside blocks of 2^e words.
  function integer source(input integer e, input integer at);
    integer bit_at;
    begin
      source = (at >> e) << e;
      for (bit_at = 0; bit_at < e; bit_at = bit_at + 1)
        if (((at >> bit_at) & 1) != 0) source = source + (1 << (e - 1 - bit_at));
    end
  endfunction

  localparam TOP = top_mode(MODES);
  localparam SINGLE = (MODES & (MODES - 1)) == 0;
  localparam STAGE_CYCLES = (TOP < 2) ? TOP : SMALL + (2 + ROTATION) * (TOP - 2);
  localparam LATENCY = STAGE_CYCLES + (SINGLE ? 0 : 1);
  localparam LOG_KREF = $clog2(KREF);
  localparam FIRST = IN_WIDTH + 1;  // the spare bit that the first rotation needs
  localparam FULL = FIRST + TOP;    // bits after the last stage

  erngen_accelerator_delay #(.WIDTH(TAG_WIDTH + 3), .DEPTH(LATENCY)) u_tag (
      .clk(clk), .data_i({mode_i, tag_i}), .data_o({mode_o, tag_o})
  );
  erngen_accelerator_valid_delay #(.WIDTH(1), .DEPTH(LATENCY)) u_valid (
      .clk(clk), .rst_i(rst_i), .data_i(valid_i), .data_o(valid_o)
  );

  genvar n, e, s;
  generate
    if (K < 2 || K > 64 || (K & (K - 1)) != 0) begin : g_bad_k
      ERROR_ern_ifft_K_must_be_a_power_of_two_from_2_to_64 u_error ();
    end
    if (SMALL != 1 && SMALL != 2) begin : g_bad_small
      ERROR_ern_ifft_SMALL_must_be_1_or_2 u_error ();
    end
    if (MODES < 1 || MODES >= 2 * K) begin : g_bad_modes
      ERROR_ern_ifft_MODES_must_name_sizes_from_1_to_K u_error ();
    end
    if (KREF < (1 << TOP) || (KREF & (KREF - 1)) != 0) begin : g_bad_kref
      ERROR_ern_ifft_KREF_must_be_a_power_of_two_not_below_the_largest_size u_error ();
    end
    if (OUT_WIDTH < IN_WIDTH + LOG_KREF + 1) begin : g_bad_width
      ERROR_ern_ifft_OUT_WIDTH_must_be_at_least_IN_WIDTH_plus_log2_KREF_plus_1 u_error ();
    end

    // Level s holds what enters stage M = 2^(TOP - s).
    for (s = 0; s <= TOP; s = s + 1) begin : g_level
      wire [K*(FIRST+s)-1:0] words;
      wire [2:0] mode;
      if (s == 0) begin : g_input
        for (n = 0; n < K; n = n + 1) begin : g_word
          assign words[n*FIRST+:FIRST] = {data_i[n*IN_WIDTH+IN_WIDTH-1], data_i[n*IN_WIDTH+:IN_WIDTH]};
        end
        assign mode = mode_i;
      end else begin : g_stage
        localparam LOG_M = TOP - s + 1;
        localparam REGISTER = (SMALL == 1 && LOG_M == 2) ? 0 : 1;  // of stage 4, before stage 2
        erngen_accelerator_ifft_stage #(
            .K(K), .M(1 << LOG_M), .IN_WIDTH(FIRST + s - 1),
            .BYPASS((MODES & ((1 << LOG_M) - 1)) != 0), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS), .ROTATION(ROTATION),
            .REGISTER(REGISTER)
        ) u_stage (
            .clk(clk),
            .bypass_i({29'b0, g_level[s-1].mode} < LOG_M),
            .data_i(g_level[s-1].words),
            .data_o(words)
        );
        erngen_accelerator_delay #(.WIDTH(3), .DEPTH((LOG_M <= 2) ? REGISTER : 2 + ROTATION)) u_mode (
            .clk(clk), .data_i(g_level[s-1].mode), .data_o(mode)
        );
      end
    end

    // The output permutation of each used mode, and its shift to the common fraction.
    for (n = 0; n < K; n = n + 1) begin : g_select
      for (e = 0; e <= TOP; e = e + 1) begin : g_mode
        localparam FIRST_USED = (MODES & ((1 << e) - 1)) == 0;
        localparam FROM = source(e, n);
        localparam BITS = IN_WIDTH + e + 1;  // that mode e needs
        wire [OUT_WIDTH-1:0] pick;           // the choice among the modes from 0 to e
        if (((MODES >> e) & 1) != 0) begin : g_used
          wire [FULL-1:0] sample = g_level[TOP].words[FROM*FULL+:FULL];
          wire [OUT_WIDTH-1:0] shifted = {{(OUT_WIDTH - BITS + 1) {sample[BITS-1]}}, sample[BITS-2:0]} << (LOG_KREF - e);
          if (FIRST_USED) begin : g_first
            assign pick = shifted;
          end else begin : g_other
            assign pick = ({29'b0, g_level[TOP].mode} == e) ? shifted : g_mode[e-1].pick;
          end
          wire unused = &{1'b0, sample};
        end else if (FIRST_USED) begin : g_before
          assign pick = {OUT_WIDTH{1'b0}};
        end else begin : g_skipped
          assign pick = g_mode[e-1].pick;
        end
        wire unused_pick = &{1'b0, pick};
      end
      if (SINGLE) begin : g_straight
        assign data_o[n*OUT_WIDTH+:OUT_WIDTH] = g_mode[TOP].pick;
      end else begin : g_register
        reg [OUT_WIDTH-1:0] word_q;
        always @(posedge clk) word_q <= g_mode[TOP].pick;
        assign data_o[n*OUT_WIDTH+:OUT_WIDTH] = word_q;
      end
    end
  endgenerate
  wire unused_control = &{1'b0, g_level[TOP].mode};
endmodule

`default_nettype wire
