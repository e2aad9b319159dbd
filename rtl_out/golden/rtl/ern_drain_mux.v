// ern_drain_mux: the enabled one of N words, by a registered AND-OR tree.
//
// Purpose:    Brings the accumulators of the lane that drains to the recombination. At most one enable is set in
//             a cycle; without one the result is zero. Every level joins 6 words; the first one masks them too, which
//             makes it two 6-input LUTs deep, the others are one.
// Parameters: N, words, >= 1; WIDTH, bits of a word.
// Latency:    0 for N = 1 (a mask only), else ceil(log6(N)) cycles: N <= 6: 1, <= 36: 2, <= 216: 3.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module ern_drain_mux #(
    parameter N     = 8,
    parameter WIDTH = 32
) (
    input  wire               clk,
    input  wire [      N-1:0] enable_i,  // one-hot or zero, with the words
    input  wire [N*WIDTH-1:0] data_i,
    output wire [  WIDTH-1:0] data_o
);
  // Words that remain after `level` registered levels.
  function integer remaining(input integer level);
    integer l;
    begin
      remaining = N;
      for (l = 0; l < level; l = l + 1) remaining = (remaining + 5) / 6;
    end
  endfunction
  function integer level_count(input integer words);
    begin
      level_count = (words > 1) ? 1 : 0;
      while (level_count > 0 && remaining(level_count) > 1) level_count = level_count + 1;
    end
  endfunction
  localparam LEVELS = level_count(N);

  genvar level, n, i;
  generate
    if (N < 1 || WIDTH < 1) begin : g_bad_size
      ERROR_ern_drain_mux_N_and_WIDTH_must_be_at_least_1 u_error ();
    end

    for (level = 0; level <= LEVELS; level = level + 1) begin : g_level
      localparam COUNT = remaining(level);
      wire [COUNT*WIDTH-1:0] words;
      if (level == 0) begin : g_mask
        for (n = 0; n < N; n = n + 1) begin : g_word
          assign words[n*WIDTH+:WIDTH] = data_i[n*WIDTH+:WIDTH] & {WIDTH{enable_i[n]}};
        end
      end else begin : g_join
        localparam BEFORE = remaining(level - 1);
        localparam FAN = 6;
        for (n = 0; n < COUNT; n = n + 1) begin : g_word
          for (i = 0; i < FAN; i = i + 1) begin : g_term
            wire [WIDTH-1:0] joined;  // of the terms 0..i
            if (i == 0) begin : g_first
              assign joined = g_level[level-1].words[FAN*n*WIDTH+:WIDTH];
            end else if (FAN * n + i < BEFORE) begin : g_next
              assign joined = g_term[i-1].joined | g_level[level-1].words[(FAN*n+i)*WIDTH+:WIDTH];
            end else begin : g_absent
              assign joined = g_term[i-1].joined;
            end
          end
          reg [WIDTH-1:0] word_q;
          always @(posedge clk) word_q <= g_term[FAN-1].joined;
          assign words[n*WIDTH+:WIDTH] = word_q;
        end
      end
    end

    if (LEVELS == 0) begin : g_combinational
      wire unused = &{1'b0, clk};
    end
  endgenerate
  assign data_o = g_level[LEVELS].words;
endmodule

`default_nettype wire
