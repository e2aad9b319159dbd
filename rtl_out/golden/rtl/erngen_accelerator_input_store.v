// erngen_accelerator_input_store: input frames, transformed, in two banks a context.
//
// Purpose:    Transforms the blocks of arriving frames, PORTS at a time, and gives them their place in the input spectrum memory; tells
//             the sequencer which contexts have a complete frame. A context's bank is taken with a frame's first block and
//             given back by release_i, or with the last block of a broken frame; while both are taken the stream is held.
// Parameters: K, A, SX; MODE, log2 of the block size at which the input is consumed; GUARD, DROP, TWIDDLES, ADDERS as in
//             erngen_accelerator_fft; COLUMNS; CONTEXTS; ROWS, memory rows of a frame; DEPTH of the memory (top address bit: bank);
//             INDEX_BITS of the number of PORTS blocks; PORTS <= COLUMNS; LAST_BLOCKS of a frame's last PORTS; EARLY 1
//             when the program leaves the last block the time of its transform.
// Latency:    erngen_accelerator_fft; a frame is pending 1 cycle after its last block is written, or taken when EARLY.
// Rounding:   as erngen_accelerator_fft.
// Overflow:   none; back-pressure.
`default_nettype none

module erngen_accelerator_input_store #(
    parameter K          = 8,
    parameter A          = 12,
    parameter SX         = 16,
    parameter MODE       = 3,
    parameter GUARD      = 1,
    parameter DROP       = 0,
    parameter COLUMNS    = 1,
    parameter CONTEXTS   = 1,
    parameter ROWS       = 1,
    parameter DEPTH      = 4,
    parameter INDEX_BITS = 1,
    parameter PORTS      = 1,
    parameter LAST_BLOCKS = 1,
    parameter EARLY      = 0,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    parameter ROTATION = 1,
    parameter SMALL = 2,
    // Derived, not to be set.
    parameter CONTEXT_BITS = (CONTEXTS > 1) ? $clog2(CONTEXTS) : 1,
    parameter ROW_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1,
    parameter LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1
) (
    input  wire                    clk,
    input  wire                    rst_i,
    // blocks from erngen_accelerator_axis_in
    input  wire                    block_valid_i,
    output wire                    block_ready_o,
    input  wire [   PORTS*K*A-1:0] block_data_i,
    input  wire [  INDEX_BITS-1:0] block_index_i,
    input  wire                    block_last_i,
    input  wire                    block_user_i,
    input  wire                    block_broken_i,   // with block_last_i: the frame is forgotten
    input  wire [CONTEXT_BITS-1:0] block_stream_i,
    // to the input spectrum memory
    output wire [          PORTS-1:0] write_o,
    output wire [PORTS*LANE_BITS-1:0] write_lane_o,
    output wire [ PORTS*ROW_BITS-1:0] write_row_o,
    output wire [     PORTS*K*SX-1:0] write_data_o,
    // to the sequencer
    output wire [    CONTEXTS-1:0] pending_o,
    output wire [    CONTEXTS-1:0] bank_o,
    output wire [    CONTEXTS-1:0] user_o,
    input  wire [    CONTEXTS-1:0] take_i,
    input  wire [    CONTEXTS-1:0] release_i
);
  localparam FW = A + GUARD;
  localparam [31:0] COLUMNS_32 = COLUMNS;
  localparam [31:0] PORTS_32 = PORTS;
  localparam TAG = CONTEXT_BITS + 1 + LANE_BITS + ROW_BITS + 3;
  generate
    if (K < 2 || K > 64 || (K & (K - 1)) != 0) begin : g_bad_k
      ERROR_ern_input_store_K_must_be_a_power_of_two_from_2_to_64 u_error ();
    end
    if (PORTS < 1 || PORTS > COLUMNS) begin : g_bad_ports
      ERROR_ern_input_store_PORTS_must_be_from_1_to_COLUMNS u_error ();
    end
    if (LAST_BLOCKS < 1 || LAST_BLOCKS > PORTS) begin : g_bad_last
      ERROR_ern_input_store_LAST_BLOCKS_must_be_from_1_to_PORTS u_error ();
    end
    if (CONTEXTS < 1 || ROWS < 1 || (DEPTH & (DEPTH - 1)) != 0 || 2 * CONTEXTS * ROWS > DEPTH) begin : g_bad_depth
      ERROR_ern_input_store_DEPTH_must_be_a_power_of_two_that_holds_two_banks_of_CONTEXTS_frames_of_ROWS u_error ();
    end
  endgenerate

  wire [CONTEXTS-1:0] full;
  wire first = block_index_i == {INDEX_BITS{1'b0}};
  assign block_ready_o = !first || !full[block_stream_i];
  wire accept = block_valid_i && block_ready_o;
  wire whole = block_last_i && !block_broken_i;

  // --- the block's place
  reg [LANE_BITS-1:0] lane_q;
  reg [ROW_BITS-1:0] row_q;
  wire [31:0] base = {{(32 - CONTEXT_BITS) {1'b0}}, block_stream_i} * ROWS;
  wire [LANE_BITS-1:0] lane = first ? {LANE_BITS{1'b0}} : lane_q;
  wire [ROW_BITS-1:0] row = first ? base[ROW_BITS-1:0] : row_q;
  wire [LANE_BITS+1:0] next_lane = {2'd0, lane} + PORTS_32[LANE_BITS+1:0];
  wire wrap = next_lane >= COLUMNS_32[LANE_BITS+1:0];
  wire [LANE_BITS+1:0] wrapped_lane = next_lane - COLUMNS_32[LANE_BITS+1:0];
  always @(posedge clk)
    if (accept) begin
      lane_q <= wrap ? wrapped_lane[LANE_BITS-1:0] : next_lane[LANE_BITS-1:0];
      row_q  <= wrap ? row + 1'b1 : row;
    end

  // --- transform
  reg [CONTEXTS-1:0] fill_q;   // bank being filled
  wire [PORTS-1:0] done;
  wire [PORTS*CONTEXT_BITS-1:0] contexts;
  wire [PORTS-1:0] banks;
  wire [PORTS-1:0] lasts;
  wire [PORTS-1:0] users;
  genvar n;
  genvar p;
  generate
    for (p = 0; p < PORTS; p = p + 1) begin : g_port
      localparam [31:0] PORT = p;
      wire [K*FW-1:0] guarded;
      for (n = 0; n < K; n = n + 1) begin : g_guard
        if (GUARD > 0) begin : g_shift
          assign guarded[n*FW+:FW] = {block_data_i[(p*K+n)*A+:A], {GUARD{1'b0}}};
        end else begin : g_plain
          assign guarded[n*FW+:FW] = block_data_i[(p*K+n)*A+:A];
        end
      end
      wire [LANE_BITS+1:0] lane_sum = {2'd0, lane} + PORT[LANE_BITS+1:0];
      wire over = lane_sum >= COLUMNS_32[LANE_BITS+1:0];
      wire [LANE_BITS+1:0] lane_over = lane_sum - COLUMNS_32[LANE_BITS+1:0];
      wire [LANE_BITS-1:0] lane_p = over ? lane_over[LANE_BITS-1:0] : lane_sum[LANE_BITS-1:0];
      wire [ROW_BITS-1:0] row_p = over ? row + 1'b1 : row;
      wire real_block = !block_last_i || p < LAST_BLOCKS;
      wire written;
      wire [2:0] mode_unused;
      wire [ROW_BITS-1:0] done_row;
      erngen_accelerator_fft #(
          .K(K), .MODES(1 << MODE), .IN_WIDTH(FW), .DROP(DROP), .OUT_WIDTH(SX), .TAG_WIDTH(TAG), .TWIDDLES(TWIDDLES),
          .ADDERS(ADDERS), .ROTATION(ROTATION), .SMALL(SMALL)
      ) u_fft (
          .clk(clk), .rst_i(rst_i), .valid_i(accept), .mode_i(3'd0),
          .tag_i({real_block, whole, block_user_i, fill_q[block_stream_i], block_stream_i, lane_p, row_p}),
          .data_i(guarded), .valid_o(done[p]), .mode_o(mode_unused),
          .tag_o({written, lasts[p], users[p], banks[p], contexts[p*CONTEXT_BITS+:CONTEXT_BITS],
                  write_lane_o[p*LANE_BITS+:LANE_BITS], done_row}),
          .data_o(write_data_o[p*K*SX+:K*SX])
      );
      assign write_o[p] = done[p] && written;
      if (ROW_BITS > 1) begin : g_row
        assign write_row_o[p*ROW_BITS+:ROW_BITS] = {banks[p], done_row[ROW_BITS-2:0]};
      end else begin : g_bank
        assign write_row_o[p*ROW_BITS+:ROW_BITS] = banks[p];
      end
      wire unused = &{1'b0, mode_unused, lane_over, done_row};
    end
  endgenerate
  wire [CONTEXT_BITS-1:0] done_context = contexts[CONTEXT_BITS-1:0];
  wire done_bank = banks[0];
  wire done_user = users[0];

  // --- banks of each context
  genvar s;
  generate
    for (s = 0; s < CONTEXTS; s = s + 1) begin : g_context
      localparam [31:0] CONTEXT = s;
      reg [1:0] used_q;      // banks taken
      reg [1:0] pending_q;   // complete frames that wait
      reg read_q;            // bank of the next frame
      reg [1:0] user_q;
      wire mine = block_stream_i == CONTEXT[CONTEXT_BITS-1:0];
      wire taken = accept && first && mine;
      wire filled = accept && whole && mine;
      wire forgotten = accept && block_last_i && block_broken_i && mine;
      wire transformed = done[0] && lasts[0] && done_context == CONTEXT[CONTEXT_BITS-1:0];
      wire complete = (EARLY != 0) ? filled : transformed;
      wire complete_bank = (EARLY != 0) ? fill_q[s] : done_bank;
      wire complete_user = (EARLY != 0) ? block_user_i : done_user;
      always @(posedge clk)
        if (rst_i) begin
          used_q <= 2'd0;
          pending_q <= 2'd0;
          read_q <= 1'b0;
          fill_q[s] <= 1'b0;
        end else begin
          used_q <= used_q + {1'b0, taken} - {1'b0, release_i[s]} - {1'b0, forgotten};
          pending_q <= pending_q + {1'b0, complete} - {1'b0, take_i[s]};
          if (take_i[s]) read_q <= !read_q;
          if (filled) fill_q[s] <= !fill_q[s];
        end
      always @(posedge clk)
        if (rst_i) user_q <= 2'd0;
        else if (complete) user_q <= complete_bank ? {complete_user, user_q[0]} : {user_q[1], complete_user};
`ifdef ERN_SIMULATION
      // At most two banks are taken, by frames that arrive, wait or are read; what is taken was pending, what is given back was taken.
      erngen_accelerator_assert u_banks (.clk(clk), .rst_i(rst_i), .holds_i(used_q <= 2'd2 && pending_q <= used_q));
      erngen_accelerator_assert u_take (.clk(clk), .rst_i(rst_i), .holds_i(!take_i[s] || pending_q != 2'd0));
      erngen_accelerator_assert u_release (.clk(clk), .rst_i(rst_i), .holds_i(!release_i[s] || used_q > pending_q));
`endif
      assign full[s] = used_q[1];
      assign pending_o[s] = pending_q != 2'd0;
      assign bank_o[s] = read_q;
      assign user_o[s] = user_q[read_q];
      wire unused_early = &{1'b0, transformed, done_bank, done_user};
    end
  endgenerate
  wire unused = &{1'b0, base, wrapped_lane, lasts, users, done, contexts};
endmodule

`default_nettype wire
