// erngen_accelerator_fifo: a synchronous first-word-fall-through FIFO in RAM.
//
// Purpose:    Buffers words between two valid/ready channels of one clock. The RAM's read port is followed by
//             its output register, so a block RAM is used with both of its registers; valid_o and data_o
//             come from that register.
// Parameters: WIDTH, bits of a word, >= 1; DEPTH, words in the RAM, >= 2 (any number). Up to DEPTH + 2 words
//             are held: two more wait in the read registers.
// Latency:    3 cycles from a word taken into an empty FIFO to valid_o; one word a cycle sustained.
// Rounding:   none.
// Overflow:   none; a word offered while ready_o is 0 is not taken.
`default_nettype none

module erngen_accelerator_fifo #(
    parameter WIDTH      = 8,
    parameter DEPTH      = 16,
    // Derived, not to be set: bits of a count from 0 to DEPTH + 2.
    parameter COUNT_BITS = $clog2(DEPTH + 3)
) (
    input  wire                  clk,
    input  wire                  rst_i,    // synchronous, active high
    input  wire                  valid_i,
    output wire                  ready_o,
    input  wire [     WIDTH-1:0] data_i,
    output wire                  valid_o,
    input  wire                  ready_i,
    output wire [     WIDTH-1:0] data_o,
    output wire [COUNT_BITS-1:0] count_o   // words held
);
  generate
    if (WIDTH < 1) begin : g_bad_width
      ERROR_ern_fifo_WIDTH_must_be_at_least_1 u_error ();
    end
    if (DEPTH < 2) begin : g_bad_depth
      ERROR_ern_fifo_DEPTH_must_be_at_least_2 u_error ();
    end
  endgenerate

  localparam ADDRESS_BITS = $clog2(DEPTH);
  localparam [31:0] LAST_32 = DEPTH - 1;
  localparam [ADDRESS_BITS-1:0] LAST = LAST_32[ADDRESS_BITS-1:0];

  (* no_rw_check, ramstyle = "no_rw_check", syn_ramstyle = "no_rw_check", rw_addr_collision = "no" *) reg [WIDTH-1:0] ram[0:DEPTH-1];
  reg [ADDRESS_BITS-1:0] write_q;
  reg [ADDRESS_BITS-1:0] read_q;
  reg                    full_q;   // the RAM holds DEPTH words
  reg                    empty_q;  // the RAM holds none

  reg [       WIDTH-1:0] fetch_q;  // the RAM's read latch
  reg                    fetch_valid_q;
  reg [       WIDTH-1:0] data_q;   // the RAM's output register
  reg                    valid_q;

  wire push = valid_i & ~full_q;
  wire advance_data = ready_i | ~valid_q;
  wire advance_fetch = advance_data | ~fetch_valid_q;
  wire pop = advance_fetch & ~empty_q;  // out of the RAM, not out of the FIFO

  wire [ADDRESS_BITS-1:0] write_next = (write_q == LAST) ? {ADDRESS_BITS{1'b0}} : write_q + 1'b1;
  wire [ADDRESS_BITS-1:0] read_next = (read_q == LAST) ? {ADDRESS_BITS{1'b0}} : read_q + 1'b1;

  always @(posedge clk) begin
    if (rst_i) begin
      write_q       <= {ADDRESS_BITS{1'b0}};
      read_q        <= {ADDRESS_BITS{1'b0}};
      full_q        <= 1'b0;
      empty_q       <= 1'b1;
      fetch_valid_q <= 1'b0;
      valid_q       <= 1'b0;
    end else begin
      if (push) write_q <= write_next;
      if (pop) read_q <= read_next;
      // Equal pointers mean full after a push and empty after a pop.
      if (push & ~pop) begin
        empty_q <= 1'b0;
        full_q  <= (write_next == read_q);
      end else if (pop & ~push) begin
        full_q  <= 1'b0;
        empty_q <= (read_next == write_q);
      end
      if (advance_fetch) fetch_valid_q <= ~empty_q;
      if (advance_data) valid_q <= fetch_valid_q;
    end
  end

  // A word is read at the earliest in the cycle after it was written; what is read at the address being written is not valid, undefined in
  // hardware and certainly wrong with ERN_SIMULATION (see erngen_accelerator_ram.v).
  always @(posedge clk) begin
    if (push) ram[write_q] <= data_i;
`ifdef ERN_SIMULATION
    if (advance_fetch) fetch_q <= ram[read_q] ^ {WIDTH{push && write_q == read_q}};
`else
    if (advance_fetch) fetch_q <= ram[read_q];
`endif
    if (advance_data) data_q <= fetch_q;
  end

  reg [COUNT_BITS-1:0] count_q;
  wire leave = valid_q & ready_i;
  always @(posedge clk) begin
    if (rst_i) count_q <= {COUNT_BITS{1'b0}};
    else if (push & ~leave) count_q <= count_q + 1'b1;
    else if (leave & ~push) count_q <= count_q - 1'b1;
  end

  assign ready_o = ~full_q;
  assign valid_o = valid_q;
  assign data_o  = data_q;
  assign count_o = count_q;

`ifdef ERN_SIMULATION
  // Words in the RAM and in its two registers; a word that is offered stays until it is taken.
  localparam [31:0] DEPTH_32 = DEPTH;
  wire [ADDRESS_BITS:0] gap = {1'b0, write_q} - {1'b0, read_q};
  wire [ADDRESS_BITS:0] kept = empty_q ? {ADDRESS_BITS + 1{1'b0}} : gap[ADDRESS_BITS] || gap == {ADDRESS_BITS + 1{1'b0}}
                                                                        ? gap + DEPTH_32[ADDRESS_BITS:0] : gap;
  wire [COUNT_BITS:0] sum = {{COUNT_BITS - ADDRESS_BITS{1'b0}}, kept} + {{COUNT_BITS{1'b0}}, fetch_valid_q} + {{COUNT_BITS{1'b0}}, valid_q};
  reg held_q = 1'b0;
  reg [WIDTH-1:0] seen_q;
  always @(posedge clk) begin
    held_q <= !rst_i && valid_o && !ready_i;
    seen_q <= data_o;
  end
  erngen_accelerator_assert u_full (.clk(clk), .rst_i(rst_i), .holds_i(!(full_q && empty_q) && full_q == (kept == DEPTH_32[ADDRESS_BITS:0])));
  erngen_accelerator_assert u_range (.clk(clk), .rst_i(rst_i), .holds_i({1'b0, write_q} < DEPTH_32[ADDRESS_BITS:0] && {1'b0, read_q} < DEPTH_32[ADDRESS_BITS:0]));
  erngen_accelerator_assert u_count (.clk(clk), .rst_i(rst_i), .holds_i(sum == {1'b0, count_q}));
  erngen_accelerator_assert u_stays (.clk(clk), .rst_i(rst_i), .holds_i(!held_q || (valid_o && data_o === seen_q)));
`endif
endmodule

`default_nettype wire
