// erngen_accelerator_axis_out: blocks of K elements to AXI4-Stream beats, with room for CAPACITY blocks.
//
// Purpose:    Takes blocks from an engine that cannot wait, keeps them in a FIFO and sends each frame of SIZE
//             elements as ceil(SIZE / BEAT) beats: element i of a beat is tdata[i*ELEMENT_BITS +: ELEMENT_BITS],
//             sign-extended from A bits; elements beyond SIZE are zero. frame_last_o marks the last beat; tuser is
//             block_user_i of the frame's last block, on the last beat only; tid is the stream. tlast is frame_last_o, or with SEQUENCES
//             only where tuser is 1, too. tkeep is 0 for the elements beyond SIZE in a beat with tlast, and 1 for all others.
//             With ENDS only frames that end a sequence are sent; the others are taken from the FIFO and forgotten.
//             Admission: the engine may start a frame in a cycle in which room_o is 1 and says so with
//             reserve_i (one cycle), which sets ceil(SIZE / K) blocks aside. A frame whose room is
//             reserved can be delivered at any later time and pace.
// Parameters: K, elements of a block, a power of two; A, bits of an element, 2..ELEMENT_BITS; ELEMENT_BITS, 8, 16
//             or 32; BEAT, elements of a beat, a power of two; SIZE >= 1, elements of a frame; STREAMS >= 1;
//             CAPACITY, blocks held, at least 2 and at least one frame; SEQUENCES, 1: tlast once a sequence; ENDS, 1: see above.
// Latency:    from a block to the beat that it completes 4 cycles if BEAT = K, else 5, when nothing waits;
//             then a beat a cycle (BEAT <= K) or a beat in BEAT / K cycles.
// Rounding:   none.
// Overflow:   overflow_o is set when a block arrives with no room, which is lost, and stays set until clear_errors_i. It
//             cannot happen to an engine that reserves.
// required:   the blocks of a frame arrive in order, with no block of another frame between them; with ENDS, block_user_i is the same in all.
`default_nettype none

module erngen_accelerator_axis_out #(
    parameter K            = 8,
    parameter A            = 12,
    parameter ELEMENT_BITS = 16,
    parameter BEAT         = 8,
    parameter SIZE         = 20,
    parameter STREAMS      = 2,
    parameter CAPACITY     = 16,
    parameter SEQUENCES    = 0,
    parameter ENDS         = 0,
    // Derived, not to be set.
    parameter ID_BITS      = (STREAMS > 1) ? $clog2(STREAMS) : 1,
    parameter FREE_BITS    = $clog2(CAPACITY + 1)
) (
    input  wire                         clk,
    input  wire                         rst_i,           // synchronous, active high
    // blocks
    input  wire                         block_valid_i,
    input  wire [              K*A-1:0] block_data_i,
    input  wire                         block_last_i,    // the last block of its frame
    input  wire                         block_user_i,    // with block_last_i: the sequence ends here
    input  wire [          ID_BITS-1:0] block_stream_i,
    // admission
    output wire                         room_o,          // a whole frame can be reserved
    input  wire                         reserve_i,
    input  wire                         clear_errors_i,
    output wire                         overflow_o,
    // AXI4-Stream
    output wire                         tvalid_o,
    input  wire                         tready_i,
    output wire [BEAT*ELEMENT_BITS-1:0] tdata_o,
    output wire [BEAT*ELEMENT_BITS/8-1:0] tkeep_o,
    output wire                         tlast_o,
    output wire                         frame_last_o,
    output wire                         tuser_o,
    output wire [          ID_BITS-1:0] tid_o
);
  localparam BLOCKS = (SIZE + K - 1) / K;
  localparam LANE_BYTES = ELEMENT_BITS / 8;
  localparam TAIL = SIZE - (SIZE - 1) / BEAT * BEAT;   // elements of a frame's last beat
  generate
    if (A < 2 || A > ELEMENT_BITS) begin : g_bad_width
      ERROR_ern_axis_out_A_must_lie_between_2_and_ELEMENT_BITS u_error ();
    end
    if (CAPACITY < BLOCKS) begin : g_bad_capacity
      ERROR_ern_axis_out_CAPACITY_must_hold_one_frame u_error ();
    end
  endgenerate
  localparam [31:0] CAPACITY_32 = CAPACITY;
  localparam [31:0] BLOCKS_32 = BLOCKS;
  localparam [FREE_BITS-1:0] ALL = CAPACITY_32[FREE_BITS-1:0];
  localparam [FREE_BITS-1:0] FRAME = BLOCKS_32[FREE_BITS-1:0];
  localparam [FREE_BITS-1:0] FRAME_LESS_1 = FRAME - {{FREE_BITS - 1{1'b0}}, 1'b1};

  // --- storage
  wire               fifo_ready;
  wire [$clog2(CAPACITY+3)-1:0] held_count;
  wire unused = &{1'b0, held_count};
  wire               held_valid;
  wire               held_ready;
  wire               chunk_ready;
  wire [    K*A-1:0] held_data;
  wire               held_last;
  wire               held_user;
  wire [ID_BITS-1:0] held_stream;
  wire               forget = ENDS != 0 && !held_user;
  assign held_ready = chunk_ready | forget;

  erngen_accelerator_fifo #(
      .WIDTH(K * A + 2 + ID_BITS),
      .DEPTH(CAPACITY)
  ) u_fifo (
      .clk    (clk),
      .rst_i  (rst_i),
      .valid_i(block_valid_i),
      .ready_o(fifo_ready),
      .data_i ({block_stream_i, block_user_i, block_last_i, block_data_i}),
      .valid_o(held_valid),
      .ready_i(held_ready),
      .data_o ({held_stream, held_user, held_last, held_data}),
      .count_o(held_count)
  );

  // --- admission: blocks that neither wait in the FIFO nor are promised to a frame
  wire leave = held_valid & held_ready;
  reg [FREE_BITS-1:0] credit_q;
  reg overflow_q;
  always @(posedge clk) begin
    if (rst_i) begin
      credit_q   <= ALL;
      overflow_q <= 1'b0;
    end else begin
      credit_q <= reserve_i ? (leave ? credit_q - FRAME_LESS_1 : credit_q - FRAME)
                            : credit_q + {{FREE_BITS - 1{1'b0}}, leave};
      if (block_valid_i & ~fifo_ready) overflow_q <= 1'b1;
      else if (clear_errors_i) overflow_q <= 1'b0;
    end
  end
  assign room_o     = (credit_q >= FRAME);
  assign overflow_o = overflow_q;

  // --- blocks to beats
  wire               beat_valid;
  wire               beat_ready;
  wire [ BEAT*A-1:0] beat_data;
  wire               beat_last;
  wire               beat_user;
  wire [ID_BITS-1:0] beat_stream;

  erngen_accelerator_rechunk #(
      .IN  (K),
      .OUT (BEAT),
      .BITS(A),
      .SIZE(SIZE),
      .META(1 + ID_BITS)
  ) u_rechunk (
      .clk    (clk),
      .rst_i  (rst_i),
      .valid_i(held_valid & ~forget),
      .ready_o(chunk_ready),
      .data_i (held_data),
      .last_i (held_last),
      .meta_i ({held_user, held_stream}),
      .valid_o(beat_valid),
      .ready_i(beat_ready),
      .data_o (beat_data),
      .last_o (beat_last),
      .meta_o ({beat_user, beat_stream})
  );

  wire [BEAT*A-1:0] sent;
  erngen_accelerator_skid #(
      .WIDTH(BEAT * A + 2 + ID_BITS)
  ) u_skid (
      .clk    (clk),
      .rst_i  (rst_i),
      .valid_i(beat_valid),
      .ready_o(beat_ready),
      .data_i ({beat_stream, beat_user & beat_last, beat_last, beat_data}),
      .valid_o(tvalid_o),
      .ready_i(tready_i),
      .data_o ({tid_o, tuser_o, frame_last_o, sent})
  );
  assign tlast_o = SEQUENCES != 0 ? frame_last_o & tuser_o : frame_last_o;

  genvar e;
  generate
    for (e = 0; e < BEAT; e = e + 1) begin : g_lane
      assign tkeep_o[e*LANE_BYTES+:LANE_BYTES] = {LANE_BYTES{!(tlast_o && e >= TAIL)}};
      assign tdata_o[e*ELEMENT_BITS+:A] = sent[e*A+:A];
      if (A < ELEMENT_BITS) begin : g_sign
        assign tdata_o[(e+1)*ELEMENT_BITS-1:e*ELEMENT_BITS+A] = {ELEMENT_BITS - A{sent[(e+1)*A-1]}};
      end
    end
  endgenerate

`ifdef ERN_SIMULATION
  // Frames are admitted only where there is room, which their blocks find: what is free, promised and held is all there is.
  localparam SUM_BITS = FREE_BITS + 2;
  reg [SUM_BITS-1:0] promised_q;
  wire [SUM_BITS-1:0] coming = reserve_i ? {2'd0, FRAME} : {SUM_BITS{1'b0}};
  always @(posedge clk)
    if (rst_i) promised_q <= {SUM_BITS{1'b0}};
    else promised_q <= promised_q + coming - {{SUM_BITS - 1{1'b0}}, block_valid_i};
  wire [SUM_BITS-1:0] all = promised_q + {2'd0, credit_q} + {{SUM_BITS - $clog2(CAPACITY + 3) {1'b0}}, held_count};
  erngen_accelerator_assert u_all (.clk(clk), .rst_i(rst_i), .holds_i(all == {2'd0, ALL} && promised_q <= {2'd0, ALL}));
  erngen_accelerator_assert u_reserve (.clk(clk), .rst_i(rst_i), .holds_i(!reserve_i || room_o));
  erngen_accelerator_assert u_room (.clk(clk), .rst_i(rst_i), .holds_i(!block_valid_i || fifo_ready));
`endif
endmodule

`default_nettype wire
