// ern_axis_in: AXI4-Stream beats to blocks of K elements.
//
// Purpose:    Receives frames of SIZE elements, BEAT elements a beat, each sign-extended to a lane of
//             ELEMENT_BITS of which the low A bits are kept, and offers them as ceil(SIZE / K) blocks.
//             Elements beyond SIZE are ignored on input and zero in the last block.
//             A frame is ceil(SIZE / BEAT) beats. SELECT says whose it is: 0, that of the tid of its first beat; 1, of stream_i when
//             that beat moves; 2, the streams take turns, beginning with 0 after a reset; a dropped frame takes no turn. END says what
//             ends its sequence, which comes out as block_user_o with its last block: 0, tuser of its last beat; 1, tlast of its last
//             beat; 2, that it is the frame number frames_i of its stream since the last end, a reset, or the first beat that moved after
//             restart_i, which comes with every change of frames_i; 0 is no number. Broken frames are counted.
//             A frame is broken when tlast is not where the count says or tid changes within it. A tlast too early ends it; one that
//             does not come ends it at the next tlast: the beat behind a tlast always begins a frame. Broken frames come out
//             with block_broken_o in their last block, which may come early; they set error_frame_o, which stays set until clear_errors_i.
//             error_stream_o is set likewise by a frame whose tid is not below STREAMS; such a frame does not come out at all.
//             dropped_o is 1 for one cycle for each frame of either kind. With count_frames_i or TLAST 0, tlast is ignored and the count
//             alone ends a frame. With END 1 a frame needs no tlast, and is broken by one within it; count_frames_i forgives that.
// Parameters: K, elements of a block, a power of two; A, bits of an element, 2..ELEMENT_BITS; ELEMENT_BITS, 8, 16
//             or 32; BEAT, elements of a beat, a power of two; SIZE >= 1, elements of a frame; STREAMS >= 1; TLAST, 1 where each
//             frame's last beat has it (END 0 or 2); END, SELECT from 0 to 2.
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
    parameter TLAST        = 1,
    parameter END          = 0,
    parameter SELECT       = 0,
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
    input  wire [          ID_BITS-1:0] stream_i,
    input  wire [                 15:0] frames_i,
    input  wire                         restart_i,
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
    if (END < 0 || END > 2 || SELECT < 0 || SELECT > 2) begin : g_bad_framing
      ERROR_ern_axis_in_END_and_SELECT_must_be_from_0_to_2 u_error ();
    end
  endgenerate

  localparam BEATS = (SIZE + BEAT - 1) / BEAT;
  localparam COUNT_BITS = (BEATS > 1) ? $clog2(BEATS) : 1;
  localparam [31:0] BEFORE_LAST = (BEATS > 1) ? BEATS - 2 : 0;
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
  wire [ID_BITS-1:0] beat_id;   // whose the frame is if it is its first
  localparam MARKS = 2 + ID_BITS + (END == 2 ? 17 : 0);
  wire [MARKS-1:0] marks;   // of a beat, and what the host says when it moves
  wire [MARKS-1:0] beat_marks;
  assign marks[0] = tlast_i;
  assign marks[1] = tuser_i;
  assign marks[2+:ID_BITS] = SELECT == 1 ? stream_i : tid_i;
  assign {beat_user, beat_tlast} = beat_marks[1:0];

  ern_skid #(
      .WIDTH(BEAT * A + MARKS)
  ) u_skid (
      .clk    (clk),
      .rst_i  (rst_i),
      .valid_i(tvalid_i),
      .ready_o(tready_o),
      .data_i ({marks, kept}),
      .valid_o(beat_valid),
      .ready_i(beat_ready),
      .data_o ({beat_marks, beat_data})
  );

  // --- frame boundaries
  reg  [COUNT_BITS-1:0] count_q;  // beats of the current frame seen
  reg                   first_q;  // none
  reg                   full_q;   // all but one
  reg  [   ID_BITS-1:0] stream_q;
  reg                   drop_q;
  reg                   broken_q;
  reg                   skip_q;   // the frame has had its beats and no tlast: what follows up to that belongs to no frame
  wire                  by_count = count_frames_i || (TLAST == 0 && END != 1);
  wire                  first = first_q;
  wire                  full = BEATS == 1 || full_q;
  wire                  skip = skip_q & ~by_count & (END != 1);
  wire                  mark = beat_tlast & ~by_count;
  wire                  last = full | mark;
  wire                  take = beat_valid & beat_ready;
  wire                  counted = take & ~skip;
  wire [   ID_BITS-1:0] stream = first ? beat_id : stream_q;
  wire                  foreign;  // the beat's tid names no stream
  wire                  drop = first ? foreign : drop_q;
  wire                  misplaced = END == 1 ? ~full & beat_tlast : full ^ beat_tlast;
  wire                  wrong = (misplaced & ~by_count) | (SELECT == 0 && beat_id != stream);
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
      first_q <= 1'b1;
      full_q <= 1'b0;
      skip_q <= 1'b0;
      dropped_o <= 1'b0;
    end else begin
      if (counted) begin
        count_q <= last ? {COUNT_BITS{1'b0}} : count_q + 1'b1;
        first_q <= last;
        full_q <= !last && count_q == BEFORE_LAST[COUNT_BITS-1:0];
      end
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

  // --- whose frame it is, and whether it ends its sequence
  wire ends;
  genvar s;
  generate
    if (SELECT == 2) begin : g_turns
      reg [ID_BITS-1:0] turn_q;
      always @(posedge clk)
        if (rst_i) turn_q <= {ID_BITS{1'b0}};
        else if (counted & last & ~broken) turn_q <= turn_q == LAST_STREAM[ID_BITS-1:0] ? {ID_BITS{1'b0}} : turn_q + 1'b1;
      assign beat_id = turn_q;
    end else begin : g_named
      assign beat_id = beat_marks[2+:ID_BITS];
    end
    if (END == 2) begin : g_count
      wire [15:0] wanted = beat_marks[2+ID_BITS+:16];
      wire anew = beat_marks[MARKS-1];
      reg restart_q;   // no beat has moved since
      always @(posedge clk)
        if (rst_i) restart_q <= 1'b0;
        else restart_q <= (restart_q | restart_i) & ~(tvalid_i & tready_o);
      wire [STREAMS*16-1:0] seen;   // of each stream, with this frame
      wire [15:0] number;
      assign marks[2+ID_BITS+:17] = {restart_q | restart_i, frames_i};
      for (s = 0; s < STREAMS; s = s + 1) begin : g_stream
        localparam [31:0] STREAM = s;
        reg [15:0] frames_q;
        assign seen[s*16+:16] = (anew ? 16'd0 : frames_q) + 16'd1;
        always @(posedge clk)
          if (rst_i) frames_q <= 16'd0;
          else if (counted & last & stream == STREAM[ID_BITS-1:0]) frames_q <= ends ? 16'd0 : seen[s*16+:16];
          else if (take & anew) frames_q <= 16'd0;
      end
      ern_select #(.COUNT(STREAMS), .WIDTH(16), .INDEX_BITS(ID_BITS)) u_number (.index_i(stream), .data_i(seen), .data_o(number));
      assign ends = wanted != 16'd0 && number == wanted;
    end else begin : g_marked
      assign ends = END == 1 ? full & beat_tlast : beat_user;
    end
  endgenerate
  wire unused = &{1'b0, tid_i, stream_i, frames_i, restart_i, beat_user, beat_marks};

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
      .meta_i ({broken, ends, stream}),
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
