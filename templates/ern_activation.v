// ern_activation: sigmoid or tanh of one signed number, saturating, by a table or by straight lines.
//
// Purpose:    y = f(saturate(x)) with the integers of src/activation/activation.hpp, one value a cycle. Both functions
//             are point symmetric, so only magnitudes below 2^RANGE_BITS are stored, in 2^ADDR_BITS entries; any x
//             beyond gives SAT_HIGH or SAT_LOW. x_i may therefore be wider than the format that the unit was made
//             for, and needs no saturation before it.
// Parameters: FUNCTION     0 sigmoid, 1 tanh (what f(x) + f(-x) is).
//             KIND         0 table, 1 piecewise linear.
//             IN_WIDTH     bits of x_i, > RANGE_BITS.
//             OUT_WIDTH    bits of y_o, A; its fraction is A - 1.
//             RANGE_BITS, ADDR_BITS  as above; RANGE_BITS - ADDR_BITS bits, at most 16 if
//             piecewise, select a place within an entry.
//             ENTRY_WIDTH  bits of an entry: A in a table, A - 1 + ENTRY_SHIFT otherwise.
//             SLOPE_WIDTH, SHIFT, ENTRY_SHIFT  piecewise: bits of a slope, its fraction, the fraction of an entry.
//             SAT_HIGH, SAT_LOW  results beyond the range.
//             DSP          piecewise: 1 multiplies in a DSP block, 0 in LUTs.
//             LATENCY      3; 4 for a faster clock (output register of a block RAM table; product in two halves); 2 for fewer cycles (the
//             word of memory and the result are registered, the magnitude or product between is not).
//             IMAGE        file for $readmemh: words {slope, entry}; "" makes them 0 (lint only).
//             WRITABLE     1: the host writes the words by table_i: bit 57 says that one of tanh is written, 56 one of sigmoid,
//             55:40 are its address, 39:0 the word. What a read of the word that is being written gives is undefined.
// Latency:    LATENCY cycles.
// Rounding:   table: none. Piecewise: half up for x >= 0, half down for x < 0, so that f(-x) + f(x) is exact.
// Overflow:   none; the generator checks every input of the format.
`default_nettype none

module ern_activation #(
    parameter FUNCTION    = 1,
    parameter KIND        = 1,
    parameter IN_WIDTH    = 14,
    parameter OUT_WIDTH   = 12,
    parameter RANGE_BITS  = 12,
    parameter ADDR_BITS   = 7,
    parameter ENTRY_WIDTH = 13,
    parameter SLOPE_WIDTH = 6,
    parameter SHIFT       = 4,
    parameter ENTRY_SHIFT = 2,
    parameter SAT_HIGH    = 2047,
    parameter SAT_LOW     = -2047,
    parameter DSP         = 0,
    parameter LATENCY     = 3,
    parameter IMAGE       = "",
    parameter WRITABLE    = 0
) (
    input  wire                 clk,
    input  wire [         57:0] table_i,
    input  wire [IN_WIDTH-1:0]  x_i,
    output wire [OUT_WIDTH-1:0] y_o
);
  localparam PLACE_BITS = RANGE_BITS - ADDR_BITS;
  localparam WORD       = ENTRY_WIDTH + (KIND == 1 ? SLOPE_WIDTH : 0);
  localparam DEPTH      = 1 << ADDR_BITS;

  generate
    if (IN_WIDTH <= RANGE_BITS) begin : g_bad_width
      ERROR_ern_activation_IN_WIDTH_must_exceed_RANGE_BITS u_error ();
    end
    if (ADDR_BITS < 1 || PLACE_BITS < (KIND == 1 ? 1 : 0)) begin : g_bad_address
      ERROR_ern_activation_ADDR_BITS_must_be_1_to_RANGE_BITS_and_less_if_piecewise u_error ();
    end
    if (KIND == 1 && PLACE_BITS > 16) begin : g_bad_place
      ERROR_ern_activation_RANGE_BITS_minus_ADDR_BITS_must_be_at_most_16_if_piecewise u_error ();
    end
    if (LATENCY < 2 || LATENCY > 4) begin : g_bad_latency
      ERROR_ern_activation_LATENCY_must_be_from_2_to_4 u_error ();
    end
    if (KIND == 1 && (ENTRY_SHIFT < 1 || ENTRY_SHIFT > SHIFT)) begin : g_bad_shift
      ERROR_ern_activation_ENTRY_SHIFT_must_be_1_to_SHIFT u_error ();
    end
  endgenerate

  wire [OUT_WIDTH-1:0] sat_high = SAT_HIGH[OUT_WIDTH-1:0];
  wire [OUT_WIDTH-1:0] sat_low  = SAT_LOW[OUT_WIDTH-1:0];

  wire negative = x_i[IN_WIDTH-1];
  // All bits above the range equal the sign: -2^RANGE_BITS <= x < 2^RANGE_BITS.
  wire in_range = &x_i[IN_WIDTH-1:RANGE_BITS] | ~|x_i[IN_WIDTH-1:RANGE_BITS];

  // --- the ROM: small ones in LUTs, large ones in block RAM -----------------
  wire [ADDR_BITS-1:0] address;
  reg  [WORD-1:0]      word_q;

  wire unused_table_ok = &{1'b0, table_i};
  generate
    if (WRITABLE != 0) begin : g_writable
      if (WORD > 40 || ADDR_BITS > 16) begin : g_bad_word
        ERROR_ern_activation_words_that_are_written_have_at_most_40_bits_and_16_of_address u_error ();
      end
      (* no_rw_check, ramstyle = "no_rw_check", syn_ramstyle = "no_rw_check", rw_addr_collision = "no" *)
      reg [WORD-1:0] ram[0:DEPTH-1];
      if (IMAGE != "") begin : g_image
        initial $readmemh(IMAGE, ram);
      end else begin : g_zero
        integer n;
        initial for (n = 0; n < DEPTH; n = n + 1) ram[n] = {WORD{1'b0}};
      end
      always @(posedge clk) begin
        if (table_i[FUNCTION == 0 ? 56 : 57]) ram[table_i[40+:ADDR_BITS]] <= table_i[WORD-1:0];
        word_q <= ram[address];
      end
    end else if (ADDR_BITS <= 8) begin : g_rom
      (* logic_block *) reg [WORD-1:0] rom[0:DEPTH-1];
      if (IMAGE != "") begin : g_image
        initial $readmemh(IMAGE, rom);
      end else begin : g_zero
        integer n;
        initial for (n = 0; n < DEPTH; n = n + 1) rom[n] = {WORD{1'b0}};
      end
      always @(posedge clk) word_q <= rom[address];
    end else begin : g_block_rom
      (* rom_style = "block" *) reg [WORD-1:0] rom[0:DEPTH-1];
      if (IMAGE != "") begin : g_image
        initial $readmemh(IMAGE, rom);
      end else begin : g_zero
        integer n;
        initial for (n = 0; n < DEPTH; n = n + 1) rom[n] = {WORD{1'b0}};
      end
      always @(posedge clk) word_q <= rom[address];
    end
  endgenerate

  generate
    if (KIND == 0) begin : g_table
      // Cycle 1: the magnitude. Cycle 2: the entry. Cycle 3 (4): the sign.
      wire [RANGE_BITS:0] magnitude_i = negative ? -x_i[RANGE_BITS:0] : x_i[RANGE_BITS:0];
      wire [RANGE_BITS:0] magnitude;
      wire                of_negative, of_range;
      if (LATENCY == 2) begin : g_at_once
        assign magnitude = magnitude_i;
        assign of_negative = negative;
        assign of_range = in_range;
      end else begin : g_magnitude
        reg [RANGE_BITS:0] magnitude_q;
        reg                negative_q, in_range_q;
        always @(posedge clk) begin
          magnitude_q <= magnitude_i;
          negative_q  <= negative;
          in_range_q  <= in_range;
        end
        assign magnitude = magnitude_q;
        assign of_negative = negative_q;
        assign of_range = in_range_q;
      end
      assign address = magnitude[RANGE_BITS-1-:ADDR_BITS];

      reg negative_q2, in_range_q2;
      always @(posedge clk) begin
        negative_q2 <= of_negative;
        in_range_q2 <= of_range & ~magnitude[RANGE_BITS];
      end

      wire [WORD-1:0] word;
      wire            is_negative, is_in_range;
      if (LATENCY == 4) begin : g_output_register
        reg [WORD-1:0] word_q2;
        reg            negative_q3, in_range_q3;
        always @(posedge clk) begin
          word_q2     <= word_q;
          negative_q3 <= negative_q2;
          in_range_q3   <= in_range_q2;
        end
        assign word        = word_q2;
        assign is_negative = negative_q3;
        assign is_in_range   = in_range_q3;
      end else begin : g_direct
        assign word        = word_q;
        assign is_negative = negative_q2;
        assign is_in_range   = in_range_q2;
      end

      // f(-x) = 1 - f(x) for sigmoid: 2^(A-1) - y is -y with the sign bit inverted. An entry of sigmoid may be 1.0,
      // which only its mirror image 0 can show.
      wire [OUT_WIDTH-1:0] mirrored = {{OUT_WIDTH{1'b0}} - word} ^ {FUNCTION == 0, {(OUT_WIDTH - 1) {1'b0}}};
      reg  [OUT_WIDTH-1:0] y_q;
      always @(posedge clk) begin
        if (!is_in_range) y_q <= is_negative ? sat_low : sat_high;
        else if (is_negative) y_q <= mirrored;
        else y_q <= word[OUT_WIDTH-1] ? sat_high : word;
      end
      assign y_o = y_q;
      if (PLACE_BITS > 0) begin : g_place
        wire unused_ok = &{1'b0, magnitude[PLACE_BITS-1:0]};
      end
    end else begin : g_piecewise
      localparam SUM = OUT_WIDTH + SHIFT;

      // Cycle 1: the line. The fold is free: with the ones' complement as index, a negative x lies at
      // x mod 2^b - 2^b from the far end of its segment, which are x's own low bits behind a sign.
      reg [PLACE_BITS-1:0] place_q;
      reg                  negative_q, in_range_q;
      assign address = x_i[RANGE_BITS-1-:ADDR_BITS] ^ {ADDR_BITS{negative}};
      always @(posedge clk) begin
        place_q    <= x_i[PLACE_BITS-1:0];
        negative_q <= negative;
        in_range_q   <= in_range;
      end
      wire [ENTRY_WIDTH-1:0] entry = word_q[ENTRY_WIDTH-1:0];
      wire [SLOPE_WIDTH-1:0] slope = word_q[WORD-1:ENTRY_WIDTH];

      // Cycle 2: where the line starts. For x < 0 that is (BASE + 1) 2^SHIFT - 1 - E, the complement of E plus BASE + 1
      // output units.
      localparam [OUT_WIDTH-1:0] BASE_PLUS_1 = {FUNCTION == 0, {(OUT_WIDTH - 2) {1'b0}}, 1'b1};
      wire [SUM-1:0] entry_wide = {1'b0, entry, {(SHIFT - ENTRY_SHIFT) {1'b0}}};
      wire [SUM-1:0] step_back;  // subtracted from the start when x < 0
      wire [SUM-1:0] folded     = (entry_wide + step_back) ^ {SUM{negative_q}};
      wire [SUM-1:0] begins = in_range_q ? folded + {BASE_PLUS_1 & {OUT_WIDTH{negative_q}}, {SHIFT{1'b0}}}
                                         : {negative_q ? sat_low : sat_high, {SHIFT{1'b0}}};

      // Cycle 2 (3): the product, 0 beyond the range.
      wire [SUM-1:0] product;
      if (DSP == 1) begin : g_dsp
        localparam PRODUCT  = SLOPE_WIDTH + PLACE_BITS + 1;
        localparam EXTENDED = PRODUCT > SUM ? PRODUCT : SUM;
        assign step_back = {SUM{1'b0}};
        wire signed [PLACE_BITS:0]  place = {negative_q, place_q};
        wire signed [SLOPE_WIDTH:0] slope_signed = {1'b0, slope};
        wire signed [PRODUCT-1:0]   steep;
        if (LATENCY == 2) begin : g_at_once
          wire signed [PRODUCT-1:0] whole = slope_signed * place;
          assign steep = in_range_q ? whole : {PRODUCT{1'b0}};
        end else begin : g_product
          reg signed [PRODUCT-1:0] product_q;
          always @(posedge clk) begin
            if (!in_range_q) product_q <= {PRODUCT{1'b0}};
            else product_q <= slope_signed * place;
          end
          assign steep = product_q;
        end
        wire [EXTENDED-1:0] extended = {{(EXTENDED - PRODUCT + 1) {steep[PRODUCT-1]}}, steep[PRODUCT-2:0]};
        if (LATENCY == 4) begin : g_extra
          reg [SUM-1:0] product_q2;
          always @(posedge clk) product_q2 <= extended[SUM-1:0];
          assign product = product_q2;
        end else begin : g_direct
          assign product = extended[SUM-1:0];
        end
        if (EXTENDED > SUM) begin : g_top
          wire unused_top_ok = &{1'b0, extended[EXTENDED-1:SUM]};
        end
      end else begin : g_logic
        // slope (x mod 2^b - 2^b) = slope (x mod 2^b) - slope 2^b; the second part joins the start.
        localparam PRODUCT  = SLOPE_WIDTH + PLACE_BITS;
        localparam EXTENDED = PRODUCT > SUM ? PRODUCT : SUM;
        wire [EXTENDED-1:0] slope_wide = {{(EXTENDED - SLOPE_WIDTH) {1'b0}}, slope};
        wire [EXTENDED-1:0] back       = {EXTENDED{negative_q}} & (slope_wide << PLACE_BITS);
        assign step_back = back[SUM-1:0];
        if (EXTENDED > SUM) begin : g_top
          wire unused_top_ok = &{1'b0, back[EXTENDED-1:SUM]};
        end

        // The product of the slope and the low bits of the place, and that with its high bits, as balanced trees; with
        // LATENCY 4 they meet after a register.
        localparam LOW  = PLACE_BITS <= 2 ? 1 : PLACE_BITS <= 4 ? 2 : PLACE_BITS <= 8 ? 4 : 8;
        localparam HIGH = PLACE_BITS > LOW ? PLACE_BITS - LOW : 1;
        wire [15:0]            place16 = {{(16 - PLACE_BITS) {1'b0}}, place_q};
        wire [SLOPE_WIDTH+7:0] low     = multiple({{(8 - LOW) {1'b0}}, place16[LOW-1:0]}, slope);
        wire [SLOPE_WIDTH+7:0] high    = multiple({{(8 - HIGH) {1'b0}}, place16[LOW+:HIGH]}, slope);
        wire unused_place_ok = &{1'b0, place16[15:LOW+HIGH]};

        // multiple(p: 8, f: SLOPE_WIDTH) -> p f: SLOPE_WIDTH + 8. At each level the low bits of the lower operand pass by
        // the adder, which keeps it short (and keeps synthesis from turning the tree into carry-save adders).
        function [SLOPE_WIDTH+7:0] multiple;
          input [7:0] p;
          input [SLOPE_WIDTH-1:0] f;
          reg [SLOPE_WIDTH+1:0] pair0, pair1, pair2, pair3;
          reg [SLOPE_WIDTH+3:0] four0, four1;
          begin
            pair0    = pair(p[1:0], f);
            pair1    = pair(p[3:2], f);
            pair2    = pair(p[5:4], f);
            pair3    = pair(p[7:6], f);
            four0    = {pair1 + {2'b00, pair0[SLOPE_WIDTH+1:2]}, pair0[1:0]};
            four1    = {pair3 + {2'b00, pair2[SLOPE_WIDTH+1:2]}, pair2[1:0]};
            multiple = {four1 + {4'b0000, four0[SLOPE_WIDTH+3:4]}, four0[3:0]};
          end
        endfunction

        // pair(p: 2, f: SLOPE_WIDTH) -> p f: SLOPE_WIDTH + 2
        function [SLOPE_WIDTH+1:0] pair;
          input [1:0] p;
          input [SLOPE_WIDTH-1:0] f;
          reg [SLOPE_WIDTH:0] even, odd;
          begin
            even = {1'b0, f & {SLOPE_WIDTH{p[0]}}};
            odd  = {1'b0, f & {SLOPE_WIDTH{p[1]}}};
            pair = {odd + (even >> 1), even[0]};
          end
        endfunction

        localparam [SLOPE_WIDTH+7:0] NONE = 0;
        wire [SLOPE_WIDTH+7:0] upper;
        wire [LOW-1:0]         rest;
        if (LATENCY == 4) begin : g_extra
          reg [SLOPE_WIDTH+7:0] high_q;
          reg [LOW-1:0]         rest_q;
          reg [SLOPE_WIDTH+7:0] low_q, high_early_q;
          assign upper = high_q;
          assign rest = rest_q;
          always @(posedge clk) begin
            low_q        <= in_range_q ? low : NONE;
            high_early_q <= in_range_q ? high : NONE;
            high_q       <= high_early_q + (low_q >> LOW);
            rest_q       <= low_q[LOW-1:0];
          end
        end else begin : g_direct
          wire [SLOPE_WIDTH+7:0] sum_of_both = in_range_q ? high + (low >> LOW) : NONE;
          wire [LOW-1:0]         low_rest = in_range_q ? low[LOW-1:0] : NONE[LOW-1:0];
          if (LATENCY == 2) begin : g_at_once
            assign upper = sum_of_both;
            assign rest = low_rest;
          end else begin : g_product
            reg [SLOPE_WIDTH+7:0] high_q;
            reg [LOW-1:0]         rest_q;
            always @(posedge clk) begin
              high_q <= sum_of_both;
              rest_q <= low_rest;
            end
            assign upper = high_q;
            assign rest = rest_q;
          end
        end
        wire [SLOPE_WIDTH+7+LOW:0] all = {upper, rest};
        wire [PRODUCT-1:0] whole = all[PRODUCT-1:0];
        wire unused_all_ok = &{1'b0, all[SLOPE_WIDTH+7+LOW:PRODUCT-1]};
        wire [EXTENDED:0] extended = {{(EXTENDED + 1 - PRODUCT) {1'b0}}, whole};
        assign product = extended[SUM-1:0];
        wire unused_top_ok = &{1'b0, extended[EXTENDED:SUM]};
      end

      // Cycle 3 (4): the sum, without its fraction.
      wire [SUM-1:0] start;
      reg  [SUM-1:0] sum_q;
      if (LATENCY == 2) begin : g_start_at_once
        assign start = begins;
      end else begin : g_start
        reg [SUM-1:0] start_q;
        always @(posedge clk) start_q <= begins;
        if (LATENCY == 4) begin : g_delay
          reg [SUM-1:0] start_q2;
          always @(posedge clk) start_q2 <= start_q;
          assign start = start_q2;
        end else begin : g_direct
          assign start = start_q;
        end
      end
      always @(posedge clk) sum_q <= start + product;
      assign y_o = sum_q[SUM-1:SHIFT];
      wire unused_ok = &{1'b0, sum_q[SHIFT-1:0]};
    end
  endgenerate
endmodule

`default_nettype wire
