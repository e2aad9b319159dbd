// ern_axis_in: AXI4-Stream beats to blocks of K elements.
//
// Purpose:    Receives frames of SIZE elements, BEAT elements a beat, each sign-extended to a lane of
//             ELEMENT_BITS of which the low A bits are kept, and offers them as ceil(SIZE / K) blocks.
//             Elements beyond SIZE are ignored on input and zero in the last block.
//             A frame is ceil(SIZE / BEAT) beats. Its stream is the tid of its first beat; tuser
//             of its last beat (the end of the sequence) comes out as block_user_o with its last block.
//             A frame is broken when tlast is not where the count says or tid changes within it. A tlast too early ends it; one that
//             does not come ends it at the next tlast: the beat behind a tlast always begins a frame. Broken frames come out
//             with block_broken_o in their last block, which may come early; they set error_frame_o, which stays set until clear_errors_i.
//             error_stream_o is set likewise by a frame whose tid is not below STREAMS; such a frame does not come out at all.
//             dropped_o is 1 for one cycle for each frame of either kind. With count_frames_i, tlast is ignored and the count
//             alone ends a frame.
// Parameters: K, elements of a block, a power of two; A, bits of an element, 2..ELEMENT_BITS; ELEMENT_BITS, 16
//             or 32; BEAT, elements of a beat, a power of two; SIZE >= 1, elements of a frame; STREAMS >= 1.
// Latency:    from a beat to the block that it completes 1 cycle if BEAT = K, else 2; then a block a cycle
//             (BEAT >= K) or a block in K / BEAT cycles.
// Rounding:   none; a lane that is not a sign-extended A-bit value loses its upper bits.
// Overflow:   none; full back-pressure.
`default_nettype none

module ern_axis_in #(
    parameter K            = 8,
    parameter A            = 12,
    parameter ELEMENT_BITS = 16,
    parameter BEAT         = 8,
    parameter SIZE         = 20,
    parameter STREAMS      = 2,
    // Derived, not to be set.
    parameter BLOCKS       = (SIZE + K - 1) / K,
    parameter ID_BITS      = (STREAMS > 1) ? $clog2(STREAMS) : 1,
    parameter INDEX_BITS   = (BLOCKS > 1) ? $clog2(BLOCKS) : 1
) (
    input  wire                         clk,
    input  wire                         rst_i,           // synchronous, active high
    // AXI4-Stream
    input  wire                         tvalid_i,
    output wire                         tready_o,
    input  wire [BEAT*ELEMENT_BITS-1:0] tdata_i,
    input  wire                         tlast_i,
    input  wire                         tuser_i,
    input  wire [          ID_BITS-1:0] tid_i,
    // blocks
    output wire                         block_valid_o,
    input  wire                         block_ready_i,
    output wire [              K*A-1:0] block_data_o,
    output wire [       INDEX_BITS-1:0] block_index_o,   // 0 .. BLOCKS-1
    output wire                         block_last_o,    // the last block of its frame
    output wire                         block_user_o,    // with block_last_o: the sequence ends here
    output wire                         block_broken_o,  // with block_last_o: the frame is to be forgotten
    output wire [          ID_BITS-1:0] block_stream_o,
    // framing and its sticky errors
    input  wire                         count_frames_i,
    output reg                          dropped_o,
    input  wire                         clear_errors_i,
    output wire                         error_frame_o,
    output wire                         error_stream_o
);
  generate
    if (A < 2 || A > ELEMENT_BITS) begin : g_bad_width
      ERROR_ern_axis_in_A_must_lie_between_2_and_ELEMENT_BITS u_error ();
    end
    if (STREAMS < 1) begin : g_bad_streams
      ERROR_ern_axis_in_STREAMS_must_be_at_least_1 u_error ();
    end
  endgenerate

  localparam BEATS = (SIZE + BEAT - 1) / BEAT;
  localparam COUNT_BITS = (BEATS > 1) ? $clog2(BEATS) : 1;
  localparam [31:0] LAST_BEAT = BEATS - 1;
  localparam [31:0] LAST_STREAM = STREAMS - 1;

  // --- a registered boundary; only the A bits that are kept pass it
  wire [BEAT*A-1:0] kept;
  genvar e;
  generate
    for (e = 0; e < BEAT; e = e + 1) begin : g_lane
      assign kept[e*A+:A] = tdata_i[e*ELEMENT_BITS+:A];
      if (A < ELEMENT_BITS) begin : g_sign
        wire unused = &{1'b0, tdata_i[(e+1)*ELEMENT_BITS-1:e*ELEMENT_BITS+A]};
      end
    end
  endgenerate

  wire              beat_valid;
  wire              beat_ready;
  wire [BEAT*A-1:0] beat_data;
  wire              beat_tlast;
  wire              beat_user;
  wire [ID_BITS-1:0] beat_id;

  ern_skid #(
      .WIDTH(BEAT * A + 2 + ID_BITS)
  ) u_skid (
      .clk    (clk),
      .rst_i  (rst_i),
      .valid_i(tvalid_i),
      .ready_o(tready_o),
      .data_i ({tid_i, tuser_i, tlast_i, kept}),
      .valid_o(beat_valid),
      .ready_i(beat_ready),
      .data_o ({beat_id, beat_user, beat_tlast, beat_data})
  );

  // --- frame boundaries
  reg  [COUNT_BITS-1:0] count_q;  // beats of the current frame seen
  reg  [   ID_BITS-1:0] stream_q;
  reg                   drop_q;
  reg                   broken_q;
  reg                   skip_q;   // the frame has had its beats and no tlast: what follows up to that belongs to no frame
  wire                  first = (count_q == {COUNT_BITS{1'b0}});
  wire                  full = (count_q == LAST_BEAT[COUNT_BITS-1:0]);
  wire                  skip = skip_q & ~count_frames_i;
  wire                  mark = beat_tlast & ~count_frames_i;
  wire                  last = full | mark;
  wire                  take = beat_valid & beat_ready;
  wire                  counted = take & ~skip;
  wire [   ID_BITS-1:0] stream = first ? beat_id : stream_q;
  wire                  foreign;  // the beat's tid names no stream
  wire                  drop = first ? foreign : drop_q;
  wire                  wrong = ((full ^ beat_tlast) & ~count_frames_i) | (beat_id != stream);
  wire                  broken = wrong | (broken_q & ~first);

  generate
    if ((1 << ID_BITS) == STREAMS) begin : g_every_id
      assign foreign = 1'b0;
    end else begin : g_some_ids
      assign foreign = (beat_id > LAST_STREAM[ID_BITS-1:0]);
    end
  endgenerate

  always @(posedge clk) begin
    if (rst_i) begin
      count_q <= {COUNT_BITS{1'b0}};
      skip_q <= 1'b0;
      dropped_o <= 1'b0;
    end else begin
      if (counted) count_q <= last ? {COUNT_BITS{1'b0}} : count_q + 1'b1;
      if (take) skip_q <= ~mark & (skip | full);
      dropped_o <= counted & last & (broken | drop);
    end
  end

  always @(posedge clk) begin
    if (counted & first) begin
      stream_q <= beat_id;
      drop_q   <= foreign;
    end
    if (counted) broken_q <= broken;
  end

  reg error_frame_q;
  reg error_stream_q;
  always @(posedge clk) begin
    if (rst_i) begin
      error_frame_q  <= 1'b0;
      error_stream_q <= 1'b0;
    end else begin
      if (counted & wrong) error_frame_q <= 1'b1;
      else if (clear_errors_i) error_frame_q <= 1'b0;
      if (counted & first & foreign) error_stream_q <= 1'b1;
      else if (clear_errors_i) error_stream_q <= 1'b0;
    end
  end
  assign error_frame_o  = error_frame_q;
  assign error_stream_o = error_stream_q;

  // --- beats to blocks
  wire chunk_ready;
  wire chunk_user;
  wire chunk_broken;
  assign beat_ready = chunk_ready | drop | skip;

  ern_rechunk #(
      .IN  (BEAT),
      .OUT (K),
      .BITS(A),
      .SIZE(SIZE),
      .META(2 + ID_BITS)
  ) u_rechunk (
      .clk    (clk),
      .rst_i  (rst_i),
      .valid_i(beat_valid & ~drop & ~skip),
      .ready_o(chunk_ready),
      .data_i (beat_data),
      .last_i (last),
      .meta_i ({broken, beat_user, stream}),
      .valid_o(block_valid_o),
      .ready_i(block_ready_i),
      .data_o (block_data_o),
      .last_o (block_last_o),
      .meta_o ({chunk_broken, chunk_user, block_stream_o})
  );
  assign block_user_o = chunk_user & block_last_o;
  assign block_broken_o = chunk_broken & block_last_o;

  reg [INDEX_BITS-1:0] index_q;
  always @(posedge clk) begin
    if (rst_i) index_q <= {INDEX_BITS{1'b0}};
    else if (block_valid_o & block_ready_i) index_q <= block_last_o ? {INDEX_BITS{1'b0}} : index_q + 1'b1;
  end
  assign block_index_o = index_q;
endmodule

`default_nettype wire
