// ern_axis_tb: ern_axis_in and ern_axis_out between a master that breaks the rules of framing and a model.
//
// The master sends frames, and sometimes loses a beat, sends one twice, sets tlast too early or not at all, changes tid or names no stream.
// The model: what lies between two tlasts is a frame (with COUNT, every ceil(SIZE / BEAT_IN) beats are one); it is good if it has as many
// beats as a frame and one tid, below STREAMS. Good frames come out as blocks, the others are only counted, and the sticky errors say
// so. The blocks then go out again through ern_axis_out, whose beats and admission are checked.
// With END and SELECT (of ern_axis_in) the model ends sequences and chooses streams as they say; the host changes its registers at any time,
// also while a beat waits. With TLAST 0 the input's tlast is noise.
// The engine reserves room for up to two frames before it has them.
// Parameters: K, A, ELEMENT_BITS, BEAT_IN, BEAT_OUT, SIZE, STREAMS, COUNT, TLAST, END, SELECT; SEQUENCES, ENDS of ern_axis_out; TIGHT, 1: it holds
// one frame, otherwise two; SEED. Prints PASS or FAIL.
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
  parameter COUNT = 0;
  parameter TLAST = 1;
  parameter END = 0;
  parameter SELECT = 0;
  parameter SEQUENCES = 0;
  parameter ENDS = 0;
  parameter TIGHT = 0;
  parameter SEED = 1;
  localparam FRAMES = 400;
  localparam ID_BITS = (STREAMS > 1) ? $clog2(STREAMS) : 1;
  localparam BLOCKS = (SIZE + K - 1) / K;
  localparam INDEX_BITS = (BLOCKS > 1) ? $clog2(BLOCKS) : 1;
  localparam BEATS_IN = (SIZE + BEAT_IN - 1) / BEAT_IN;
  localparam BEATS_OUT = (SIZE + BEAT_OUT - 1) / BEAT_OUT;
  localparam ROOM = (TIGHT != 0) ? BLOCKS : 2 * BLOCKS;
  localparam CAPACITY = (ROOM > 2) ? ROOM : 2;

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
  wire b_valid, b_last, b_user, b_broken;
  reg b_go = 1'b0;
  wire [K*A-1:0] b_data;
  wire [INDEX_BITS-1:0] b_index;
  wire [ID_BITS-1:0] b_stream;
  reg clear = 1'b0;
  wire error_frame, error_stream, dropped;
  localparam BY_COUNT = COUNT != 0 || (TLAST == 0 && END != 1);   // the count alone ends a frame
  reg [ID_BITS-1:0] selected = 0;
  reg [15:0] frames = 0;
  reg restart = 1'b0;
  ern_axis_in #(
      .K(K), .A(A), .ELEMENT_BITS(ELEMENT_BITS), .BEAT(BEAT_IN), .SIZE(SIZE), .STREAMS(STREAMS), .TLAST(TLAST), .END(END), .SELECT(SELECT)
  ) u_in (
      .clk(clk), .rst_i(rst), .tvalid_i(tvalid), .tready_o(tready), .tdata_i(tdata), .tlast_i(tlast), .tuser_i(tuser),
      .tid_i(tid), .block_valid_o(b_valid), .block_ready_i(b_go), .block_data_o(b_data), .block_index_o(b_index),
      .block_last_o(b_last), .block_user_o(b_user), .block_broken_o(b_broken), .block_stream_o(b_stream),
      .count_frames_i(COUNT != 0), .stream_i(selected), .frames_i(frames), .restart_i(restart), .dropped_o(dropped), .clear_errors_i(clear),
      .error_frame_o(error_frame), .error_stream_o(error_stream));

  reg o_valid = 1'b0, o_last, o_user;
  reg [K*A-1:0] o_data;
  reg [ID_BITS-1:0] o_stream;
  reg reserve = 1'b0;
  wire room, overflow;
  wire m_valid, m_last, m_user;
  reg m_ready = 1'b0;
  wire [BEAT_OUT*ELEMENT_BITS-1:0] m_data;
  wire [ID_BITS-1:0] m_id;
  wire [BEAT_OUT*ELEMENT_BITS/8-1:0] m_keep;
  wire m_frame_last;
  ern_axis_out #(
      .K(K), .A(A), .ELEMENT_BITS(ELEMENT_BITS), .BEAT(BEAT_OUT), .SIZE(SIZE), .STREAMS(STREAMS), .CAPACITY(CAPACITY), .SEQUENCES(SEQUENCES),
      .ENDS(ENDS)
  ) u_out (
      .clk(clk), .rst_i(rst), .block_valid_i(o_valid), .block_data_i(o_data), .block_last_i(o_last),
      .block_user_i(o_user), .block_stream_i(o_stream), .room_o(room), .reserve_i(reserve), .clear_errors_i(clear),
      .overflow_o(overflow), .tvalid_o(m_valid), .tready_i(m_ready), .tdata_o(m_data), .tkeep_o(m_keep), .tlast_o(m_last),
      .frame_last_o(m_frame_last), .tuser_o(m_user), .tid_o(m_id));

  // --- the master
  localparam HONEST = 0, LOSES = 1, REPEATS = 2, EARLY = 3, MISSING = 4, TURNS = 5;
  integer pace_in = 8, pace_block = 8, pace_out = 8;
  integer made = 0, beat = 0, crime, scene, e, i;
  integer crimes = 0;
  reg again;             // the beat that goes twice has gone once
  reg [SIZE*A-1:0] data;
  reg [ID_BITS-1:0] stream;
  reg user;
  reg [ELEMENT_BITS-1:0] element;
  always @(negedge clk) if (!rst) begin
    if (!tvalid) begin
      tdata = {BEAT_IN * ELEMENT_BITS{1'bx}};
      {tlast, tuser} = 2'bxx;
      tid = {ID_BITS{1'bx}};
      if (made < FRAMES && chance(pace_in)) begin
        if (beat == 0 && !again) begin
          for (i = 0; i < SIZE; i = i + 1) data[i*A+:A] = $random(seed);
          stream = $random(seed);
          user = $random(seed);
          crime = chance(6) || made > FRAMES - 10 ? HONEST : {$random(seed)} % 6;
          scene = {$random(seed)} % BEATS_IN;
          if (crime != HONEST) crimes = crimes + 1;
        end
        if (crime == LOSES && beat == scene) beat = beat + 1;
        if (beat == BEATS_IN) begin   // the last one is lost
          beat = 0;
          made = made + 1;
        end else begin
          tvalid = 1'b1;
          for (e = 0; e < BEAT_IN; e = e + 1) begin
            i = beat * BEAT_IN + e;
            element = {$random(seed)};  // the upper bits of a lane are ignored
            if (i < SIZE) element[A-1:0] = data[i*A+:A];
            tdata[e*ELEMENT_BITS+:ELEMENT_BITS] = element;
          end
          tlast = (beat == BEATS_IN - 1) ? (END == 1 ? user : crime != MISSING) : (crime == EARLY && beat == scene);
          if (TLAST == 0 && END != 1) tlast = $random(seed);
          tuser = (beat == BEATS_IN - 1) ? user : $random(seed);  // the mark counts in the last beat only
          tid = stream ^ ((crime == TURNS && (user ? beat == scene : beat >= scene)) ? 1'b1 : 1'b0);
        end
      end
    end
    clear  = chance(1);
    if (SELECT == 1 && chance(1)) selected = {$random(seed)} % STREAMS;
    restart = END == 2 && $random(seed) % 64 == 0;
    if (restart) frames = {$random(seed)} % 6;
    m_ready = chance(pace_out);
    if ($random(seed) % 32 == 0) pace_in = $random(seed) & 8 ? 8 : $random(seed) & 7;
    if ($random(seed) % 32 == 0) pace_block = $random(seed) & 8 ? 8 : $random(seed) & 7;
    if ($random(seed) % 32 == 0) pace_out = $random(seed) & 8 ? 8 : $random(seed) & 7;
  end
  always @(posedge clk) if (!rst && tvalid && tready) begin
    again = crime == REPEATS && beat == scene && !again;
    if (!again) begin
      if (beat == BEATS_IN - 1) begin
        beat = 0;
        made = made + 1;
      end else beat = beat + 1;
    end
    tvalid <= 1'b0;
  end

  // --- the model's frames: beats as they are taken
  reg [SIZE*A-1:0] frame_data[0:2*FRAMES-1];
  reg [ID_BITS:0] frame_tag[0:2*FRAMES-1];  // {user, stream}
  integer sent = 0;       // good frames
  integer bad = 0;        // others
  integer length = 0;     // beats of the frame so far
  reg [SIZE*A-1:0] gathered;
  reg [ID_BITS-1:0] its_stream;
  reg turned, ends, ends_sequence;
  reg anew = 1'b0;        // the registers have been written, and no beat has moved since
  integer turn = 0;
  integer counts[0:STREAMS-1];
  initial for (i = 0; i < STREAMS; i = i + 1) counts[i] = 0;
  always @(posedge clk) if (!rst && restart) anew = 1'b1;
  always @(posedge clk) if (!rst && tvalid && tready) begin
    #0;   // after anew
    if (length == 0) begin
      its_stream = SELECT == 0 ? tid : SELECT == 1 ? selected : turn;
      turned = 1'b0;
    end
    if (SELECT == 0) turned = turned | tid != its_stream;
    if (anew) for (i = 0; i < STREAMS; i = i + 1) counts[i] = 0;
    anew = 1'b0;
    for (e = 0; e < BEAT_IN; e = e + 1)
      if (length * BEAT_IN + e < SIZE) gathered[(length*BEAT_IN+e)*A+:A] = tdata[e*ELEMENT_BITS+:A];
    length = length + 1;
    ends = BY_COUNT ? length == BEATS_IN : END == 1 ? length == BEATS_IN || tlast : tlast;
    if (BY_COUNT ? ends : length == BEATS_IN || (ends && length < BEATS_IN)) begin   // it is counted when it is full, or broken before
      if (its_stream < STREAMS) counts[its_stream] = counts[its_stream] + 1;
      ends_sequence = END == 0 ? tuser : END == 1 ? tlast : its_stream < STREAMS && frames > 0 && counts[its_stream] >= frames;
      if (END == 2 && ends_sequence) counts[its_stream] = 0;
    end
    if (ends) begin
      if (length == BEATS_IN && !turned && its_stream < STREAMS) turn = (turn + 1) % STREAMS;
      if (length == BEATS_IN && !turned && its_stream < STREAMS) begin
        frame_data[sent] = gathered;
        frame_tag[sent]  = {ends_sequence, its_stream};
        sent = sent + 1;
      end else bad = bad + 1;
      length = 0;
    end
  end

  // Sticky errors. A beat is judged when it leaves the boundary register, which is when u_in takes it; the flag shows one cycle later.
  reg judged_frame, judged_stream;
  integer frame_errors = 0, stream_errors = 0, drops = 0;
  reg [ID_BITS-1:0] first_id;
  reg model_frame = 1'b0, model_stream = 1'b0;
  integer judged = 0;
  always @(posedge clk) if (!rst) begin
    if ((^{error_frame, error_stream, dropped, tready, b_valid, m_valid, room, overflow}) === 1'bx) fail("undefined output");
    if (error_frame !== model_frame) fail("error_frame");
    if (error_stream !== model_stream) fail("error_stream");
    drops = drops + dropped;
    judged_frame = 1'b0;
    judged_stream = 1'b0;
    if (u_in.beat_valid && u_in.beat_ready) begin
      if (judged == 0) first_id = SELECT == 0 ? u_in.beat_id : 0;
      judged_stream = (judged == 0) && first_id >= STREAMS;
      judged = judged + 1;
      judged_frame = judged <= BEATS_IN && (SELECT == 0 && u_in.beat_id != first_id
          || !BY_COUNT && (END == 1 ? u_in.beat_tlast && judged < BEATS_IN : u_in.beat_tlast != (judged == BEATS_IN)));
      if (BY_COUNT ? judged == BEATS_IN : END == 1 ? u_in.beat_tlast || judged == BEATS_IN : u_in.beat_tlast) judged = 0;
    end
    frame_errors = frame_errors + judged_frame;
    stream_errors = stream_errors + judged_stream;
    model_frame = judged_frame | (model_frame & ~clear);
    model_stream = judged_stream | (model_stream & ~clear);
  end

  // --- the engine: gathers a frame's blocks, sends them on if it is whole
  integer block = 0, taken = 0, pass = 0;
  reg held_up = 1'b0;
  reg passing = 1'b0;
  reg [K*A-1:0] blocks[0:BLOCKS-1];
  reg [K*A-1:0] wanted, block_seen;
  always @(negedge clk) if (!rst && !flooded) begin
    reserve = room && ahead < 2 && chance(pace_block);
    o_valid = passing && (reserved || ahead > 0) && chance(pace_block);
    o_data = o_valid ? blocks[pass] : {K * A{1'bx}};
    o_last = o_valid ? pass == BLOCKS - 1 : 1'bx;
    o_user = o_valid ? (o_last | ENDS != 0) & frame_tag[taken-1][ID_BITS] : 1'bx;
    o_stream = o_valid ? frame_tag[taken-1][ID_BITS-1:0] : {ID_BITS{1'bx}};
    b_go = !passing && chance(pace_block);
  end
  reg reserved = 1'b0;     // for the frame that is sent
  integer ahead = 0;       // for frames behind it
  always @(posedge clk) if (!rst && !flooded) begin
    ahead = ahead + reserve;
    if (o_valid) begin
      if (!reserved) ahead = ahead - 1;
      reserved = 1'b1;
      pass = pass + 1;
      if (pass == BLOCKS) begin
        pass = 0;
        passing = 1'b0;
        reserved = 1'b0;
      end
    end
    if (held_up && (!b_valid || block_seen !== b_data)) fail("a waiting block changed");
    held_up = b_valid & ~b_go;
    block_seen = b_data;
    if (b_valid && b_go) begin
      if (block == BLOCKS) fail("a block too many");
      else blocks[block] = b_data;
      if (b_index !== block) fail("wrong index");
      if (b_broken && !b_last) fail("wrong block_broken");
      if (b_user && !b_last) fail("wrong block_user");
      block = block + 1;
      if (b_last) begin
        if (!b_broken) begin
          if (block != BLOCKS) fail("wrong block_last");
          if (taken >= sent) fail("a frame from nowhere");
          if (b_stream !== frame_tag[taken][ID_BITS-1:0]) fail("wrong block_stream");
          if (b_user !== frame_tag[taken][ID_BITS]) fail("wrong block_user");
          for (block = 0; block < BLOCKS; block = block + 1) begin
            wanted = {K * A{1'b0}};
            for (i = 0; i < K; i = i + 1)
              if (block * K + i < SIZE) wanted[i*A+:A] = frame_data[taken][(block*K+i)*A+:A];
            if (blocks[block] !== wanted) fail("wrong block");
          end
          taken = taken + 1;
          passing = 1'b1;
        end
        block = 0;
      end
    end
    if (overflow) fail("overflow");
  end

  // --- the output side
  integer out_beat = 0, out = 0;
  reg waiting = 1'b0;
  reg flooded = 1'b0;
  reg [BEAT_OUT*ELEMENT_BITS*9/8-1:0] m_seen;
  reg last_beat, mark;
  reg signed [A-1:0] value;
  reg [ELEMENT_BITS-1:0] lane;
  always @(posedge clk) if (!rst && !flooded) begin
    if (waiting && (!m_valid || m_seen !== {m_keep, m_data})) fail("a waiting beat changed");
    waiting = m_valid & ~m_ready;
    m_seen = {m_keep, m_data};
    if (ENDS != 0) while (out < taken && !frame_tag[out][ID_BITS]) out = out + 1;   // those that do not come out
    if (m_valid && m_ready) begin
      last_beat = out_beat == BEATS_OUT - 1;
      mark = last_beat & frame_tag[out][ID_BITS];
      for (e = 0; e < BEAT_OUT; e = e + 1) begin
        i = out_beat * BEAT_OUT + e;
        value = (i < SIZE) ? frame_data[out][i*A+:A] : 0;
        lane = {{ELEMENT_BITS{value[A-1]}}, value};
        if (m_data[e*ELEMENT_BITS+:ELEMENT_BITS] !== lane) fail("wrong lane");
        if (m_keep[e*ELEMENT_BITS/8+:ELEMENT_BITS/8] !== {ELEMENT_BITS / 8{i < SIZE || !m_last}}) fail("wrong tkeep");
      end
      if (m_last !== (SEQUENCES != 0 ? mark : last_beat)) fail("wrong tlast");
      if (m_frame_last !== last_beat) fail("wrong frame_last");
      if (m_user !== mark) fail("wrong tuser");
      if (m_id !== frame_tag[out][ID_BITS-1:0]) fail("wrong tid");
      if (out >= taken) fail("a beat from nowhere");
      if (last_beat) begin
        out_beat = 0;
        out = out + 1;
      end else out_beat = out_beat + 1;
    end
  end

  integer since = 0, frames_before = 0;
  initial begin
    again = 1'b0;
    repeat (4) @(posedge clk);
    #1 rst = 1'b0;
    while ((made < FRAMES || out < sent || passing) && !failed) begin
      @(posedge clk);
      #1 since = (out == frames_before) ? since + 1 : 0;
      frames_before = out;
      if (since > 20000) fail("deadlock");
    end
    repeat (40) @(posedge clk);
    if (out != sent || taken != sent || tvalid) fail("frames are missing");
    if (drops != bad + (length > BEATS_IN - 1)) fail("dropped");   // the last one may have had its beats and wait for a tlast
    if (sent < FRAMES / (BY_COUNT != 0 ? 10 : 4)) fail("hardly a good frame");
    if (crimes < FRAMES / 8) fail("hardly a crime");
    if (BEATS_IN > 1 && frame_errors == 0 && !(BY_COUNT && SELECT != 0)) fail("no crime was seen");
    if ((1 << ID_BITS) != STREAMS && stream_errors == 0 && SELECT == 0) fail("no foreign frame was tried");
    repeat (20) @(posedge clk);
    if (room !== ((ahead + 1) * BLOCKS <= CAPACITY)) fail("room was lost");
    // An engine that does not reserve is found out; what was seen can be forgotten.
    force u_out.u_room.holds_i = 1'b1;   // which would end the simulation
    force u_out.u_all.holds_i = 1'b1;
    force m_ready = 1'b0;
    force clear = 1'b0;
    flooded = 1'b1;
    @(negedge clk) o_valid = 1'b1;
    o_data = {K * A{1'b0}};
    {o_last, o_stream} = 0;
    o_user = ENDS != 0;   // they would not be kept
    repeat (CAPACITY + 20 + 4 * BEAT_OUT) @(posedge clk);
    if (overflow !== 1'b1) fail("no overflow");
    @(negedge clk) o_valid = 1'b0;
    repeat (3) @(posedge clk);
    if (overflow !== 1'b1) fail("overflow does not stay");
    force clear = 1'b1;
    repeat (2) @(posedge clk);
    #1 if (overflow !== 1'b0) fail("overflow cannot be cleared");
    if (!failed) $display("PASS %0d frames, %0d dropped, errors seen %0d %0d", sent, bad, frame_errors, stream_errors);
    $finish;
  end
endmodule

`default_nettype wire
