// Proof: the elements of a frame leave in order, once, in beats that are marked and padded as documented, with the frame's stream and mark; an engine
// that reserves never finds the buffer full.
//
// Parameters: K, BEAT, SIZE, STREAMS, CAPACITY, SEQUENCES as in ern_axis_out, whose ENDS is 0; A bits an element; LEMMAS 1: with what makes it
//             inductive.
// Method:     element `place` of frame `number` (modulo 16), both any, is remembered on its way in and compared on its way out. The engine reserves
//             when there is room, and sends the blocks of reserved frames at any pace. Resets at any time. By induction over one cycle: the
//             lemmas walk from the beat that leaves next back to the block that comes next, through the registers and the memory, and say
//             what lies at each place; the credits are those that the template asserts.
`default_nettype none

module ern_axis_out_proof #(
    parameter K = 2,
    parameter BEAT = 2,
    parameter SIZE = 3,
    parameter STREAMS = 2,
    parameter CAPACITY = 3,
    parameter SEQUENCES = 0,
    parameter A = 2,
    parameter LEMMAS = 1,
    parameter ID_BITS = (STREAMS > 1) ? $clog2(STREAMS) : 1
) (
    input wire               clk,
    input wire               rst,
    input wire               want,       // to reserve
    input wire               send,       // a block
    input wire [    K*A-1:0] data,
    input wire               user,
    input wire [ID_BITS-1:0] stream,
    input wire               tready
);
  localparam [3:0] BLOCKS = (SIZE + K - 1) / K;
  localparam [3:0] BEATS = (SIZE + BEAT - 1) / BEAT;
  wire room, overflow, tvalid, tlast, frame_last, tuser;
  wire [BEAT*8-1:0] tdata;
  wire [BEAT-1:0] tkeep;
  wire [ID_BITS-1:0] tid;
  reg [3:0] owed_q, block_q;   // frames that are reserved and not complete; blocks of the one that is sent
  wire reserve = want && room && owed_q != 4'd15;
  wire valid = send && owed_q != 4'd0;
  wire last = block_q == BLOCKS - 1;
  ern_axis_out #(.K(K), .A(A), .ELEMENT_BITS(8), .BEAT(BEAT), .SIZE(SIZE), .STREAMS(STREAMS), .CAPACITY(CAPACITY), .SEQUENCES(SEQUENCES)) u_dut (
      .clk(clk), .rst_i(rst), .block_valid_i(valid), .block_data_i(data), .block_last_i(last), .block_user_i(user), .block_stream_i(stream),
      .room_o(room), .reserve_i(reserve), .clear_errors_i(1'b0), .overflow_o(overflow), .tvalid_o(tvalid), .tready_i(tready),
      .tdata_o(tdata), .tkeep_o(tkeep), .tlast_o(tlast), .frame_last_o(frame_last), .tuser_o(tuser), .tid_o(tid));

  reg begun = 1'b0;
  always @(posedge clk) begin
    begun <= 1'b1;
    if (!begun) assume (rst);
  end

  // --- what goes in: of the chosen frame the element, stream and mark
  (* anyconst *) reg [3:0] number;
  (* anyconst *) reg [3:0] place;
  always @(posedge clk) assume (place < SIZE);
  reg [3:0] in_q;               // number of the frame that is sent
  reg [ID_BITS-1:0] stream_q, its_stream_q;
  reg its_user_q;
  reg [A-1:0] element_q;
  always @(posedge clk) if (block_q != 0 && valid) assume (stream == stream_q);
  always @(posedge clk)
    if (rst) {owed_q, block_q, in_q} <= 12'd0;
    else begin
      owed_q <= owed_q + reserve - (valid && last);
      if (valid) begin
        block_q <= last ? 4'd0 : block_q + 1'b1;
        in_q <= in_q + last;
        stream_q <= stream;
        if (in_q == number) begin
          its_stream_q <= stream;
          if (last) its_user_q <= user;
          if (place / K == block_q) element_q <= data[(place%K)*A+:A];
        end
      end
    end

  // --- what comes out
  reg [3:0] out_q, beat_q;
  reg rst_q, came_q;            // the cycle before was one of reset; a block has come since
  always @(posedge clk) {rst_q, came_q} <= {rst, !rst && (came_q || valid)};
  wire out = tvalid && tready && !rst;
  always @(posedge clk)
    if (rst) {out_q, beat_q} <= 8'd0;
    else if (out) begin
      beat_q <= frame_last ? 4'd0 : beat_q + 1'b1;
      out_q <= out_q + frame_last;
    end
  wire [7:0] lane = tdata[(place%BEAT)*8+:8];
  integer e;
  always @(posedge clk)
    if (begun && !rst) begin
      assert (!overflow);
      if (rst_q || !came_q) assert (!tvalid);
      if (tvalid) begin
        assert (frame_last == (beat_q == BEATS - 1));
        assert (tlast == (frame_last && (SEQUENCES == 0 || tuser)));
        assert (frame_last || !tuser);
        for (e = 0; e < BEAT; e = e + 1) begin
          assert (tkeep[e] == !(tlast && (BEATS - 1) * BEAT + e >= SIZE));
          if (frame_last && (BEATS - 1) * BEAT + e >= SIZE) assert (tdata[e*8+:8] == 0);
        end
        assert (out_q != in_q || beat_q < BEATS - 1);   // no frame ends before it is there
        if (out_q == number) begin
          assert (tid == its_stream_q);
          if (frame_last) assert (tuser == its_user_q);
          if (place / BEAT == beat_q) assert (lane == {{8 - A{element_q[A-1]}}, element_q});
        end
      end
      cover (out && frame_last && tuser && out_q == 1);
      cover (!room && owed_q == 0 && tvalid && frame_last);
      cover (!room && owed_q != 0 && !send && tvalid);
    end

  // --- lemmas
  localparam W = K * A + 2 + ID_BITS, V = BEAT * A + 2 + ID_BITS;   // of a block with its marks, of a beat
  localparam DEPTH_BITS = $clog2(CAPACITY), COUNT_BITS = $clog2(CAPACITY + 3), FREE_BITS = $clog2(CAPACITY + 1);
  localparam RATIO = (K > BEAT) ? K / BEAT : BEAT / K;
  localparam PART_BITS = (RATIO > 1) ? $clog2(RATIO) : 1;
  (* hierconn *) wire \u_dut.u_skid.valid_q ;
  (* hierconn *) wire \u_dut.u_skid.full_q ;
  (* hierconn *) wire [V-1:0] \u_dut.u_skid.data_q ;
  (* hierconn *) wire [V-1:0] \u_dut.u_skid.spare_q ;
  (* hierconn *) wire \u_dut.u_rechunk.genblk3.g_gather.valid_q ;
  (* hierconn *) wire \u_dut.u_rechunk.genblk3.g_gather.last_q ;
  (* hierconn *) wire [PART_BITS-1:0] \u_dut.u_rechunk.genblk3.g_gather.part_q ;
  (* hierconn *) wire [ID_BITS:0] \u_dut.u_rechunk.genblk3.g_gather.meta_q ;
  (* hierconn *) wire [BEAT*A-1:0] \u_dut.u_rechunk.genblk3.g_gather.chunk_q ;
  (* hierconn *) wire \u_dut.u_rechunk.genblk3.g_split.valid_q ;
  (* hierconn *) wire \u_dut.u_rechunk.genblk3.g_split.last_q ;
  (* hierconn *) wire [PART_BITS-1:0] \u_dut.u_rechunk.genblk3.g_split.part_q ;
  (* hierconn *) wire [ID_BITS:0] \u_dut.u_rechunk.genblk3.g_split.meta_q ;
  (* hierconn *) wire [K*A-1:0] \u_dut.u_rechunk.genblk3.g_split.hold_q ;
  (* hierconn *) wire \u_dut.u_fifo.valid_q ;
  (* hierconn *) wire \u_dut.u_fifo.fetch_valid_q ;
  (* hierconn *) wire [W-1:0] \u_dut.u_fifo.data_q ;
  (* hierconn *) wire [W-1:0] \u_dut.u_fifo.fetch_q ;
  (* hierconn *) wire [DEPTH_BITS-1:0] \u_dut.u_fifo.read_q ;
  (* hierconn *) wire [DEPTH_BITS-1:0] \u_dut.u_fifo.write_q ;
  (* hierconn *) wire \u_dut.u_fifo.empty_q ;
  (* hierconn *) wire [DEPTH_BITS:0] \u_dut.u_fifo.kept ;
  (* hierconn *) wire [COUNT_BITS-1:0] \u_dut.u_fifo.count_q ;
  (* hierconn *) wire [FREE_BITS+1:0] \u_dut.promised_q ;
  (* hierconn *) wire [W-1:0] \u_dut.u_fifo.ram[0] ;
  (* hierconn *) wire [W-1:0] \u_dut.u_fifo.ram[1] ;
  (* hierconn *) wire [W-1:0] \u_dut.u_fifo.ram[2] ;
  (* hierconn *) wire [W-1:0] \u_dut.u_fifo.ram[3] ;
  wire [4*W-1:0] ram = {\u_dut.u_fifo.ram[3] , \u_dut.u_fifo.ram[2] , \u_dut.u_fifo.ram[1] , \u_dut.u_fifo.ram[0] };
  // Beat b of frame f, and block b, as they should be; `first` is the element in the lowest place, if not that of the whole beat or block.
  function beat_right;
    input [V-1:0] word;
    input [3:0] f, b;
    begin
      beat_right = word[BEAT*A] == (b == BEATS - 1) && (word[BEAT*A] || !word[BEAT*A+1]);
      if (f == number)
        beat_right = beat_right && word[BEAT*A+2+:ID_BITS] == its_stream_q && (!word[BEAT*A] || word[BEAT*A+1] == its_user_q) &&
                     (place / BEAT != b || word[(place%BEAT)*A+:A] == element_q);
    end
  endfunction
  function block_right;
    input [W-1:0] word;
    input [3:0] f, b;
    begin
      block_right = word[K*A] == (b == BLOCKS - 1);
      if (f == number)
        block_right = block_right && word[K*A+2+:ID_BITS] == its_stream_q && (!word[K*A] || word[K*A+1] == its_user_q) &&
                      (place / K != b || word[(place%K)*A+:A] == element_q);
    end
  endfunction
  function [2:0] slot;          // of the word after n others
    input [2:0] n;
    slot = (n >= CAPACITY) ? n - CAPACITY : n;
  endfunction
  reg [3:0] f, b;               // where the walk is
  reg its_last;
  reg [ID_BITS:0] its_meta;
  integer i;
  always @(posedge clk)
    if (LEMMAS != 0 && begun && !rst) begin
      // The beats that wait: of the skid buffer, then of the chunk.
      if (!came_q) assert ({in_q, block_q, out_q, beat_q, \u_dut.u_fifo.count_q , \u_dut.u_skid.valid_q } == 0);
      if (rst_q) assert (!came_q);
      f = out_q;
      b = beat_q;
      assert (b < BEATS && block_q < BLOCKS);
      assert (!\u_dut.u_skid.full_q || \u_dut.u_skid.valid_q );
      if (\u_dut.u_skid.valid_q ) begin
        assert (beat_right(\u_dut.u_skid.data_q , f, b));
        for (e = 0; e < BEAT; e = e + 1) if (b == BEATS - 1 && b * BEAT + e >= SIZE) assert (\u_dut.u_skid.data_q [e*A+:A] == 0);
        f = (b == BEATS - 1) ? f + 1'b1 : f;
        b = (b == BEATS - 1) ? 4'd0 : b + 1'b1;
      end
      if (\u_dut.u_skid.full_q ) begin
        assert (beat_right(\u_dut.u_skid.spare_q , f, b));
        for (e = 0; e < BEAT; e = e + 1) if (b == BEATS - 1 && b * BEAT + e >= SIZE) assert (\u_dut.u_skid.spare_q [e*A+:A] == 0);
        f = (b == BEATS - 1) ? f + 1'b1 : f;
        b = (b == BEATS - 1) ? 4'd0 : b + 1'b1;
      end
      if (K < BEAT) begin
        if (\u_dut.u_rechunk.genblk3.g_gather.valid_q ) begin
          its_last = \u_dut.u_rechunk.genblk3.g_gather.last_q ;
          its_meta = \u_dut.u_rechunk.genblk3.g_gather.meta_q ;
          assert (beat_right({its_meta[ID_BITS-1:0], its_meta[ID_BITS] && its_last, its_last, \u_dut.u_rechunk.genblk3.g_gather.chunk_q }, f, b));
          assert (\u_dut.u_rechunk.genblk3.g_gather.part_q == 0);
          f = (b == BEATS - 1) ? f + 1'b1 : f;
          b = (b == BEATS - 1) ? 4'd0 : b + 1'b1;
        end
        // Parts of a beat.
        if (f == number && place / BEAT == b && place / K % RATIO < \u_dut.u_rechunk.genblk3.g_gather.part_q )
          assert (\u_dut.u_rechunk.genblk3.g_gather.chunk_q [(place%BEAT)*A+:A] == element_q);
        b = b * RATIO + \u_dut.u_rechunk.genblk3.g_gather.part_q ;
        assert (b < BLOCKS);
      end else if (K > BEAT) begin
        if (\u_dut.u_rechunk.genblk3.g_split.valid_q ) begin
          its_last = \u_dut.u_rechunk.genblk3.g_split.last_q ;
          assert (\u_dut.u_rechunk.genblk3.g_split.part_q == b % RATIO && its_last == (b / RATIO == BLOCKS - 1));
          if (f == number) begin
            its_meta = \u_dut.u_rechunk.genblk3.g_split.meta_q ;
            assert (its_meta[ID_BITS-1:0] == its_stream_q && (!its_last || its_meta[ID_BITS] == its_user_q));
            if (place / K == b / RATIO && place / BEAT >= b)
              assert (((\u_dut.u_rechunk.genblk3.g_split.hold_q >> ((place%BEAT) + (place/BEAT-b)*BEAT)*A) & {A{1'b1}}) == element_q);
          end
          f = its_last ? f + 1'b1 : f;
          b = its_last ? 4'd0 : b / RATIO + 1'b1;
        end else begin
          assert (b % RATIO == 0);
          b = b / RATIO;
        end
      end
      // The blocks that wait: at the memory's output, in its latch, in it.
      for (i = 0; i < CAPACITY + 2; i = i + 1)
        if (i == 0 ? \u_dut.u_fifo.valid_q : i == 1 ? \u_dut.u_fifo.fetch_valid_q : i - 2 < \u_dut.u_fifo.kept ) begin
          assert (block_right(i == 0 ? \u_dut.u_fifo.data_q : i == 1 ? \u_dut.u_fifo.fetch_q : ram[slot(\u_dut.u_fifo.read_q + i - 2)*W+:W], f, b));
          f = (b == BLOCKS - 1) ? f + 1'b1 : f;
          b = (b == BLOCKS - 1) ? 4'd0 : b + 1'b1;
        end
      assert (!\u_dut.u_fifo.empty_q || \u_dut.u_fifo.write_q == \u_dut.u_fifo.read_q );
      // Then the one that comes next.
      assert (f == in_q && b == block_q);
      if (in_q == number && block_q != 0) assert (its_stream_q == stream_q);
      assert (owed_q <= CAPACITY && \u_dut.promised_q == owed_q * BLOCKS - block_q && (owed_q != 0 || block_q == 0));
    end
endmodule

`default_nettype wire
