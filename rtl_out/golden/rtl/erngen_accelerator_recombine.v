// erngen_accelerator_recombine: makes packed spectra of the accumulators that are read out.
//
// Purpose:    Complex pair j: re = A - B, im = A + C; two real bins: A and C (erngen_accelerator_lane); then every word is
//             saturate(round_shift(., s), WD), s being one of a list. Pair j is complex when k = 2^mode >= 4 and
//             j mod (k/2) != 0; pair 0 never is.
//             Where COMBINED is 1 the words come as such (erngen_accelerator_correction).
// Bundle:     acc_i, from the low bits up: A0, C0, then for j = 1..K/2-1: A, B, C (ACC each); where COMBINED is 1: the K words (ACC each).
// Parameters: K, words, a power of two, 2..64; MODES, bit e set: size 2^e is used (one bit: mode_i is ignored);
//             ACC, bits of an accumulator; WD, bits of a result word; SHIFTS, number of shifts; SHIFT_LIST, shift n,
//             8-bit signed, at [8 n +: 8] (negative: to the left); TAG_WIDTH >= 1; COMBINED; CYCLES, 3, or 1: one
//             register behind all.
// Latency:    3 cycles (combination, rounding, saturation), where COMBINED is 1: 2; where CYCLES is 1: 1.
// Rounding:   round_shift(., s): half up.
// Overflow:   none before the saturation to WD bits: the combination has ACC + 1 bits. A list of several shifts is
//             first brought to the largest one, exactly, by shifting left.
`default_nettype none

module erngen_accelerator_recombine #(
    parameter K         = 8,
    parameter MODES     = 8,
    parameter ACC       = 36,
    parameter WD        = 20,
    parameter SHIFTS    = 1,
    parameter [8*SHIFTS-1:0] SHIFT_LIST = {SHIFTS{8'd14}},
    parameter TAG_WIDTH = 1,
    parameter COMBINED  = 0,
    parameter CYCLES    = 3,
    // Derived, not to be set.
    parameter SHIFT_BITS = (SHIFTS > 1) ? $clog2(SHIFTS) : 1,
    parameter AB = ((COMBINED != 0) ? K : 3*K/2-1)*ACC
) (
    input  wire                       clk,
    input  wire                       rst_i,    // clears valid bits in flight
    input  wire                       valid_i,
    input  wire [                2:0] mode_i,   // log2 of the block size, with the accumulators
    input  wire [     SHIFT_BITS-1:0] shift_i,  // index into SHIFT_LIST
    input  wire [      TAG_WIDTH-1:0] tag_i,
    input  wire [             AB-1:0] acc_i,
    output wire                       valid_o,
    output wire [                2:0] mode_o,
    output wire [      TAG_WIDTH-1:0] tag_o,
    output wire [           K*WD-1:0] data_o
);
  function integer shift_of(input integer index);
    integer value;
    begin
      value = {24'b0, SHIFT_LIST[8*index+:8]};
      shift_of = (value >= 128) ? value - 256 : value;
    end
  endfunction
  function integer extreme(input integer largest);
    integer index;
    begin
      extreme = shift_of(0);
      for (index = 1; index < SHIFTS; index = index + 1)
        if (largest != 0 ? shift_of(index) > extreme : shift_of(index) < extreme) extreme = shift_of(index);
    end
  endfunction

  localparam LATENCY = (CYCLES == 1) ? 1 : (COMBINED != 0) ? 2 : 3;
  localparam LOG_K = $clog2(K);
  localparam LARGEST = (extreme(1) > 0) ? extreme(1) : 0;  // bits rounded away after the left shifts
  localparam WIDE = ACC + 1 + LARGEST - extreme(0);          // bits of a left-shifted combination
  // One bit for the carry of the rounding; at least one bit above the result's sign.
  localparam TOTAL = (WIDE + 1 > LARGEST + WD + 1) ? WIDE + 1 : LARGEST + WD + 1;
  localparam [TOTAL-1:0] HALF = (LARGEST > 0) ? {{(TOTAL - 1) {1'b0}}, 1'b1} << (LARGEST - 1) : {TOTAL{1'b0}};

  erngen_accelerator_delay #(.WIDTH(TAG_WIDTH + 3), .DEPTH(LATENCY)) u_tag (
      .clk(clk), .data_i({mode_i, tag_i}), .data_o({mode_o, tag_o})
  );
  erngen_accelerator_valid_delay #(.WIDTH(1), .DEPTH(LATENCY)) u_valid (
      .clk(clk), .rst_i(rst_i), .data_i(valid_i), .data_o(valid_o)
  );

  wire [SHIFT_BITS-1:0] shift;  // with the combined words
  generate
    if (COMBINED != 0 || CYCLES == 1) begin : g_at_once
      assign shift = shift_i;
    end else begin : g_behind
      reg [SHIFT_BITS-1:0] shift_q;
      always @(posedge clk) shift_q <= shift_i;
      assign shift = shift_q;
    end
  endgenerate

  genvar j, e, n, c;
  generate
    if (K < 2 || K > 64 || (K & (K - 1)) != 0) begin : g_bad_k
      ERROR_ern_recombine_K_must_be_a_power_of_two_from_2_to_64 u_error ();
    end
    if (MODES < 1 || MODES >= 2 * K) begin : g_bad_modes
      ERROR_ern_recombine_MODES_must_name_sizes_from_1_to_K u_error ();
    end
    if (SHIFTS < 1) begin : g_bad_shifts
      ERROR_ern_recombine_SHIFTS_must_be_at_least_1 u_error ();
    end

    if (CYCLES != 1 && CYCLES != 3) begin : g_bad_cycles
      ERROR_ern_recombine_CYCLES_must_be_1_or_3 u_error ();
    end

    // Combination: the two words of a pair, ACC + 1 bits each.
    for (j = 0; j < ((COMBINED != 0) ? 0 : K / 2); j = j + 1) begin : g_pair
      wire [LOG_K:0] vote;  // the pair is complex in this mode; a constant when one mode is used
      for (e = 0; e <= LOG_K; e = e + 1) begin : g_mode
        localparam COMPLEX = ((MODES >> e) & 1) != 0 && e >= 2 && j % (((1 << e) + 1) / 2) != 0;
        assign vote[e] = COMPLEX && ((MODES & (MODES - 1)) == 0 || {29'b0, mode_i} == e);
      end
      wire is_complex = |vote;
      localparam AT = (j == 0) ? 0 : (3 * j - 1) * ACC;
      wire [ACC-1:0] a = acc_i[AT+:ACC];
      wire [ACC-1:0] c3 = acc_i[AT+((j==0)?ACC:2*ACC)+:ACC];
      wire [ACC-1:0] minus = is_complex ? acc_i[AT+ACC+:ACC] : {ACC{1'b0}};
      wire [ACC-1:0] plus = is_complex ? a : {ACC{1'b0}};
      wire [ACC:0] first_sum = {a[ACC-1], a} - {minus[ACC-1], minus};
      wire [ACC:0] second_sum = {plus[ACC-1], plus} + {c3[ACC-1], c3};
      wire [ACC:0] first;
      wire [ACC:0] second;
      if (CYCLES == 1) begin : g_direct
        assign first = first_sum;
        assign second = second_sum;
      end else begin : g_register
        reg [ACC:0] first_q;
        reg [ACC:0] second_q;
        always @(posedge clk) begin
          first_q <= first_sum;
          second_q <= second_sum;
        end
        assign first = first_q;
        assign second = second_q;
      end
    end

    for (n = 0; n < K; n = n + 1) begin : g_word
      wire [ACC:0] word;
      if (COMBINED != 0) begin : g_given
        assign word = {acc_i[n*ACC+ACC-1], acc_i[n*ACC+:ACC]};
      end else if (n % 2 == 0) begin : g_first_word
        assign word = g_pair[n/2].first;
      end else begin : g_second_word
        assign word = g_pair[n/2].second;
      end
      wire [TOTAL-1:0] extended = {{(TOTAL - ACC) {word[ACC]}}, word[ACC-1:0]};
      for (c = 0; c < SHIFTS; c = c + 1) begin : g_shift
        localparam LEFT = LARGEST - shift_of(c);
        wire [TOTAL-1:0] pick;  // the choice among the shifts from 0 to c
        if (c == 0) begin : g_first
          assign pick = extended << LEFT;
        end else begin : g_other
          assign pick = ({{(32 - SHIFT_BITS) {1'b0}}, shift} == c) ? extended << LEFT : g_shift[c-1].pick;
        end
      end
      wire [TOTAL-1:0] sum = g_shift[SHIFTS-1].pick + HALF;
      wire [TOTAL-1:0] rounded;
      if (CYCLES == 1) begin : g_direct
        assign rounded = sum;
      end else begin : g_register
        reg [TOTAL-1:0] rounded_q;
        always @(posedge clk) rounded_q <= sum;
        assign rounded = rounded_q;
      end
      reg [WD-1:0] result_q;
      wire sign = rounded[TOTAL-1];
      // The bits from the result's sign up are equal exactly when the result fits.
      wire fits = (&rounded[TOTAL-1:LARGEST+WD-1]) | ~(|rounded[TOTAL-1:LARGEST+WD-1]);
      always @(posedge clk) result_q <= fits ? rounded[LARGEST+:WD] : {sign, {(WD - 1) {~sign}}};
      assign data_o[n*WD+:WD] = result_q;
      wire unused = &{1'b0, rounded};
    end
  endgenerate
  wire unused_control = &{1'b0, mode_i, shift, acc_i};
endmodule

`default_nettype wire
