// ern_axis_tb: ern_axis_in and ern_axis_out between a master that breaks the rules of framing and a model.
//
// Random frames; some have a tid that names no stream, a tlast too early, missing, or a tid that changes. The blocks, their
// marks and the sticky errors must be as documented; the blocks then go out again through ern_axis_out, whose beats and
// admission are checked. Parameters: K, A, ELEMENT_BITS, BEAT_IN, BEAT_OUT, SIZE, STREAMS, SEED. Prints PASS or FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_axis_tb;
  parameter K = 8;
  parameter A = 12;
  parameter ELEMENT_BITS = 16;
  parameter BEAT_IN = 4;
  parameter BEAT_OUT = 16;
  parameter SIZE = 20;
  parameter STREAMS = 3;
  parameter SEED = 1;
  localparam FRAMES = 300;
  localparam ID_BITS = (STREAMS > 1) ? $clog2(STREAMS) : 1;
  localparam BLOCKS = (SIZE + K - 1) / K;
  localparam INDEX_BITS = (BLOCKS > 1) ? $clog2(BLOCKS) : 1;
  localparam BEATS_IN = (SIZE + BEAT_IN - 1) / BEAT_IN;
  localparam BEATS_OUT = (SIZE + BEAT_OUT - 1) / BEAT_OUT;
  localparam CAPACITY = (2 * BLOCKS > 2) ? 2 * BLOCKS : 2;
  localparam FREE_BITS = $clog2(CAPACITY + 1);

  reg clk = 1'b0;
  reg rst = 1'b1;
  always #5 clk = ~clk;
  reg failed = 1'b0;
  task fail(input [8*60-1:0] text);
    begin
      if (!failed) $display("FAIL %0s at %0d", text, $time);
      failed = 1'b1;
    end
  endtask
  integer seed = SEED;
  function chance(input integer eighths);
    chance = ($random(seed) & 7) < eighths;
  endfunction

  // --- the design: in, an engine that takes a frame when there is room, out
  reg tvalid = 1'b0;
  wire tready;
  reg [BEAT_IN*ELEMENT_BITS-1:0] tdata;
  reg tlast, tuser;
  reg [ID_BITS-1:0] tid;
  wire b_valid, b_last, b_user;
  reg b_go = 1'b0;
  wire [K*A-1:0] b_data;
  wire [INDEX_BITS-1:0] b_index;
  wire [ID_BITS-1:0] b_stream;
  reg clear = 1'b0;
  wire error_frame, error_stream;
  ern_axis_in #(.K(K), .A(A), .ELEMENT_BITS(ELEMENT_BITS), .BEAT(BEAT_IN), .SIZE(SIZE), .STREAMS(STREAMS)) u_in (
      .clk(clk), .rst_i(rst), .tvalid_i(tvalid), .tready_o(tready), .tdata_i(tdata), .tlast_i(tlast), .tuser_i(tuser),
      .tid_i(tid), .block_valid_o(b_valid), .block_ready_i(b_go), .block_data_o(b_data), .block_index_o(b_index),
      .block_last_o(b_last), .block_user_o(b_user), .block_stream_o(b_stream), .clear_errors_i(clear),
      .error_frame_o(error_frame), .error_stream_o(error_stream));

  reg reserve = 1'b0;
  wire room, overflow;
  wire [FREE_BITS-1:0] free;
  wire m_valid, m_last, m_user;
  reg m_ready = 1'b0;
  wire [BEAT_OUT*ELEMENT_BITS-1:0] m_data;
  wire [ID_BITS-1:0] m_id;
  reg flood = 1'b0;  // blocks without a reservation
  ern_axis_out #(.K(K), .A(A), .ELEMENT_BITS(ELEMENT_BITS), .BEAT(BEAT_OUT), .SIZE(SIZE), .STREAMS(STREAMS), .CAPACITY(CAPACITY)) u_out (
      .clk(clk), .rst_i(rst), .block_valid_i((b_valid & b_go) | flood), .block_data_i(b_data), .block_last_i(b_last),
      .block_user_i(b_user), .block_stream_i(b_stream), .room_o(room), .reserve_i(reserve), .blocks_free_o(free),
      .overflow_o(overflow), .tvalid_o(m_valid), .tready_i(m_ready), .tdata_o(m_data), .tlast_o(m_last), .tuser_o(m_user),
      .tid_o(m_id));

  // --- the model: frames that must come out
  reg [SIZE*A-1:0] frame_data[0:FRAMES-1];
  reg [ID_BITS:0] frame_tag[0:FRAMES-1];  // {user, stream}
  integer sent = 0;       // good frames sent
  integer pace_in = 8, pace_block = 8, pace_out = 8;

  integer made = 0, beat = 0, e, i;
  reg [SIZE*A-1:0] data;
  reg [ID_BITS-1:0] stream;
  reg user, foreign;
  reg [2:0] crime;  // 1 early tlast, 2 missing tlast, 3 tid changes
  reg [ELEMENT_BITS-1:0] element;
  always @(negedge clk) if (!rst) begin
    if (!tvalid) begin
      tdata = {BEAT_IN * ELEMENT_BITS{1'bx}};
      {tlast, tuser} = 2'bxx;
      tid = {ID_BITS{1'bx}};
      if (made < FRAMES && chance(pace_in)) begin
        if (beat == 0) begin
          for (i = 0; i < SIZE; i = i + 1) data[i*A+:A] = $random(seed);
          stream = $random(seed);
          foreign = stream >= STREAMS;
          user = $random(seed);
          crime = $random(seed);
          if (crime > 3 || chance(6)) crime = 0;
          if (!foreign) begin
            frame_data[sent] = data;
            frame_tag[sent]  = {user, stream};
          end
        end
        tvalid = 1'b1;
        for (e = 0; e < BEAT_IN; e = e + 1) begin
          i = beat * BEAT_IN + e;
          element = {$random(seed)};  // the upper bits of a lane are ignored
          if (i < SIZE) element[A-1:0] = data[i*A+:A];
          tdata[e*ELEMENT_BITS+:ELEMENT_BITS] = element;
        end
        tlast = (beat == BEATS_IN - 1) ? (crime != 2) : (crime == 1);
        tuser = (beat == BEATS_IN - 1) ? user : $random(seed);  // the mark counts in the last beat only
        tid = stream ^ ((crime == 3 && beat > 0) ? 1'b1 : 1'b0);
      end
    end
    clear  = chance(1);
    m_ready = chance(pace_out);
    if ($random(seed) % 32 == 0) pace_in = $random(seed) & 8 ? 8 : $random(seed) & 7;
    if ($random(seed) % 32 == 0) pace_block = $random(seed) & 8 ? 8 : $random(seed) & 7;
    if ($random(seed) % 32 == 0) pace_out = $random(seed) & 8 ? 8 : $random(seed) & 7;
  end

  always @(posedge clk) if (!rst && tvalid && tready) begin
    if (beat == BEATS_IN - 1) begin
      if (!foreign) sent = sent + 1;
      beat = 0;
      made = made + 1;
    end else beat = beat + 1;
    tvalid <= 1'b0;
  end

  // Sticky errors. A beat is judged when it leaves the boundary register, which is when u_in takes it; the flag shows one
  // cycle later. The test clears rarely, so that a crime is followed by a set flag before it is cleared.
  reg judged_frame, judged_stream;
  integer frame_errors = 0, stream_errors = 0;
  reg [ID_BITS-1:0] first_id;
  reg model_frame = 1'b0, model_stream = 1'b0;
  integer judged = 0;
  always @(posedge clk) if (!rst) begin
    if ((^{error_frame, error_stream, tready, b_valid, m_valid, room, overflow}) === 1'bx) fail("undefined output");
    if (error_frame !== model_frame) fail("error_frame");
    if (error_stream !== model_stream) fail("error_stream");
    judged_frame = 1'b0;
    judged_stream = 1'b0;
    if (u_in.beat_valid && u_in.beat_ready) begin
      if (judged == 0) first_id = u_in.beat_id;
      judged_stream = (judged == 0) && first_id >= STREAMS;
      judged_frame = (u_in.beat_tlast != (judged == BEATS_IN - 1)) || u_in.beat_id != first_id;
      judged = (judged == BEATS_IN - 1) ? 0 : judged + 1;
    end
    frame_errors = frame_errors + judged_frame;
    stream_errors = stream_errors + judged_stream;
    model_frame = judged_frame | (model_frame & ~clear);
    model_stream = judged_stream | (model_stream & ~clear);
  end

  // --- the engine's side
  integer block = 0, taken = 0;
  reg in_frame = 1'b0;
  reg held_up = 1'b0;
  reg [K*A-1:0] wanted, block_seen;
  always @(negedge clk) if (!rst) begin
    reserve = 1'b0;
    if (!in_frame && b_valid && room && chance(pace_block)) begin
      in_frame = 1'b1;
      reserve  = 1'b1;
    end
    b_go = in_frame & ~reserve & chance(pace_block);
  end
  always @(posedge clk) if (!rst) begin
    if (held_up && (!b_valid || block_seen !== b_data)) fail("a waiting block changed");
    held_up = b_valid & ~b_go;
    block_seen = b_data;
    if (b_valid && b_go) begin
      if (taken > sent) fail("a block from nowhere");
      wanted = {K * A{1'b0}};
      for (i = 0; i < K; i = i + 1)
        if (block * K + i < SIZE) wanted[i*A+:A] = frame_data[taken][(block*K+i)*A+:A];
      if (b_data !== wanted) fail("wrong block");
      if (b_index !== block) fail("wrong index");
      if (b_last !== (block == BLOCKS - 1)) fail("wrong block_last");
      if (b_stream !== frame_tag[taken][ID_BITS-1:0]) fail("wrong block_stream");
      if (b_user !== (b_last & frame_tag[taken][ID_BITS])) fail("wrong block_user");
      block = block + 1;
      if (block == BLOCKS) begin
        block = 0;
        taken = taken + 1;
        in_frame = 1'b0;
      end
    end
    if (overflow && !flooded) fail("overflow");
  end

  // --- the output side
  integer out_beat = 0, out = 0;
  reg waiting = 1'b0;
  reg flooded = 1'b0;
  reg [BEAT_OUT*ELEMENT_BITS-1:0] m_seen;
  reg signed [A-1:0] value;
  reg [ELEMENT_BITS-1:0] lane;
  always @(posedge clk) if (!rst && !flooded) begin
    if (waiting && (!m_valid || m_seen !== m_data)) fail("a waiting beat changed");
    waiting = m_valid & ~m_ready;
    m_seen = m_data;
    if (m_valid && m_ready) begin
      for (e = 0; e < BEAT_OUT; e = e + 1) begin
        i = out_beat * BEAT_OUT + e;
        value = (i < SIZE) ? frame_data[out][i*A+:A] : 0;
        lane = {{ELEMENT_BITS{value[A-1]}}, value};
        if (m_data[e*ELEMENT_BITS+:ELEMENT_BITS] !== lane) fail("wrong lane");
      end
      if (m_last !== (out_beat == BEATS_OUT - 1)) fail("wrong tlast");
      if (m_user !== (m_last & frame_tag[out][ID_BITS])) fail("wrong tuser");
      if (m_id !== frame_tag[out][ID_BITS-1:0]) fail("wrong tid");
      out_beat = m_last ? 0 : out_beat + 1;
      if (m_last) out = out + 1;
    end
  end

  initial begin
    repeat (4) @(posedge clk);
    #1 rst = 1'b0;
    while ((made < FRAMES || out < sent) && !failed && $time < 1000000) @(posedge clk);
    if (out != sent || taken != sent || made != FRAMES) fail("frames are missing");
    if (stream_errors != FRAMES - sent) fail("foreign frames");
    if (BEATS_IN > 1 && frame_errors == 0) fail("no crime was tried");
    if (sent == FRAMES && (1 << ID_BITS) != STREAMS) fail("no foreign frame was tried");
    repeat (20) @(posedge clk);
    if (free !== CAPACITY || !room) fail("room was lost");
    // An engine that does not reserve is found out.
    force m_ready = 1'b0;
    flooded = 1'b1;
    @(negedge clk) flood = 1'b1;
    repeat (CAPACITY + 20 + 4 * BEAT_OUT) @(posedge clk);
    if (overflow !== 1'b1) fail("no overflow");
    if (!failed) $display("PASS %0d frames, %0d dropped, errors seen %0d %0d", sent, FRAMES - sent, frame_errors, stream_errors);
    $finish;
  end
endmodule

`default_nettype wire
