// ern_async_fifo: a queue from one clock to another.
//
// Purpose:    What is written in a cycle of write_clk_i with valid and ready is offered in the same order at the side of read_clk_i, and stays
//             until it is taken. The pointers cross in Gray code, of which one bit changes at a time, through two registers; so either side
//             sees an older state of the other, which only makes it wait (Cummings, Simulation and Synthesis Techniques for Asynchronous
//             FIFO Design, SNUG 2002). A word is read two cycles after its pointer was seen to move at the earliest, so it has been written.
//             Both resets begin together (ern_reset_sync) and may end in either order. In reset neither side is ready or valid.
// Parameters: WIDTH >= 1; LOG_DEPTH >= 2, of the 2^LOG_DEPTH words. With 4 a word moves every cycle of the slower clock.
// Latency:    a cycle of the write clock and two to three of the read clock.
// Rounding:   none.
// Overflow:   none; full back-pressure.
`default_nettype none

module ern_async_fifo #(
    parameter WIDTH     = 8,
    parameter LOG_DEPTH = 4
) (
    input  wire             write_clk_i,
    input  wire             write_reset_n_i,  // ends with the clock
    input  wire             valid_i,
    output wire             ready_o,
    input  wire [WIDTH-1:0] data_i,
    input  wire             read_clk_i,
    input  wire             read_reset_n_i,
    output wire             valid_o,
    input  wire             ready_i,
    output wire [WIDTH-1:0] data_o
);
  generate
    if (LOG_DEPTH < 2) begin : g_bad_depth
      ERROR_ern_async_fifo_LOG_DEPTH_must_be_at_least_2 u_error ();
    end
  endgenerate
  localparam L = LOG_DEPTH;

  reg [WIDTH-1:0] memory[0:(1<<L)-1];
  reg [L:0] write_q, write_gray_q;   // one bit more than an address: full and empty differ in it
  reg [L:0] read_q, read_gray_q;
  (* ASYNC_REG = "TRUE" *) reg [L:0] read_seen_q, read_seen_q2;
  (* ASYNC_REG = "TRUE" *) reg [L:0] write_seen_q, write_seen_q2;

  // --- the writing side: full when the pointers differ by all words, which are the two upper bits in Gray code
  wire full = write_gray_q == {~read_seen_q2[L:L-1], read_seen_q2[L-2:0]};
  wire write = valid_i & ready_o;
  wire [L:0] write_next = write_q + {{L{1'b0}}, write};
  assign ready_o = ~full & write_reset_n_i;
  always @(posedge write_clk_i or negedge write_reset_n_i)
    if (!write_reset_n_i) {write_q, write_gray_q, read_seen_q, read_seen_q2} <= {4 * (L + 1) {1'b0}};
    else begin
      write_q <= write_next;
      write_gray_q <= write_next ^ (write_next >> 1);
      {read_seen_q2, read_seen_q} <= {read_seen_q, read_gray_q};
    end
  always @(posedge write_clk_i) if (write) memory[write_q[L-1:0]] <= data_i;

  // --- the reading side
  wire read = valid_o & ready_i;
  wire [L:0] read_next = read_q + {{L{1'b0}}, read};
  assign valid_o = read_gray_q != write_seen_q2;
  assign data_o = memory[read_q[L-1:0]];
  always @(posedge read_clk_i or negedge read_reset_n_i)
    if (!read_reset_n_i) {read_q, read_gray_q, write_seen_q, write_seen_q2} <= {4 * (L + 1) {1'b0}};
    else begin
      read_q <= read_next;
      read_gray_q <= read_next ^ (read_next >> 1);
      {write_seen_q2, write_seen_q} <= {write_seen_q, write_gray_q};
    end
endmodule

`default_nettype wire
