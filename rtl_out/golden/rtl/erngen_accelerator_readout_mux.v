// erngen_accelerator_readout_mux: one of N words, by a registered tree of multiplexers.
//
// Purpose:    Brings an accumulator of the lane that is read out to the recombination. The first level chooses among 4 words, which is one
//             6-input LUT a bit, every further level among 8. The number of the word is kept in registers of this tree's own, so that
//             what many trees share ends at them.
// Parameters: N, words, 1..256; WIDTH, bits of a word; CHOICE, 4, or 8 words among which the first level chooses.
// Latency:    from data_i: 0 for N = 1, else 1 + ceil(log8(ceil(N / CHOICE))) cycles: N <= CHOICE: 1, <= 8 CHOICE: 2, else 3.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_readout_mux #(
    parameter N     = 8,
    parameter WIDTH = 32,
    parameter CHOICE = 4
) (
    input  wire               clk,
    input  wire [        7:0] select_i,  // number of the word, one cycle before the words
    input  wire [N*WIDTH-1:0] data_i,
    output wire [  WIDTH-1:0] data_o
);
  // Words that remain after `level` registered levels.
  function integer remaining(input integer level);
    integer l;
    begin
      remaining = N;
      for (l = 0; l < level; l = l + 1) remaining = (l == 0) ? (remaining + CHOICE - 1) / CHOICE : (remaining + 7) / 8;
    end
  endfunction
  function integer level_count(input integer words);
    begin
      level_count = 0;
      if (words > 1) while (remaining(level_count) > 1) level_count = level_count + 1;
    end
  endfunction
  localparam LEVELS = level_count(N);

  genvar level, n, i;
  generate
    if (N < 1 || N > 256 || WIDTH < 1) begin : g_bad_size
      ERROR_ern_readout_mux_N_must_be_from_1_to_256_and_WIDTH_at_least_1 u_error ();
    end

    if (CHOICE != 4 && CHOICE != 8) begin : g_bad_choice
      ERROR_ern_readout_mux_CHOICE_must_be_4_or_8 u_error ();
    end

    for (level = 0; level <= LEVELS; level = level + 1) begin : g_level
      localparam COUNT = remaining(level);
      wire [COUNT*WIDTH-1:0] words;
      (* keep = "true" *) reg [7:0] select_q;   // of the next level; levels above need fewer bits
      if (level == 0) begin : g_words
        assign words = data_i;
        always @(posedge clk) select_q <= select_i;
      end else begin : g_choose
        localparam BEFORE = remaining(level - 1);
        localparam FAN = (level == 1) ? CHOICE : 8;
        localparam BITS = (FAN == 4) ? 2 : 3;
        always @(posedge clk) select_q <= g_level[level-1].select_q >> BITS;
        for (n = 0; n < COUNT; n = n + 1) begin : g_word
          // A binary tree: node i chooses between 2 i + 1 and 2 i + 2; its leaves are the words, the last one standing for absent ones.
          for (i = 0; i < 2 * FAN - 1; i = i + 1) begin : g_node
            wire [WIDTH-1:0] chosen;
            if (i >= FAN - 1) begin : g_leaf
              localparam PLACE = FAN * n + i - (FAN - 1);
              localparam WORD = (PLACE < BEFORE) ? PLACE : BEFORE - 1;
              assign chosen = g_level[level-1].words[WORD*WIDTH+:WIDTH];
            end else begin : g_fork
              localparam BIT = (i == 0) ? BITS - 1 : (i < 3) ? BITS - 2 : 0;
              assign chosen = g_level[level-1].select_q[BIT] ? g_node[2*i+2].chosen : g_node[2*i+1].chosen;
            end
          end
          reg [WIDTH-1:0] word_q;
          always @(posedge clk) word_q <= g_node[0].chosen;
          assign words[n*WIDTH+:WIDTH] = word_q;
        end
      end
      if (level == LEVELS) begin : g_last
        wire unused = &{1'b0, select_q};
      end
    end
  endgenerate
  assign data_o = g_level[LEVELS].words;
endmodule

`default_nettype wire
