// Proof: a run is the program's steps, each once, in order and in its cycle: a segment begins GAP + 1 cycles after the step before it and has no
// pause; with each step go the fields of its segment and the flags of its frame. A slot without a frame has the bit `valid` 0 in all its steps, and
// gives no bank back. A run begins with a frame only, and each frame that is taken has had a reservation, waited, and is in one run (with FRAMES > 1
// in as many as it has shares).
//
// Parameters: LENGTH, CONTEXTS, ROUNDS, FRAMES as in ern_sequencer; NARROW 1: gaps and steps below 8, other numbers of a segment below 2; LEMMAS 1:
//             with what makes it inductive.
// Method:     the program is any that has its first segment marked `begin`, its last `end`, and no others, with steps in each and contexts that
//             exist; frames, room, halts, and accesses of the host come at any time. A counter of segments and steps says which step is next. By
//             induction over one cycle; the lemmas say that the fetched segments are those that follow it, and enough of them.
`default_nettype none

// In place of the memory of the program: the same cycles, any words.
module ern_rom #(
    parameter WIDTH = 8,
    parameter DEPTH = 4,
    parameter FILE = "",
    parameter READ = 2,
    parameter ADDRESS_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1
) (
    input  wire                    clk,
    input  wire [ADDRESS_BITS-1:0] address_i,
    output wire [       WIDTH-1:0] data_o
);
  (* anyconst *) reg [WIDTH*DEPTH-1:0] words;
  reg [WIDTH-1:0] read_q, read_q2;
  integer n;
  always @(posedge clk) begin
    read_q <= words[WIDTH-1:0];
    for (n = 1; n < DEPTH; n = n + 1) if (address_i == n) read_q <= words[n*WIDTH+:WIDTH];
    read_q2 <= read_q;
  end
  assign data_o = read_q2;
endmodule

module ern_sequencer_proof #(
    parameter LENGTH = 4,
    parameter CONTEXTS = 1,
    parameter ROUNDS = 0,
    parameter FRAMES = 1,
    parameter NARROW = 0,
    parameter LEMMAS = 1
) (
    input wire                clk,
    input wire                rst,
    input wire                keep,
    input wire                halt,
    input wire [CONTEXTS-1:0] clear,
    input wire [CONTEXTS-1:0] written,
    input wire [CONTEXTS-1:0] pending,
    input wire [CONTEXTS-1:0] bank,
    input wire [CONTEXTS-1:0] user,
    input wire                host_read,
    input wire [        15:0] host_row,
    input wire                host_bank,
    input wire                room
);
  localparam K = 4;
  localparam WORD = 132, ENTRY = 137;
  localparam SHARES = (FRAMES > 1) ? FRAMES : CONTEXTS;
  localparam PC_BITS = $clog2(LENGTH);
  wire [CONTEXTS-1:0] take, release_now, parity, fresh;
  wire reserve, step, row_bank, input_bank, zero, clears, active;
  wire [1:0] source, rotate;
  wire [15:0] row, input_row;
  wire [7:0] seam, readout;
  wire [2:0] mode;
  wire [19:0] weight;
  wire [11:0] pass;
  wire [3:0] frame;
  ern_sequencer #(.K(K), .LENGTH(LENGTH), .CONTEXTS(CONTEXTS), .ROUNDS(ROUNDS), .FRAMES(FRAMES)) u_dut (
      .clk(clk), .rst_i(rst), .keep_state_i(keep), .halt_i(halt), .clear_state_i(clear), .state_written_i(written), .pending_i(pending),
      .bank_i(bank), .user_i(user), .take_o(take), .release_o(release_now), .host_read_i(host_read), .host_row_i(host_row),
      .host_bank_i(host_bank), .room_i(room), .reserve_o(reserve), .step_o(step), .source_o(source), .row_o(row), .bank_o(row_bank),
      .seam_o(seam), .input_row_o(input_row), .input_bank_o(input_bank), .mode_o(mode), .rotate_o(rotate), .zero_o(zero), .weight_o(weight),
      .clear_o(clears), .readout_o(readout), .pass_o(pass), .frame_o(frame), .active_o(active), .parity_o(parity), .fresh_o(fresh));

  reg begun = 1'b0;
  always @(posedge clk) begin
    begun <= 1'b1;
    if (!begun) assume (rst);
  end

  // --- the program: fields as in src/units/control_words.hpp
  (* hierconn *) wire [WORD*LENGTH-1:0] \u_dut.u_program.words ;
  wire [8*WORD-1:0] words = \u_dut.u_program.words ;
  function [4:0] wrapped;       // modulo LENGTH
    input [4:0] n;
    wrapped = (n >= 5 * LENGTH) ? n - 5 * LENGTH : (n >= 4 * LENGTH) ? n - 4 * LENGTH : (n >= 3 * LENGTH) ? n - 3 * LENGTH :
              (n >= 2 * LENGTH) ? n - 2 * LENGTH : (n >= LENGTH) ? n - LENGTH : n;
  endfunction
  function [WORD-1:0] segment;
    input [4:0] n;
    integer s;
    begin
      segment = words[WORD-1:0];
      for (s = 1; s < LENGTH; s = s + 1) if (wrapped(n) == s) segment = words[s*WORD+:WORD];
    end
  endfunction
  integer i;
  reg [WORD-1:0] its;
  always @(posedge clk)
    for (i = 0; i < LENGTH; i = i + 1) begin
      its = segment(i);
      assume (its[77] == (i == 0) && its[78] == (i == LENGTH - 1));
      assume (its[16+:16] != 0 && its[15:0] < 16'hfffe);
      assume (its[80+:8] < SHARES && its[72+:3] <= 2);
      // gap, steps, row of the weights, row, pass, stages, seam, its row
      if (NARROW != 0) assume ({its[15:3], its[31:19], its[51:33], its[67:53], its[99:89], its[107:101], its[115:109], its[131:117]} == 0);
    end

  // --- frames that are taken for the next run, with what was said of them in the cycle before
  reg [CONTEXTS-1:0] pending_q, bank_q, user_q, parity_q, fresh_q, clear_q, written_q;
  reg reserve_q, room_q, rst_q, keep_q;
  reg [CONTEXTS-1:0] new_valid_q, new_parity_q, new_fresh_q, new_user_q, new_bank_q;
  wire [CONTEXTS-1:0] new_valid = new_valid_q | take;
  wire [CONTEXTS-1:0] new_parity = (new_parity_q & ~take) | (parity_q & take);
  wire [CONTEXTS-1:0] new_fresh = (new_fresh_q & ~take) | (fresh_q & take);
  wire [CONTEXTS-1:0] new_user = (new_user_q & ~take) | (user_q & take);
  wire [CONTEXTS-1:0] new_bank = (new_bank_q & ~take) | (bank_q & take);
  // --- the step that comes next
  reg [PC_BITS-1:0] pc_q;
  reg [15:0] step_q;            // steps of the segment that have been
  reg [1:0] rotate_q;
  reg [15:0] row_q, idle_q;
  reg first_row_q;
  reg [SHARES-1:0] run_valid_q, run_parity_q, run_fresh_q, run_user_q, run_bank_q;
  wire [WORD-1:0] now = segment(pc_q);
  wire first = step_q == 0;
  wire last = step_q == now[16+:16] - 1'b1;
  wire begins = step && pc_q == 0 && first;
  wire [1:0] at_rotate = first ? 2'd0 : rotate_q;
  wire [15:0] at_row = first ? now[52+:16] : row_q;
  wire at_first_row = first || first_row_q;
  wire [2:0] rotations = 3'd4 >> now[72+:3];
  wire turned = at_rotate == rotations - 1'b1;
  wire [SHARES-1:0] run_valid, run_parity, run_fresh, run_user, run_bank;
  generate
    if (FRAMES > 1) begin : g_frames
      assign run_valid = begins ? {run_valid_q[SHARES-2:0], new_valid} : run_valid_q;
      assign run_parity = begins ? {run_parity_q[SHARES-2:0], new_parity} : run_parity_q;
      assign run_fresh = begins ? {run_fresh_q[SHARES-2:0], new_fresh} : run_fresh_q;
      assign run_user = begins ? {run_user_q[SHARES-2:0], new_user} : run_user_q;
      assign run_bank = begins ? {run_bank_q[SHARES-2:0], new_bank} : run_bank_q;
    end else begin : g_contexts
      assign run_valid = begins ? new_valid : run_valid_q;
      assign run_parity = begins ? new_parity : run_parity_q;
      assign run_fresh = begins ? new_fresh : run_fresh_q;
      assign run_user = begins ? new_user : run_user_q;
      assign run_bank = begins ? new_bank : run_bank_q;
    end
  endgenerate
  wire [7:0] share = now[80+:8];
  wire its_valid = run_valid[share], its_parity = run_parity[share], its_fresh = run_fresh[share], its_user = run_user[share];
  wire its_bank = run_bank[share];
  // after the step of this cycle, if there is one
  wire [PC_BITS-1:0] next_pc = !(step && last) ? pc_q : (pc_q == LENGTH - 1) ? 0 : pc_q + 1'b1;
  wire [15:0] next_step = !step ? step_q : last ? 16'd0 : step_q + 1'b1;
  wire [15:0] idle = step ? 16'd1 : idle_q;
  wire [1:0] next_rotate = !step ? rotate_q : turned ? 2'd0 : at_rotate + 1'b1;
  wire [15:0] next_row = !step ? row_q : turned ? at_row + 1'b1 : at_row;
  wire next_first_row = !step ? first_row_q : at_first_row && !turned;
  wire [CONTEXTS-1:0] still_new = begins ? 0 : new_valid;
  always @(posedge clk) begin
    {pending_q, bank_q, user_q, parity_q, fresh_q, clear_q, written_q} <= {pending, bank, user, parity, fresh, clear, written};
    {reserve_q, room_q, rst_q, keep_q} <= {reserve, room, rst, keep};
    if (rst) begin
      {pc_q, step_q, new_valid_q} <= 0;
      idle_q <= 16'hffff;
      run_valid_q <= 0;
    end else begin
      pc_q <= next_pc;
      step_q <= next_step;
      idle_q <= &idle ? idle : idle + 1'b1;
      new_valid_q <= still_new;
      run_valid_q <= run_valid;
    end
    {rotate_q, row_q, first_row_q} <= {next_rotate, next_row, next_first_row};
    {new_parity_q, new_fresh_q, new_user_q, new_bank_q} <= {new_parity, new_fresh, new_user, new_bank};
    {run_parity_q, run_fresh_q, run_user_q, run_bank_q} <= {run_parity, run_fresh, run_user, run_bank};
  end
  wire in_run = next_pc != 0 || next_step != 0;

  // --- what is proven
  integer c;
  always @(posedge clk)
    if (begun && !rst) begin
      // In its cycle: a segment's steps follow one another; the first comes GAP + 1 cycles after the last one of the segment before.
      if (!first) assert (step);
      if (first && pc_q != 0) assert (step == (idle_q == now[15:0] + 2));
      if (begins) assert (idle_q > now[15:0] + 1 || &idle_q);
      if (begins) assert (run_valid != 0);
      if (step) begin
        assert (source == now[68+:2] && mode == now[72+:3] && pass == now[88+:12]);
        assert (weight == now[32+:20] + step_q && rotate == at_rotate && row == at_row);
        assert (clears == (first && now[75]));
        assert (readout == (last && now[76] ? now[100+:8] : 8'd0));
        assert (seam == (at_first_row ? now[108+:8] : 8'd0));
        assert (input_row == (now[68+:2] == 0 ? at_row : now[116+:16]));
        assert (frame[0] == its_valid);
        if (its_valid) begin
          assert (frame[3:1] == {its_user, its_fresh, its_parity} && input_bank == its_bank);
          assert (row_bank == (now[70] && (its_parity ^ now[71])) && zero == (now[71] && its_fresh));
        end
      end else assert (readout == 0);
      for (c = 0; c < CONTEXTS; c = c + 1) begin
        assert (release_now[c] == (step && last && now[79] && share == c && its_valid));
        // A frame is taken that waited, for which room was set aside, and not while its context already has one in the round.
        if (take[c]) assert (pending_q[c] && reserve_q && room_q && !new_valid_q[c]);
        if (!rst_q) begin
          assert (parity[c] == (parity_q[c] ^ take[c]));
          assert (fresh[c] == (written_q[c] ? 1'b0 : clear_q[c] ? 1'b1 : take[c] ? user_q[c] : fresh_q[c]));
        end else if (!keep_q) assert (!parity[c] && fresh[c]);
        else assert (parity[c] == parity_q[c] && fresh[c] == fresh_q[c]);
      end
      assert ((take & (take - 1'b1)) == 0);
      assert (reserve_q && !rst_q ? take != 0 : take == 0);
      if (rst_q) assert (!step && take == 0 && release_now == 0 && readout == 0);
      if (in_run || still_new != 0) assert (active);
      if (reserve) assert (!halt || still_new != 0);
      cover (begins && run_valid_q != 0 && idle_q == now[15:0] + 2 && now[15:0] == 0);
      cover (step && !its_valid && last && now[79] && pc_q != 0 || (CONTEXTS == 1 && FRAMES == 1 && step && pc_q == LENGTH - 1));
      cover (begins && new_valid == 0 || FRAMES == 1);
      cover (step && pc_q != 0 && idle_q == 5);
    end

  // --- lemmas
  (* hierconn *) wire [PC_BITS-1:0] \u_dut.pc_q ;
  (* hierconn *) wire [1:0] \u_dut.flight_q ;
  (* hierconn *) wire [2:0] \u_dut.head_q ;
  (* hierconn *) wire [2:0] \u_dut.tail_q ;
  (* hierconn *) wire [3:0] \u_dut.count_q ;
  (* hierconn *) wire [ENTRY-1:0] \u_dut.head ;
  (* hierconn *) wire [WORD-1:0] \u_dut.u_program.read_q ;
  (* hierconn *) wire [WORD-1:0] \u_dut.u_program.read_q2 ;
  (* hierconn *) wire [ENTRY-1:0] \u_dut.fifo[0] ;
  (* hierconn *) wire [ENTRY-1:0] \u_dut.fifo[1] ;
  (* hierconn *) wire [ENTRY-1:0] \u_dut.fifo[2] ;
  (* hierconn *) wire [ENTRY-1:0] \u_dut.fifo[3] ;
  (* hierconn *) wire [ENTRY-1:0] \u_dut.fifo[4] ;
  (* hierconn *) wire [ENTRY-1:0] \u_dut.fifo[5] ;
  (* hierconn *) wire [ENTRY-1:0] \u_dut.fifo[6] ;
  (* hierconn *) wire [ENTRY-1:0] \u_dut.fifo[7] ;
  wire [8*ENTRY-1:0] fifo = {\u_dut.fifo[7] , \u_dut.fifo[6] , \u_dut.fifo[5] , \u_dut.fifo[4] , \u_dut.fifo[3] , \u_dut.fifo[2] , \u_dut.fifo[1] ,
                             \u_dut.fifo[0] };
  (* hierconn *) wire [ENTRY-1:0] \u_dut.segment_q ;
  (* hierconn *) wire [15:0] \u_dut.remaining_q ;
  (* hierconn *) wire [15:0] \u_dut.idle_q ;
  (* hierconn *) wire [15:0] \u_dut.row_q ;
  (* hierconn *) wire [19:0] \u_dut.weight_q ;
  (* hierconn *) wire [1:0] \u_dut.rotate_q ;
  (* hierconn *) wire \u_dut.first_row_q ;
  (* hierconn *) wire \u_dut.more_q ;
  (* hierconn *) wire \u_dut.last_q ;
  (* hierconn *) wire \u_dut.ready_q ;
  (* hierconn *) wire \u_dut.wait_q ;
  (* hierconn *) wire \u_dut.active_q ;
  (* hierconn *) wire \u_dut.admitted_q ;
  (* hierconn *) wire \u_dut.scanned_valid ;
  (* hierconn *) wire [((CONTEXTS > 1) ? $clog2(CONTEXTS) : 1)-1:0] \u_dut.scan_q ;
  (* hierconn *) wire [SHARES-1:0] \u_dut.valid_q ;
  (* hierconn *) wire [SHARES-1:0] \u_dut.run_parity_q ;
  (* hierconn *) wire [SHARES-1:0] \u_dut.run_fresh_q ;
  (* hierconn *) wire [SHARES-1:0] \u_dut.run_user_q ;
  (* hierconn *) wire [SHARES-1:0] \u_dut.run_bank_q ;
  (* hierconn *) wire [CONTEXTS-1:0] \u_dut.next_valid_q ;
  (* hierconn *) wire [CONTEXTS-1:0] \u_dut.next_parity_q ;
  (* hierconn *) wire [CONTEXTS-1:0] \u_dut.next_fresh_q ;
  (* hierconn *) wire [CONTEXTS-1:0] \u_dut.next_user_q ;
  (* hierconn *) wire [CONTEXTS-1:0] \u_dut.next_bank_q ;
  function [ENTRY-1:0] entry;
    input [WORD-1:0] w;
    entry = {2'd3 >> w[72+:3], w[16+:16] == 2, w[16+:16] == 1, w[15:0] == 0, w};
  endfunction
  // Which segment each register and place of the fetch holds, and whether it holds any.
  reg [PC_BITS-1:0] pc_read_q, pc_read_q2, pc_head_q;
  reg [8*PC_BITS-1:0] pc_fifo_q;
  reg [7:0] filled_q;
  reg head_filled_q, read_filled_q, read_filled_q2;
  initial {filled_q, head_filled_q, read_filled_q, read_filled_q2} = 0;
  (* hierconn *) wire \u_dut.pop ;
  wire [2:0] second = \u_dut.head_q + 1'b1;
  always @(posedge clk) begin
    pc_read_q <= \u_dut.pc_q ;
    pc_read_q2 <= pc_read_q;
    {read_filled_q2, read_filled_q} <= {read_filled_q, 1'b1};
    for (i = 0; i < 8; i = i + 1)
      if (\u_dut.flight_q [1] && \u_dut.tail_q == i) begin
        filled_q[i] <= read_filled_q2;
        pc_fifo_q[i*PC_BITS+:PC_BITS] <= pc_read_q2;
      end
    if (\u_dut.flight_q [1] && (\u_dut.count_q == 0 || (\u_dut.pop && \u_dut.count_q == 1))) begin
      head_filled_q <= read_filled_q2;
      pc_head_q <= pc_read_q2;
    end else if (\u_dut.pop )
      for (i = 0; i < 8; i = i + 1)
        if (second == i) begin
          head_filled_q <= filled_q[i];
          pc_head_q <= pc_fifo_q[i*PC_BITS+:PC_BITS];
        end
  end
  wire [4:0] behind = next_pc + (next_step != 0);     // the segment at the head of those fetched
  wire [4:0] promised = \u_dut.count_q + \u_dut.flight_q [0] + \u_dut.flight_q [1];
  wire [WORD-1:0] coming = segment(next_pc);          // whose step is next
  always @(posedge clk)
    if (LEMMAS != 0) begin
      if (read_filled_q) assert (\u_dut.u_program.read_q == segment(pc_read_q));
      if (read_filled_q2) assert (\u_dut.u_program.read_q2 == segment(pc_read_q2));
      if (head_filled_q) assert (\u_dut.head == entry(segment(pc_head_q)));
      for (i = 0; i < 8; i = i + 1) if (filled_q[i]) assert (fifo[i*ENTRY+:ENTRY] == entry(segment(pc_fifo_q[i*PC_BITS+:PC_BITS])));
    end
  always @(posedge clk)
    if (LEMMAS != 0 && begun && !rst) begin
      assert (pc_q < LENGTH && step_q < now[16+:16]);
      // What was fetched, and enough of it.
      assert (promised <= 8 && \u_dut.tail_q == \u_dut.head_q + \u_dut.count_q [2:0]);
      for (i = 0; i < 8; i = i + 1)
        if (((i - \u_dut.head_q ) & 7) < \u_dut.count_q )
          assert (filled_q[i] && pc_fifo_q[i*PC_BITS+:PC_BITS] == wrapped(behind + ((i - \u_dut.head_q ) & 7)));
      if (\u_dut.count_q != 0) assert (head_filled_q && pc_head_q == wrapped(behind));
      if (\u_dut.flight_q [1]) assert (read_filled_q2 && pc_read_q2 == wrapped(behind + \u_dut.count_q ));
      if (\u_dut.flight_q [0]) assert (read_filled_q && pc_read_q == wrapped(behind + \u_dut.count_q + \u_dut.flight_q [1]));
      assert (\u_dut.pc_q == wrapped(behind + promised));
      if (promised < 7) assert (&\u_dut.flight_q || (\u_dut.count_q == 0 && !\u_dut.flight_q [1]));
      if (\u_dut.wait_q || \u_dut.ready_q || in_run) assert (\u_dut.count_q >= 2);
      // Where the program is.
      assert (\u_dut.idle_q == idle && idle != 0);
      assert (\u_dut.more_q == (next_step != 0));
      if (next_step != 0) begin
        assert (\u_dut.segment_q == entry(coming) && \u_dut.remaining_q == coming[16+:16] - next_step);
        assert (\u_dut.last_q == (\u_dut.remaining_q == 1) && \u_dut.weight_q == coming[32+:20] + next_step);
        assert (\u_dut.rotate_q == next_rotate && \u_dut.row_q == next_row && \u_dut.first_row_q == next_first_row);
        assert (!\u_dut.ready_q && !\u_dut.wait_q && idle == 1);
      end
      if (next_step == 0 && next_pc != 0) assert (\u_dut.ready_q ? idle == coming[15:0] + 1 : idle <= coming[15:0]);
      if (next_step == 0 && next_pc == 0) assert (!\u_dut.ready_q && (!\u_dut.wait_q || idle > coming[15:0] || &idle));
      if (next_pc != 0) assert (!\u_dut.wait_q );
      assert (\u_dut.active_q || !in_run);
      // The frames of the run, and those of the next.
      if (in_run || FRAMES > 1) assert (\u_dut.valid_q == run_valid);
      if (in_run || FRAMES > 1)
        for (c = 0; c < SHARES; c = c + 1)
          if (run_valid[c])
            assert ({\u_dut.run_parity_q [c], \u_dut.run_fresh_q [c], \u_dut.run_user_q [c], \u_dut.run_bank_q [c]} ==
                    {run_parity[c], run_fresh[c], run_user[c], run_bank[c]});
      assert (\u_dut.admitted_q ? (\u_dut.next_valid_q == still_new && still_new != 0 && \u_dut.scan_q == 0 && !\u_dut.scanned_valid )
                                : \u_dut.scanned_valid == (still_new != 0));
      assert (\u_dut.scan_q < CONTEXTS);
      for (c = 0; c < CONTEXTS; c = c + 1) begin
        if (!\u_dut.admitted_q ) assert (c < \u_dut.scan_q ? \u_dut.next_valid_q [c] == still_new[c] : !still_new[c]);
        if (still_new[c])
          assert ({\u_dut.next_parity_q [c], \u_dut.next_fresh_q [c], \u_dut.next_user_q [c], \u_dut.next_bank_q [c]} ==
                  {new_parity[c], new_fresh[c], new_user[c], new_bank[c]});
      end
    end
endmodule

`default_nettype wire
