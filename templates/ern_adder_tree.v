// ern_adder_tree: sums of N signed numbers, VALUES sums side by side, with registers between the levels.
//
// Purpose:    Adds what the C lanes of one row hand out. Level by level neighbours are added; an odd one waits a
//             cycle. Widths grow by one bit a level up to OUT_WIDTH.
// Bundles:    data_i: term n, value v, at [(n VALUES + v) WIDTH +: WIDTH]; data_o: value v at [v OUT_WIDTH +: OUT_WIDTH].
// Parameters: N, terms, >= 1; VALUES, sums, >= 1; WIDTH, bits of a term, >= 2; OUT_WIDTH >= WIDTH, of a sum;
//             ADDITIONS >= 1, levels between two registers, of which the last ones stand behind the last level.
// Latency:    ceil(ceil(log2 N) / ADDITIONS) cycles; 0 for N = 1.
// Rounding:   none.
// Overflow:   modulo 2^OUT_WIDTH; none when OUT_WIDTH >= WIDTH + ceil(log2 N), or when the terms' own bounds say so.
`default_nettype none

module ern_adder_tree #(
    parameter N         = 3,
    parameter VALUES    = 2,
    parameter WIDTH     = 32,
    parameter OUT_WIDTH = 34,
    parameter ADDITIONS = 1
) (
    input  wire                        clk,
    input  wire [N*VALUES*WIDTH-1:0]   data_i,
    output wire [VALUES*OUT_WIDTH-1:0] data_o
);
  localparam LEVELS = $clog2(N);
  localparam FINAL = (WIDTH + LEVELS < OUT_WIDTH) ? WIDTH + LEVELS : OUT_WIDTH;

  genvar level, n, v;
  generate
    if (ADDITIONS < 1 || N < 1 || VALUES < 1 || WIDTH < 2 || OUT_WIDTH < WIDTH) begin : g_bad_size
      ERROR_ern_adder_tree_N_VALUES_and_ADDITIONS_must_be_positive_WIDTH_2_or_more_OUT_WIDTH_not_below_WIDTH u_error ();
    end

    for (level = 0; level <= LEVELS; level = level + 1) begin : g_level
      localparam COUNT = (N + (1 << level) - 1) >> level;
      localparam BITS = (WIDTH + level < OUT_WIDTH) ? WIDTH + level : OUT_WIDTH;
      wire [COUNT*VALUES*BITS-1:0] terms;
      if (level == 0) begin : g_input
        assign terms = data_i;
      end else begin : g_add
        localparam BEFORE = (N + (1 << (level - 1)) - 1) >> (level - 1);
        localparam NARROW = (WIDTH + level - 1 < OUT_WIDTH) ? WIDTH + level - 1 : OUT_WIDTH;
        for (n = 0; n < COUNT; n = n + 1) begin : g_sum
          for (v = 0; v < VALUES; v = v + 1) begin : g_value
            wire signed [NARROW-1:0] a = g_level[level-1].terms[(2*n*VALUES+v)*NARROW+:NARROW];
            wire signed [BITS-1:0] sum;
            if (2 * n + 1 < BEFORE) begin : g_pair
              wire signed [NARROW-1:0] b = g_level[level-1].terms[((2*n+1)*VALUES+v)*NARROW+:NARROW];
              assign sum = a + b;
            end else begin : g_odd
              assign sum = {{(BITS - NARROW + 1) {a[NARROW-1]}}, a[NARROW-2:0]};
            end
            if ((LEVELS - level) % ADDITIONS == 0) begin : g_register
              reg signed [BITS-1:0] sum_q;
              always @(posedge clk) sum_q <= sum;
              assign terms[(n*VALUES+v)*BITS+:BITS] = sum_q;
            end else begin : g_direct
              assign terms[(n*VALUES+v)*BITS+:BITS] = sum;
            end
          end
        end
      end
    end

    for (v = 0; v < VALUES; v = v + 1) begin : g_out
      wire signed [FINAL-1:0] total = g_level[LEVELS].terms[v*FINAL+:FINAL];
      wire signed [OUT_WIDTH:0] extended = {{(OUT_WIDTH + 1 - FINAL) {total[FINAL-1]}}, total};
      assign data_o[v*OUT_WIDTH+:OUT_WIDTH] = extended[OUT_WIDTH-1:0];
      wire unused = &{1'b0, extended};
    end
    if (LEVELS == 0) begin : g_combinational
      wire unused = &{1'b0, clk};
    end
  endgenerate
endmodule

`default_nettype wire
