// ern_testbench: the four-state bench of a generated accelerator, for Icarus Verilog.
//
// Purpose:    Sends the frames of the stimulus, compares every word, tlast, tuser, tid and tdest with ===, and
//             measures cycles exactly as ern_testbench.cpp does. What the design must ignore is driven x: all of a
//             beat without tvalid, lanes beyond the frame, idle AXI4-Lite channels.
// Parameters: ern_testbench_parameters.vh describes the design; ERN_FRAMES is defined on the command line.
// Arguments:  +tags=FILE +inputs=FILE +expected=FILE (hex words for $readmemh; a tag is 2 * stream + end of sequence),
//             +outputs=FILE (decimal words), +report=FILE (JSON), +stalls=SEED, +watchdog=CYCLES, +waves=FILE.
`include "ern_testbench_parameters.vh"
`default_nettype none
`timescale 1ns / 1ns

module ern_testbench;
  localparam FRAMES = `ERN_FRAMES;
  localparam STREAMS = `ERN_STREAMS;
  localparam ID_BITS = `ERN_ID_BITS;
  localparam IN_SIZE = `ERN_INPUT_SIZE;
  localparam IN_BITS = `ERN_INPUT_ELEMENT_BITS;
  localparam IN_BEAT = `ERN_INPUT_BEAT_ELEMENTS;
  localparam IN_BEATS = (IN_SIZE + IN_BEAT - 1) / IN_BEAT;
  localparam OUT_SIZE = `ERN_OUTPUT_SIZE;
  localparam OUT_BITS = `ERN_OUTPUT_ELEMENT_BITS;
  localparam OUT_BEAT = `ERN_OUTPUT_BEAT_ELEMENTS;
  localparam OUT_BEATS = (OUT_SIZE + OUT_BEAT - 1) / OUT_BEAT;
  localparam KEEP_BITS = OUT_BEAT * OUT_BITS / 8;
  localparam TAIL_BYTES = (OUT_SIZE - (OUT_BEATS - 1) * OUT_BEAT) * OUT_BITS / 8;   // of a frame's last beat
  localparam HAS_TKEEP = `ERN_TKEEP;
  localparam SEQUENCE_BY_TLAST = `ERN_SEQUENCE_BY_TLAST;
  localparam SEQUENCE_BY_COUNT = `ERN_SEQUENCE_BY_COUNT;
  localparam STREAM_BY_REGISTER = `ERN_STREAM_BY_REGISTER;
  localparam ROUNDS = `ERN_ROUNDS;
  localparam TLAST_PER_SEQUENCE = `ERN_TLAST_PER_SEQUENCE;
  localparam ENDS_ONLY = `ERN_ENDS_ONLY;
  localparam [15:0] AT_STATUS = 16'h0008, AT_SEQUENCE_FRAMES = 16'h0070, AT_STREAM = 16'h0074;
  localparam RESET_CYCLES = 16;
  localparam SETTLE_CYCLES = 1024;
  localparam NAME = 8 * 1024;  // bits of a file name

  // --- the design
  reg aclk = 1'b0;
  reg aresetn = 1'b0;
  reg s_valid = 1'b0;
  wire s_ready;
  reg [IN_BEAT*IN_BITS-1:0] s_data;
  reg s_last;
  reg [0:0] s_user;
  reg [ID_BITS-1:0] s_id;
  wire m_valid;
  reg m_ready = 1'b0;
  wire [OUT_BEAT*OUT_BITS-1:0] m_data;
  wire m_last;
  wire [0:0] m_user;
  wire [ID_BITS-1:0] m_id;
  wire [ID_BITS-1:0] m_dest;
  wire awready, wready, bvalid, arready, rvalid;
  wire [1:0] bresp, rresp;
  wire [31:0] rdata;
  wire irq;
  wire [KEEP_BITS-1:0] m_keep;
  reg awvalid = 1'b0, wvalid = 1'b0, arvalid = 1'b0;
  reg [15:0] bus_address;
  reg [31:0] bus_data;

  `ERN_TOP u_design (
      .aclk(aclk), .aresetn(aresetn),
      .s_axis_tvalid(s_valid), .s_axis_tready(s_ready), .s_axis_tdata(s_data),
`ifdef ERN_HAS_TLAST
      .s_axis_tlast(s_last),
`endif
`ifdef ERN_HAS_TUSER
      .s_axis_tuser(s_user),
`endif
`ifdef ERN_HAS_TID
      .s_axis_tid(s_id),
`endif
`ifdef ERN_HAS_TKEEP
      .m_axis_tkeep(m_keep),
`endif
      .m_axis_tvalid(m_valid), .m_axis_tready(m_ready), .m_axis_tdata(m_data), .m_axis_tlast(m_last),
      .m_axis_tuser(m_user), .m_axis_tid(m_id), .m_axis_tdest(m_dest),
      .s_axi_awaddr(awvalid ? bus_address : 16'bx), .s_axi_awprot(3'bx), .s_axi_awvalid(awvalid), .s_axi_awready(awready),
      .s_axi_wdata(wvalid ? bus_data : 32'bx), .s_axi_wstrb(wvalid ? 4'hf : 4'bx), .s_axi_wvalid(wvalid), .s_axi_wready(wready),
      .s_axi_bresp(bresp), .s_axi_bvalid(bvalid), .s_axi_bready(1'b1),
      .s_axi_araddr(arvalid ? bus_address : 16'bx), .s_axi_arprot(3'bx), .s_axi_arvalid(arvalid), .s_axi_arready(arready),
      .s_axi_rdata(rdata), .s_axi_rresp(rresp), .s_axi_rvalid(rvalid), .s_axi_rready(1'b1),
      .irq(irq)
  );
  always #5 aclk = ~aclk;

  // --- files and options
  reg [31:0] tags[0:FRAMES-1];
  reg [31:0] inputs[0:FRAMES*IN_SIZE-1];
  reg [31:0] expected[0:FRAMES*OUT_SIZE-1];
  reg [31:0] outputs[0:FRAMES*OUT_SIZE-1];
  reg [NAME-1:0] name;
  reg stalls;
  integer seed;
  integer watchdog;

  // --- random gaps, in bursts (the moods of ern_stalls.hpp). Side 0 sends, side 1 receives.
  reg [31:0] lfsr[0:1];
  integer mood[0:1];
  integer left[0:1];

  task draw(input integer side);  // xorshift32 (Marsaglia 2003)
    reg [31:0] x;
    begin
      x = lfsr[side];
      x = x ^ (x << 13);
      x = x ^ (x >> 17);
      lfsr[side] = x ^ (x << 5);
    end
  endtask

  task may_move(input integer side, output reg go);
    begin
      go = 1'b1;
      if (stalls) begin
        if (left[side] == 0) begin
          draw(side);
          mood[side] = lfsr[side][9:8];
          left[side] = 1 + ((lfsr[side][15:12] == 0) ? lfsr[side][25:16] : lfsr[side][19:16]);
        end
        left[side] = left[side] - 1;
        draw(side);
        case (mood[side])
          0: go = 1'b1;
          1: go = 1'b0;
          2: go = lfsr[side][8];
          default: go = (lfsr[side][10:8] == 3'd0);
        endcase
      end
    end
  endtask

  // --- verdict
  integer frames_whole = 0;
  integer checked = 0;
  integer mismatches = 0;
  reg [8*160-1:0] first_text = "";
  integer first_cycle, first_frame, first_element, first_got, first_wanted;
  reg first_undefined;
  integer cycle = 0;
  reg [8*160-1:0] end_text = "complete";

  task mismatch(input [8*160-1:0] text, input integer frame, input integer element, input [31:0] got,
                input [31:0] wanted, input integer words);
    begin
      if (mismatches == 0) begin
        first_text = text;
        first_cycle = cycle;
        first_frame = frame;
        first_element = element;
        first_got = got;
        first_wanted = wanted;
        first_undefined = (^got === 1'bx);
      end
      mismatches = mismatches + words;
    end
  endtask

  // --- sending
  integer released = 0;  // frames that may be sent
  integer send_frame = 0;
  integer send_beat = 0;
  integer first_accept[0:FRAMES-1];
  reg go_send;
  integer e, i;

  // --- the registers that the next frame needs, as in ern_input_registers.hpp
  integer counts[0:STREAMS-1];  // frames of each stream since its last end
  integer length = 0;
  integer selected = 0;
  integer last_write = 0;       // the frame before which the last register was written
  reg bus_busy = 1'b0;
  reg length_fits;
  integer c;

  task begin_write(input [15:0] address, input integer data);
    begin
      bus_address = address;
      bus_data = data;
      awvalid = 1'b1;
      wvalid = 1'b1;
      bus_busy = 1'b1;
      last_write = send_frame;
    end
  endtask

  task prepare_frame(output reg ready);
    begin
      ready = 1'b1;
      if (send_beat == 0 && !bus_busy) begin
        stream = tags[send_frame] >> 1;
        length_fits = (length > 0 && counts[stream] + 1 >= length) === tags[send_frame][0];
        if (STREAM_BY_REGISTER && selected != stream) begin
          selected = stream;
          begin_write(AT_STREAM, stream);
          ready = 1'b0;
        end else if (SEQUENCE_BY_COUNT && !length_fits) begin
          length = 0;
          for (c = FRAMES - 1; c >= send_frame; c = c - 1)
            if ((tags[c] >> 1) == stream) length = tags[c][0] ? 1 : length > 0 ? length + 1 : 0;
          for (c = 0; c < STREAMS; c = c + 1) counts[c] = 0;
          begin_write(AT_SEQUENCE_FRAMES, length);
          ready = 1'b0;
        end
      end
    end
  endtask

  task count_frame;
    begin
      stream = tags[send_frame] >> 1;
      counts[stream] = (length > 0 && counts[stream] + 1 >= length) ? 0 : counts[stream] + 1;
    end
  endtask

  reg prepared;
  task drive_input;
    if (!s_valid) begin
      go_send = 1'b0;
      prepared = 1'b0;
      if (send_frame < released) prepare_frame(prepared);
      if (prepared && !bus_busy) may_move(0, go_send);
      if (go_send) begin
        for (e = 0; e < IN_BEAT; e = e + 1) begin
          i = send_beat * IN_BEAT + e;
          if (i < IN_SIZE) s_data[e*IN_BITS+:IN_BITS] = inputs[send_frame*IN_SIZE+i];
          else s_data[e*IN_BITS+:IN_BITS] = {IN_BITS{1'bx}};
        end
        s_user = (send_beat == IN_BEATS - 1) & tags[send_frame][0];
        s_last = (send_beat == IN_BEATS - 1) & (!SEQUENCE_BY_TLAST | tags[send_frame][0]);
        s_id = tags[send_frame] >> 1;
        s_valid = 1'b1;
      end else begin
        s_data = {IN_BEAT * IN_BITS{1'bx}};
        s_last = 1'bx;
        s_user = 1'bx;
        s_id   = {ID_BITS{1'bx}};
      end
    end
  endtask

  // --- receiving
  integer next_of[0:STREAMS-1];  // where to look for the stream's next frame
  integer ends[0:FRAMES-1];
  integer received = 0;
  integer last_out = 0;
  integer frame;  // that comes out while active
  integer beat;
  reg active = 1'b0;
  reg pending = 1'b0;
  reg [OUT_BEAT*OUT_BITS+2+2*ID_BITS+KEEP_BITS-1:0] seen;
  wire [KEEP_BITS-1:0] kept = HAS_TKEEP ? m_keep : {KEEP_BITS{1'b1}};
  reg [KEEP_BITS-1:0] wanted_keep;
  reg wanted_last;
  integer last_moved = 0;
  integer k, place, stream;
  reg last;
  reg signed [OUT_BITS-1:0] got;
  reg [31:0] wanted;

  task end_frame(input integer at);
    begin
      k = beat * OUT_BEAT;
      if (k < OUT_SIZE) mismatch("the frame ended early", frame, k, 0, 0, OUT_SIZE - k);
      else frames_whole = frames_whole + 1;
      ends[frame] = at;
      active = 1'b0;
      received = received + 1;
    end
  endtask

  task find_frame;  // the frame that stream m_id has sent longest ago
    begin
      active = 1'b0;
      if (^m_id === 1'bx) mismatch("tid is undefined", -1, -1, m_id, 0, 1);
      else if (m_id >= STREAMS) mismatch("a beat of a stream that does not exist", -1, -1, m_id, 0, 1);
      else begin
        stream = m_id;
        frame  = next_of[stream];
        while (frame < FRAMES && ((tags[frame] >> 1) != stream || (ENDS_ONLY && !tags[frame][0]))) frame = frame + 1;
        if (frame < FRAMES) begin
          active = 1'b1;
          next_of[stream] = frame + 1;
          beat = 0;
          if (ROUNDS && frame < last_out) mismatch("out of turn", frame, -1, last_out, 0, 1);
          last_out = frame;
          if (first_accept[frame] < 0) mismatch("output before any input", frame, -1, 0, 0, 1);
        end else begin
          next_of[stream] = FRAMES;
          mismatch("a beat that nothing was sent for", -1, -1, m_id, 0, 1);
        end
      end
    end
  endtask

  task check_beat;
    begin
      last = (beat == OUT_BEATS - 1);
      for (k = 0; k < OUT_BEAT; k = k + 1) begin
        i = beat * OUT_BEAT + k;
        place = frame * OUT_SIZE + i;
        got = m_data[k*OUT_BITS+:OUT_BITS];
        if (i < OUT_SIZE) begin
          wanted = expected[place];
          outputs[place] = got;  // sign-extended
          checked = checked + 1;
          if (outputs[place] !== wanted) mismatch("wrong element", frame, i, outputs[place], wanted, 1);
        end else if (got !== {OUT_BITS{1'b0}}) mismatch("padding is not zero", frame, i, got, 0, 1);
      end
      wanted_last = last & (!TLAST_PER_SEQUENCE | tags[frame][0]);
      wanted_keep = wanted_last ? {KEEP_BITS{1'b1}} >> (KEEP_BITS - TAIL_BYTES) : {KEEP_BITS{1'b1}};
      if (m_last !== wanted_last) mismatch("wrong tlast", frame, i, m_last, wanted_last, 1);
      if (HAS_TKEEP && m_keep !== wanted_keep) mismatch("wrong tkeep", frame, i, m_keep, wanted_keep, 1);
      if (m_user !== (last & tags[frame][0])) mismatch("wrong tuser", frame, i, m_user, last & tags[frame][0], 1);
      if (m_id !== tags[frame][ID_BITS:1]) mismatch("wrong tid", frame, i, m_id, tags[frame][ID_BITS:1], 1);
      if (m_dest !== m_id) mismatch("tdest differs from tid", frame, i, m_dest, m_id, 1);
      beat = beat + 1;
      if (last || m_last === 1'b1) end_frame(cycle);
    end
  endtask

  always @(posedge aclk) begin
    if (aresetn) begin
      if (^{m_valid, s_ready, awready, wready, bvalid, arready, rvalid, irq} === 1'bx)
        mismatch("a handshake signal is undefined", -1, -1, 32'bx, 0, 1);
      if ((bvalid === 1'b1 || rvalid === 1'b1) && !bus_busy) mismatch("an AXI4-Lite answer that nothing was asked for", -1, -1, 1, 0, 1);
      if (pending && m_valid !== 1'b1) mismatch("m_axis_tvalid fell before the beat was taken", -1, -1, m_valid, 1, 1);
      if (pending && m_valid === 1'b1 && seen !== {kept, m_data, m_last, m_user, m_id, m_dest})
        mismatch("the beat on m_axis changed while it waited", -1, -1, 0, 0, 1);
      seen = {kept, m_data, m_last, m_user, m_id, m_dest};
      if (awready === 1'b1) awvalid <= 1'b0;
      if (wready === 1'b1) wvalid <= 1'b0;
      if (arready === 1'b1) arvalid <= 1'b0;
      if (bus_busy && (bvalid === 1'b1 || rvalid === 1'b1)) begin
        bus_busy <= 1'b0;
        bus_data <= rdata;
        if ((bvalid ? bresp : rresp) !== 2'd0) mismatch("a register answers with an error", -1, -1, bus_address, 0, 1);
        last_moved = cycle;
      end
      pending = (m_valid === 1'b1) & ~m_ready;
      if (s_valid && s_ready === 1'b1) begin
        if (send_beat == 0) first_accept[send_frame] = cycle;
        send_beat = send_beat + 1;
        if (send_beat == IN_BEATS) begin
          count_frame;
          send_beat  = 0;
          send_frame = send_frame + 1;
        end
        s_valid <= 1'b0;
        last_moved = cycle;
      end
      if (m_valid === 1'b1 && m_ready) begin
        if (!active) find_frame;
        if (active) check_beat;
        last_moved = cycle;
      end
      cycle = cycle + 1;
    end
  end

  reg go_receive;
  always @(negedge aclk) begin
    drive_input;
    may_move(1, go_receive);
    m_ready = go_receive & aresetn;
    if (cycle % 1024 == 0 && aresetn) $display("progress %0d %0d", received, FRAMES);
  end

  // --- the run
  reg stuck = 1'b0;
  task wait_received(input integer count);
    begin
      last_moved = cycle;
      while (received < count && !stuck && mismatches < 1000000) begin
        @(posedge aclk);
        #1;
        if (cycle - last_moved > watchdog) begin
          stuck = 1'b1;
          end_text = "deadlock: nothing moved for the watchdog's time";
          mismatch(end_text, received, -1, 0, 0, 1);
        end
      end
      if (mismatches >= 1000000) begin
        stuck = 1'b1;
        end_text = "given up after a million mismatches";
      end
    end
  endtask

  integer outputs_below, outputs_n;
  task count_outputs(input integer count);  // of the frames below count
    begin
      outputs_below = 0;
      for (outputs_n = 0; outputs_n < count; outputs_n = outputs_n + 1)
        if (!ENDS_ONLY || tags[outputs_n][0]) outputs_below = outputs_below + 1;
    end
  endtask

  task settle;  // until all frames let go are computed
    begin
      while (send_frame < released && !stuck) begin
        @(posedge aclk);
        #1 if (cycle - last_moved > watchdog) stuck = 1'b1;
      end
      repeat (SETTLE_CYCLES) @(posedge aclk);
      #1 bus_data = 32'd1;
      while (bus_data[0] !== 1'b0 && !stuck) begin
        if (!bus_busy) begin
          bus_address = AT_STATUS;
          arvalid = 1'b1;
          bus_busy = 1'b1;
        end
        while (bus_busy) @(posedge aclk);
        #1;
      end
      repeat (SETTLE_CYCLES) @(posedge aclk);
      #1;
    end
  endtask

  integer latency = -1;
  integer d_sum = 0, d_count = 0, d_min = 0, d_max = 0;
  integer previous[0:STREAMS-1];
  integer last_frame[0:STREAMS-1];
  integer numbers[0:STREAMS-1];          // frames of each stream
  integer previous_number[0:STREAMS-1];
  integer previous_steady[0:STREAMS-1];
  integer n, distance, used, report, steady_end, senders, measured, half, apart, alone, first_measured;
  reg [STREAMS-1:0] stream_used = 0;

  task measure;
    begin
      while (s_ready !== 1'b1 && cycle < watchdog) @(posedge aclk);
      #1 alone = 0;
      if (ENDS_ONLY) while (alone + 1 < FRAMES && !tags[alone][0]) alone = alone + 1;
      if (ENDS_ONLY && !ROUNDS) begin
        released = alone;
        settle;
      end
      released = ROUNDS ? alone / STREAMS * STREAMS + STREAMS : alone + 1;
      first_measured = released;
      count_outputs(released);
      wait_received(outputs_below);
      if (!stuck) begin
        if (!ROUNDS && ends[alone] >= 0) latency = ends[alone] - first_accept[alone];
        repeat (latency * 2 > SETTLE_CYCLES ? latency * 2 : SETTLE_CYCLES) @(posedge aclk);
        #1 released = FRAMES;
        count_outputs(FRAMES);
        wait_received(outputs_below);
        for (n = 0; n < STREAMS; n = n + 1) begin
          previous[n]   = -1;
          previous_number[n] = 0;
          previous_steady[n] = 0;
          numbers[n] = 0;
          last_frame[n] = 0;
        end
        for (n = first_measured; n < FRAMES; n = n + 1) last_frame[tags[n]>>1] = n;
        // The steady state: every stream has more to send.
        steady_end = FRAMES;
        senders    = 0;
        for (n = 0; n < STREAMS; n = n + 1)
          if (last_frame[n] > 0) begin
            if (last_frame[n] < steady_end) steady_end = last_frame[n];
            senders = senders + 1;
          end
        measured = steady_end + senders < FRAMES ? steady_end + senders : FRAMES;
        half = first_measured + (measured - first_measured) / 2;
        if (last_write > first_measured && last_write + 2 * senders > half) half = last_write + 2 * senders;
        for (n = first_measured; n < FRAMES; n = n + 1) begin
          stream = tags[n] >> 1;
          apart  = numbers[stream] - previous_number[stream];
          if (ends[n] >= 0) begin
            distance = ends[n] - previous[stream];
            if (previous[stream] >= 0 && n >= half && n < steady_end && (apart == 1 || previous_steady[stream])) begin
              if (d_count == 0 || distance / apart < d_min) d_min = distance / apart;
              if ((distance + apart - 1) / apart > d_max) d_max = (distance + apart - 1) / apart;
              d_sum   = d_sum + distance;
              d_count = d_count + apart;
            end
            previous[stream] = ends[n];
            previous_number[stream] = numbers[stream];
            previous_steady[stream] = n >= half;
          end
          numbers[stream] = numbers[stream] + 1;
        end
      end
    end
  endtask

  task write_report;
    begin
      if ($value$plusargs("outputs=%s", name)) begin
        report = $fopen(name, "w");
        for (n = 0; n < FRAMES * OUT_SIZE; n = n + 1) $fdisplay(report, "%0d", $signed(outputs[n]));
        $fclose(report);
      end
      used = 0;
      for (n = 0; n < STREAMS; n = n + 1) used = used + stream_used[n];
      report = 32'h80000001;  // standard output
      if ($value$plusargs("report=%s", name)) report = $fopen(name, "w");
      $fdisplay(report, "{\n  \"frames\": %0d,\n  \"outputs_checked\": %0d,\n  \"mismatches\": %0d,", frames_whole, checked, mismatches);
      if (mismatches == 0) $fdisplay(report, "  \"first_mismatch\": \"\",");
      else if (first_frame < 0) $fdisplay(report, "  \"first_mismatch\": \"cycle %0d: %0s\",", first_cycle, first_text);
      else if (first_element < 0) $fdisplay(report, "  \"first_mismatch\": \"cycle %0d: frame %0d: %0s\",", first_cycle, first_frame, first_text);
      else
        $fdisplay(report, "  \"first_mismatch\": \"cycle %0d: frame %0d, element %0d: %0s: got %0d%0s, expected %0d\",", first_cycle,
                  first_frame, first_element, first_text, first_got, first_undefined ? " (undefined)" : "", first_wanted);
      $fdisplay(report, "  \"end\": \"%0s\",\n  \"cycles\": %0d,\n  \"streams\": %0d,\n  \"latency_cycles\": %0d,", end_text, cycle, used, latency);
      $fdisplay(report, "  \"latency_stream\": %0d,", latency < 0 ? 0 : tags[alone] >> 1);
      $fdisplay(report, "  \"distance_sum\": %0d,\n  \"distance_count\": %0d,\n  \"distance_min\": %0d,\n  \"distance_max\": %0d,", d_sum,
                d_count, d_min, d_max);
      $fdisplay(report, "  \"control_accesses\": 0,\n  \"reads\": []\n}");
      if (report != 32'h80000001) $fclose(report);
    end
  endtask

  initial begin
    if (!$value$plusargs("tags=%s", name)) $display("error: +tags is missing");
    $readmemh(name, tags);
    if (!$value$plusargs("inputs=%s", name)) $display("error: +inputs is missing");
    $readmemh(name, inputs);
    if (!$value$plusargs("expected=%s", name)) $display("error: +expected is missing");
    $readmemh(name, expected);
    seed = 1;
    stalls = $value$plusargs("stalls=%d", seed);
    if (!$value$plusargs("watchdog=%d", watchdog)) watchdog = 200000;
    if ($value$plusargs("waves=%s", name)) begin
      $dumpfile(name);
      $dumpvars(0, u_design);
    end
    for (n = 0; n < 2; n = n + 1) begin
      lfsr[n] = 32'h9e3779b9 * (2 * seed + n + 1) ^ 32'h2545f491;
      if (lfsr[n] == 0) lfsr[n] = 1;  // the one state that it never leaves
      mood[n] = 0;
      left[n] = 0;
    end
    for (n = 0; n < STREAMS; n = n + 1) begin
      next_of[n] = 0;
      counts[n]  = 0;
    end
    for (n = 0; n < FRAMES; n = n + 1) begin
      ends[n] = -1;
      first_accept[n] = -1;
      stream_used[tags[n]>>1] = 1'b1;
    end

    repeat (RESET_CYCLES) @(posedge aclk);
    #1 aresetn = 1'b1;
    repeat (SETTLE_CYCLES) @(posedge aclk);
    #1;
    if (stalls) begin
      released = FRAMES;
      count_outputs(FRAMES);
      wait_received(outputs_below);
    end else measure;
    repeat (SETTLE_CYCLES) @(posedge aclk);  // an output too many shows here
    #1;
    if (active) end_frame(-1);
    count_outputs(FRAMES);
    if (received < outputs_below) mismatch("frames never came out", received, -1, 0, 0, (outputs_below - received) * OUT_SIZE);
    write_report;
    $display("%0d frames, %0d words compared, %0d mismatches, %0d cycles", frames_whole, checked, mismatches, cycle);
    $finish;
  end
endmodule

`default_nettype wire
