// Proof: no frame is lost, none is read twice, and none is written over: each whole frame of a stream is offered once, in order, with its bank
// and mark; its blocks lie at their places in that bank, and nobody writes there until it is given back.
//
// Parameters: CONTEXTS; BLOCKS of a frame; COLUMNS; EARLY as in ern_input_store, whose program reads a frame only when its last block is there.
// Method:     a model of both banks of every stream: free, filling, waiting, taken. Frames come at any pace, whole or broken, of any stream; the
//             sequencer takes what waits, and gives back what it took in that order, at any time. Data are not looked at: transforms have
//             their own benches.
`default_nettype none

module ern_input_store_proof #(
    parameter CONTEXTS = 1,
    parameter BLOCKS = 2,
    parameter COLUMNS = 1,
    parameter EARLY = 0,
    parameter CONTEXT_BITS = (CONTEXTS > 1) ? $clog2(CONTEXTS) : 1,
    parameter LATENCY = 1        // of the transform of two words
) (
    input wire                    clk,
    input wire                    rst,
    input wire                    send,
    input wire                    user,
    input wire                    broken,
    input wire [CONTEXT_BITS-1:0] stream,
    input wire [    CONTEXTS-1:0] want_take,
    input wire [    CONTEXTS-1:0] want_release
);
  localparam K = 2;
  localparam A = 2;
  localparam ROWS = (BLOCKS + COLUMNS - 1) / COLUMNS;
  localparam DEPTH = 1 << $clog2(2 * CONTEXTS * ROWS);
  localparam ROW_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
  localparam LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1;
  localparam INDEX_BITS = (BLOCKS > 1) ? $clog2(BLOCKS) : 1;
  localparam FREE = 2'd0, FILLING = 2'd1, WAITING = 2'd2, TAKEN = 2'd3;

  reg begun = 1'b0;
  always @(posedge clk) begin
    begun <= 1'b1;
    if (!begun) assume (rst);
  end
  reg [INDEX_BITS-1:0] index_q;
  reg [CONTEXT_BITS-1:0] stream_q;
  wire first = index_q == 0;
  wire last = index_q == BLOCKS - 1;
  wire [CONTEXT_BITS-1:0] its = first ? stream : stream_q;
  always @(posedge clk) assume (stream < CONTEXTS);
  wire ready, write;
  wire [LANE_BITS-1:0] lane;
  wire [ROW_BITS-1:0] row;
  wire [CONTEXTS-1:0] pending, bank, mark;
  wire [CONTEXTS-1:0] take = want_take & pending;
  wire [CONTEXTS-1:0] release_now;
  ern_input_store #(
      .K(K), .A(A), .SX(A + 2), .MODE(1), .GUARD(0), .COLUMNS(COLUMNS), .CONTEXTS(CONTEXTS), .ROWS(ROWS), .DEPTH(DEPTH), .INDEX_BITS(INDEX_BITS),
      .EARLY(EARLY)
  ) u_dut (
      .clk(clk), .rst_i(rst), .block_valid_i(send), .block_ready_o(ready), .block_data_i({K * A{1'b0}}), .block_index_i(index_q),
      .block_last_i(last), .block_user_i(user), .block_broken_i(broken && last), .block_stream_i(its), .write_o(write),
      .write_lane_o(lane), .write_row_o(row), .write_data_o(), .pending_o(pending), .bank_o(bank), .user_o(mark), .take_i(take),
      .release_i(release_now));
  wire accept = send && ready && !rst;
  wire whole = accept && last && !broken;

  // --- blocks on their way through the transform
  reg [LATENCY:0] valid_q;
  reg [LATENCY:0] whole_q, user_q, bank_q;
  reg [(LATENCY+1)*INDEX_BITS-1:0] indices_q;
  reg [(LATENCY+1)*CONTEXT_BITS-1:0] streams_q;
  wire [CONTEXTS-1:0] filling_bank;
  wire its_bank = filling_bank[its];
  integer n;
  always @(posedge clk) begin
    valid_q <= rst ? 0 : {valid_q[LATENCY-1:0], accept};
    whole_q <= {whole_q[LATENCY-1:0], whole};
    user_q <= {user_q[LATENCY-1:0], user};
    bank_q <= {bank_q[LATENCY-1:0], its_bank};
    indices_q <= {indices_q, index_q};
    streams_q <= {streams_q, its};
    if (rst) index_q <= 0;
    else if (accept) begin
      index_q <= last ? 0 : index_q + 1'b1;
      stream_q <= its;
    end
  end
  localparam T = LATENCY - 1;   // what leaves the transform now
  wire written = valid_q[T];
  wire [CONTEXT_BITS-1:0] written_stream = streams_q[T*CONTEXT_BITS+:CONTEXT_BITS];
  wire [INDEX_BITS-1:0] written_index = indices_q[T*INDEX_BITS+:INDEX_BITS];
  always @(posedge clk)
    if (begun && !rst) begin
      assert (write == written);
      if (written) begin
        assert (lane == written_index % COLUMNS);
        assert (row[ROW_BITS-1] == bank_q[T]);
        assert ({1'b0, row} % (DEPTH / 2) == written_stream * ROWS + written_index / COLUMNS);
      end
    end

  // --- the banks of each stream
  genvar s;
  generate
    for (s = 0; s < CONTEXTS; s = s + 1) begin : g_stream
      reg [3:0] state_q;     // of both banks
      reg [1:0] marks_q;
      reg fill_q, next_q;    // the bank that the next frame fills, and the one that is taken next
      wire [1:0] fill_state = state_q[2*fill_q+:2];
      wire [1:0] next_state = state_q[2*next_q+:2];
      assign filling_bank[s] = fill_q;
      assign release_now[s] = want_release[s] && (state_q[1:0] == TAKEN || state_q[3:2] == TAKEN);
      wire mine = accept && its == s;
      wire in_time = EARLY != 0 ? whole && its == s : written && whole_q[T] && written_stream == s;
      // They are given back in the order in which they were taken.
      wire oldest = (next_state == TAKEN) ? next_q : !next_q;
      always @(posedge clk)
        if (rst) begin
          state_q <= 4'd0;
          {fill_q, next_q} <= 2'd0;
        end else begin
          if (mine && first) state_q[2*fill_q+:2] <= FILLING;
          if (mine && last && broken) state_q[2*fill_q+:2] <= FREE;
          if (mine && last && !broken) begin
            fill_q <= !fill_q;
            marks_q[fill_q] <= user;
          end
          if (in_time) state_q[2*(EARLY != 0 ? fill_q : bank_q[T])+:2] <= WAITING;
          if (take[s]) begin
            state_q[2*next_q+:2] <= TAKEN;
            next_q <= !next_q;
          end
          if (release_now[s]) state_q[2*oldest+:2] <= FREE;
        end
      always @(posedge clk)
        if (begun && !rst) begin
          if (mine && first) assert (fill_state == FREE);
          if (send && its == s) assert (ready == (!first || fill_state == FREE));
          assert (pending[s] == (next_state == WAITING));
          if (pending[s]) assert (bank[s] == next_q && mark[s] == marks_q[next_q]);
          // A block of a broken frame may still come when the bank is free again.
          if (EARLY == 0 && written && written_stream == s)
            assert (state_q[2*bank_q[T]+:2] == FILLING || (state_q[2*bank_q[T]+:2] == FREE && !whole_q[T]));
          cover (state_q == {TAKEN, WAITING} && send && first && its == s);
          cover (release_now[s] && mine);
          cover (take[s] && mine && last);
        end
    end
  endgenerate
endmodule

`default_nettype wire
