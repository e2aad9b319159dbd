// ern_sequencer: runs the pass program.
//
// Purpose:    Admits frames and issues one array step a cycle. The program is a loop of segments made by the
//             planner; one loop is one run: a frame of each context that has one. A segment waits until GAP
//             cycles have passed since the previous step, then issues `steps` steps. The segment marked
//             `begin` also waits until at least one context has a frame and the output has room for it; a context
//             without a frame goes through the run with its valid bit 0, so that it changes nothing.
//             A context is a stream. Each admitted frame alternates the context's parity: recurrent vectors are
//             written at `parity` and read at its complement; `fresh` frames see a zero state.
//             With FRAMES > 1 a run has a share of the last FRAMES frames of the one stream: a segment's context is the
//             number of runs since its frame was admitted. A run then also begins, without a new frame, when its time has come
//             and some frame is not through: the last frame of a sequence leaves without a successor.
// Segment:    a word of the program; its fields are below.
// Parameters: K words of a block row; LENGTH, segments; CONTEXTS >= 1; ROUNDS, 1: a run has a frame of each
//             context; FRAMES of a stream in a run, more than 1 with CONTEXTS 1 only; FILE, the program's image.
// Latency:    a step appears 1 cycle after the decision; admission takes CONTEXTS cycles and overlaps the last
//             segment of the previous run when that has enough steps.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module ern_sequencer #(
    parameter K        = 8,
    parameter LENGTH   = 4,
    parameter CONTEXTS = 1,
    parameter ROUNDS   = 0,
    parameter FRAMES   = 1,
    parameter FILE     = "",
    // Derived, not to be set.
    parameter PC_BITS = (LENGTH > 1) ? $clog2(LENGTH) : 1,
    parameter ROTATE_BITS = $clog2(K),
    parameter FRAME_FLAGS = 4
) (
    input  wire                   clk,
    input  wire                   rst_i,
    input  wire                   keep_state_i,    // with rst_i: contexts keep their states
    input  wire                   halt_i,          // admits nothing more
    input  wire [   CONTEXTS-1:0] clear_state_i,   // the context's next frame starts from zero
    input  wire [   CONTEXTS-1:0] state_written_i, // the host wrote the context's state: it is not zero
    // frames that wait
    input  wire [   CONTEXTS-1:0] pending_i,
    input  wire [   CONTEXTS-1:0] bank_i,          // input bank of the next frame
    input  wire [   CONTEXTS-1:0] user_i,          // it ends its sequence
    output reg  [   CONTEXTS-1:0] take_o,
    output reg  [   CONTEXTS-1:0] release_o,
    // while the engine is idle: the row and the parity that the host reads
    input  wire                   host_read_i,
    input  wire [           15:0] host_row_i,
    input  wire                   host_bank_i,
    // room at the output
    input  wire                   room_i,
    output wire                   reserve_o,       // in the cycle in which room_i is used
    // steps
    output reg                    step_o,
    output reg  [            1:0] source_o,
    output reg  [           15:0] row_o,
    output reg                    bank_o,          // top address bit of a state: parity
    output reg  [            7:0] seam_o,          // lanes below it read the input
    output reg  [           15:0] input_row_o,
    output reg                    input_bank_o,
    output reg  [            2:0] mode_o,
    output reg  [ROTATE_BITS-1:0] rotate_o,
    output reg                    zero_o,
    output reg  [           19:0] weight_o,
    output reg                    clear_o,
    output reg  [            7:0] readout_o,         // with the last step of a pass: stages to read out
    output reg  [           11:0] pass_o,
    output reg  [FRAME_FLAGS-1:0] frame_o,       // of the pass's context
    // state
    output wire                   active_o,        // a run is in progress or admitted
    output wire [   CONTEXTS-1:0] parity_o,        // parity of each context's next frame
    output wire [   CONTEXTS-1:0] fresh_o          // it sees a zero state
);
  localparam SEGMENT_WORD = 132;
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam SEGMENT_GAP = 0, SEGMENT_GAP_W = 16;                       // idle cycles since the previous step
  localparam SEGMENT_STEPS = 16, SEGMENT_STEPS_W = 16;                  // steps
  localparam SEGMENT_WEIGHT_ROW = 32, SEGMENT_WEIGHT_ROW_W = 20;        // weight row of the first step
  localparam SEGMENT_ROW = 52, SEGMENT_ROW_W = 16;                      // spectrum memory row of the first step
  localparam SEGMENT_SOURCE = 68, SEGMENT_SOURCE_W = 2;                 // 0 input, 1 state, 2 second state
  localparam SEGMENT_DYNAMIC = 70;                                      // the row depends on the frame's parity
  localparam SEGMENT_PREVIOUS = 71;                                     // the vector's value at t - 1
  localparam SEGMENT_MODE = 72, SEGMENT_MODE_W = 3;                     // log2 of the block size
  localparam SEGMENT_FIRST = 75;                                        // clears the accumulators
  localparam SEGMENT_LAST = 76;                                         // the accumulators are read out after it
  localparam SEGMENT_BEGIN = 77;                                        // first of the run
  localparam SEGMENT_END = 78;                                          // last of the run
  localparam SEGMENT_RELEASE = 79;                                      // after it the context's input bank is free
  localparam SEGMENT_CONTEXT = 80;                                      // whose frame it works on
  localparam SEGMENT_PASS = 88, SEGMENT_PASS_W = 12;                    // number of its pass's descriptor
  localparam SEGMENT_STAGES = 100, SEGMENT_STAGES_W = 8;                // stages to read out
  localparam SEGMENT_SEAM = 108, SEGMENT_SEAM_W = 8;                    // column lanes of the first row that read the input instead
  localparam SEGMENT_SEAM_ROW = 116, SEGMENT_SEAM_ROW_W = 16;           // the row of the input that they read
  localparam SEGMENT_IMMEDIATE = 132;                                   // no gap
  localparam SEGMENT_ONE_STEP = 133;                                    // one step
  localparam SEGMENT_TWO_STEPS = 134;                                   // two steps
  localparam SEGMENT_LAST_ROTATION = 135;                               // K / k - 1
  localparam FRAME_VALID = 0;                                           // there is a frame
  localparam FRAME_PARITY = 1;                                          // of the copy of recurrent vectors that it writes
  localparam FRAME_FRESH = 2;                                           // it sees a zero state
  localparam FRAME_END = 3;                                             // it ends its sequence
  // --- end of the fields
  localparam ENTRY = SEGMENT_LAST_ROTATION + ROTATE_BITS;
  localparam CONTEXT_BITS = (CONTEXTS > 1) ? $clog2(CONTEXTS) : 1;
  localparam SHARES = (FRAMES > 1) ? FRAMES : CONTEXTS;   // frames of a run
  localparam SHARE_BITS = (SHARES > 1) ? $clog2(SHARES) : 1;
  localparam [31:0] LAST_PC = LENGTH - 1;
  localparam [31:0] LAST_CONTEXT = CONTEXTS - 1;

  generate
    if (K < 2 || K > 64 || (K & (K - 1)) != 0) begin : g_bad_k
      ERROR_ern_sequencer_K_must_be_a_power_of_two_from_2_to_64 u_error ();
    end
    if (LENGTH < 1) begin : g_bad_length
      ERROR_ern_sequencer_LENGTH_must_be_at_least_1 u_error ();
    end
    if (CONTEXTS < 1 || CONTEXTS > 256) begin : g_bad_contexts
      ERROR_ern_sequencer_CONTEXTS_must_be_from_1_to_256 u_error ();
    end
    if (FRAMES < 1 || FRAMES > 256 || (FRAMES > 1 && CONTEXTS > 1)) begin : g_bad_frames
      ERROR_ern_sequencer_FRAMES_must_be_1_or_with_CONTEXTS_1_at_most_256 u_error ();
    end
  endgenerate

  // --- program fetch: a FIFO of eight segments hides the memory's latency, its first segment is in registers. What the start of a
  //     segment decides in its cycle is prepared before.
  reg [PC_BITS-1:0] pc_q;
  reg [1:0] flight_q;
  reg [ENTRY-1:0] fifo[0:7];
  reg [ENTRY-1:0] head;
  reg [2:0] head_q;
  reg [2:0] tail_q;
  reg [3:0] count_q;
  wire [SEGMENT_WORD-1:0] fetched;
  wire pop;
  wire [3:0] promised = count_q + {3'b0, flight_q[0]} + {3'b0, flight_q[1]};
  wire fetch = promised < 4'd8;
  wire [SEGMENT_STEPS_W-1:0] fetched_steps = fetched[SEGMENT_STEPS+:SEGMENT_STEPS_W];
  wire [ENTRY-1:0] entering;
  assign entering[SEGMENT_WORD-1:0] = fetched;
  assign entering[SEGMENT_IMMEDIATE] = fetched[SEGMENT_GAP+:SEGMENT_GAP_W] == 16'd0;
  assign entering[SEGMENT_ONE_STEP] = fetched_steps == 16'd1;
  assign entering[SEGMENT_TWO_STEPS] = fetched_steps == 16'd2;
  assign entering[SEGMENT_LAST_ROTATION+:ROTATE_BITS] = {ROTATE_BITS{1'b1}} >> fetched[SEGMENT_MODE+:SEGMENT_MODE_W];
  wire [2:0] second = head_q + 3'd1;

  ern_rom #(.WIDTH(SEGMENT_WORD), .DEPTH(LENGTH), .FILE(FILE)) u_program (
      .clk(clk), .address_i(pc_q), .data_o(fetched)
  );

  always @(posedge clk) begin
    if (rst_i) begin
      pc_q <= {PC_BITS{1'b0}};
      flight_q <= 2'b0;
      head_q <= 3'd0;
      tail_q <= 3'd0;
      count_q <= 4'd0;
    end else begin
      flight_q <= {flight_q[0], fetch};
      if (fetch) pc_q <= (pc_q == LAST_PC[PC_BITS-1:0]) ? {PC_BITS{1'b0}} : pc_q + 1'b1;
      if (flight_q[1]) tail_q <= tail_q + 3'd1;
      if (pop) head_q <= head_q + 3'd1;
      count_q <= count_q + {3'b0, flight_q[1]} - {3'b0, pop};
    end
    if (flight_q[1]) fifo[tail_q] <= entering;
    if (flight_q[1] && (count_q == 4'd0 || (pop && count_q == 4'd1))) head <= entering;
    else if (pop) head <= fifo[second];
  end

  wire head_valid = count_q != 4'd0;
  wire second_immediate = fifo[second][SEGMENT_IMMEDIATE];
  wire head_begin = head[SEGMENT_BEGIN];
  wire second_begin = fifo[second][SEGMENT_BEGIN];
  wire [SHARE_BITS-1:0] head_share = head[SEGMENT_CONTEXT+:SHARE_BITS];

  // --- admission: one context a cycle, while the segment `begin` waits
  reg [CONTEXTS-1:0] parity_q;
  reg [CONTEXTS-1:0] fresh_q;
  reg [CONTEXTS-1:0] next_valid_q, next_parity_q, next_fresh_q, next_user_q, next_bank_q;
  reg [SHARES-1:0] valid_q, run_parity_q, run_fresh_q, run_user_q, run_bank_q;
  reg [CONTEXT_BITS-1:0] scan_q;
  reg admitted_q;
  reg scanned_valid;   // a context already scanned in this round has a frame
  // A round of admission that has taken a frame is finished in spite of halt_i: the frame's parity has changed.
  // A round begins when some context has a frame, so that the latency of a lone frame does not depend on chance.
  // With ROUNDS it begins when all have one, so that frames leave in the order of the contexts.
  wire waiting = scan_q != {CONTEXT_BITS{1'b0}} || (ROUNDS != 0 ? &pending_i : |pending_i);
  wire flush;   // the run that begins in this cycle has no new frame
  wire scan = head_valid && head_begin && !admitted_q && !flush && waiting && (!halt_i || scanned_valid);
  wire offered = pending_i[scan_q];
  wire scan_step = scan && (!offered || room_i);
  wire scan_last = scan_q == LAST_CONTEXT[CONTEXT_BITS-1:0];
  wire begin_issue;
  assign reserve_o = scan_step && offered;

  // --- the frames of the run that begins: the new ones, or the new one before those of the last run
  wire [SHARES-1:0] begin_valid, begin_parity, begin_fresh, begin_user, begin_bank;
  wire unfinished;   // some frame needs another run
  generate
    if (FRAMES > 1) begin : g_frames
      assign begin_valid = {valid_q[SHARES-2:0], admitted_q};
      assign begin_parity = {run_parity_q[SHARES-2:0], next_parity_q};
      assign begin_fresh = {run_fresh_q[SHARES-2:0], next_fresh_q};
      assign begin_user = {run_user_q[SHARES-2:0], next_user_q};
      assign begin_bank = {run_bank_q[SHARES-2:0], next_bank_q};
      assign unfinished = |valid_q[SHARES-2:0];
      wire unused_valid = &{1'b0, next_valid_q};
    end else begin : g_contexts
      assign begin_valid = next_valid_q;
      assign begin_parity = next_parity_q;
      assign begin_fresh = next_fresh_q;
      assign begin_user = next_user_q;
      assign begin_bank = next_bank_q;
      assign unfinished = 1'b0;
    end
  endgenerate

  integer s;
  always @(posedge clk) begin
    take_o <= {CONTEXTS{1'b0}};
    if (rst_i) begin
      if (!keep_state_i) begin
        parity_q <= {CONTEXTS{1'b0}};
        fresh_q <= {CONTEXTS{1'b1}};
      end
      next_valid_q <= {CONTEXTS{1'b0}};
      scan_q <= {CONTEXT_BITS{1'b0}};
      admitted_q <= 1'b0;
    end else begin
      if (scan_step) begin
        scan_q <= scan_last ? {CONTEXT_BITS{1'b0}} : scan_q + 1'b1;
        for (s = 0; s < CONTEXTS; s = s + 1)   // a bit written by its number would become a shifter
          if (scan_q == s[CONTEXT_BITS-1:0]) begin
            next_valid_q[s] <= pending_i[s];
            next_parity_q[s] <= parity_q[s];
            next_fresh_q[s] <= fresh_q[s];
            next_user_q[s] <= user_i[s];
            next_bank_q[s] <= bank_i[s];
            if (pending_i[s]) begin
              take_o[s] <= 1'b1;
              parity_q[s] <= !parity_q[s];
              fresh_q[s] <= user_i[s];
            end
          end
        if (scan_last && (offered || scanned_valid)) admitted_q <= 1'b1;
      end
      if (begin_issue) admitted_q <= 1'b0;
      for (s = 0; s < CONTEXTS; s = s + 1) begin
        if (clear_state_i[s]) fresh_q[s] <= 1'b1;
        if (state_written_i[s]) fresh_q[s] <= 1'b0;
      end
    end
    if (rst_i && FRAMES > 1) valid_q <= {SHARES{1'b0}};
    else if (begin_issue) valid_q <= begin_valid;
    if (begin_issue) begin
      run_parity_q <= begin_parity;
      run_fresh_q <= begin_fresh;
      run_user_q <= begin_user;
      run_bank_q <= begin_bank;
    end
  end

  always @(posedge clk)
    if (rst_i || (scan_step && scan_last)) scanned_valid <= 1'b0;
    else if (scan_step && offered) scanned_valid <= 1'b1;

  // --- steps
  reg active_q;
  reg [15:0] idle_q;   // cycles since the previous step, this one included
  reg [15:0] remaining_q;
  reg more_q;          // steps of the segment remain
  reg last_q;          // one of them
  // The head has been there for a cycle, its gap has passed and no step remains: it may start, or as the first of a run when that begins.
  reg ready_q;
  reg wait_q;
  reg [ENTRY-1:0] segment_q;
  reg [15:0] row_q;
  reg [19:0] weight_q;
  reg [ROTATE_BITS-1:0] rotate_q;
  reg first_row_q;     // of the segment

  assign begin_issue = wait_q && (admitted_q || unfinished);
  assign flush = begin_issue && !admitted_q;
  wire start = ready_q || begin_issue;
  wire due_behind = head[SEGMENT_ONE_STEP] && count_q > 4'd1 && second_immediate;   // the next segment follows one that starts
  wire due_later = !(more_q && !last_q) && head_valid &&
                   (more_q ? head[SEGMENT_IMMEDIATE] : idle_q >= head[SEGMENT_GAP+:SEGMENT_GAP_W]);
  assign pop = start;
  wire issue = more_q || start;

  wire [ENTRY-1:0] now = start ? head : segment_q;
  wire [2:0] now_mode = now[SEGMENT_MODE+:SEGMENT_MODE_W];
  wire [15:0] now_row = start ? head[SEGMENT_ROW+:SEGMENT_ROW_W] : row_q;
  wire [19:0] now_weight = start ? head[SEGMENT_WEIGHT_ROW+:SEGMENT_WEIGHT_ROW_W] : weight_q;
  wire [ROTATE_BITS-1:0] now_rotate = start ? {ROTATE_BITS{1'b0}} : rotate_q;
  wire [15:0] now_left = start ? head[SEGMENT_STEPS+:SEGMENT_STEPS_W] - 16'd1 : remaining_q - 16'd1;
  wire [SHARE_BITS-1:0] now_share = start ? head_share : segment_q[SEGMENT_CONTEXT+:SHARE_BITS];
  wire rotate_last = now_rotate == now[SEGMENT_LAST_ROTATION+:ROTATE_BITS];
  wire final_step = start ? head[SEGMENT_ONE_STEP] : last_q;
  wire now_first_row = start || first_row_q;
  wire now_input = now[SEGMENT_SOURCE+:SEGMENT_SOURCE_W] == 2'd0;

  wire c_valid = begin_issue ? begin_valid[now_share] : valid_q[now_share];
  wire c_parity = begin_issue ? begin_parity[now_share] : run_parity_q[now_share];
  wire c_fresh = begin_issue ? begin_fresh[now_share] : run_fresh_q[now_share];
  wire c_user = begin_issue ? begin_user[now_share] : run_user_q[now_share];
  wire c_bank = begin_issue ? begin_bank[now_share] : run_bank_q[now_share];

  integer r;
  always @(posedge clk) begin
    step_o <= issue;
    readout_o <= 8'd0;
    release_o <= {CONTEXTS{1'b0}};
    if (rst_i) begin
      active_q <= 1'b0;
      remaining_q <= 16'd0;
      idle_q <= 16'hffff;
      step_o <= 1'b0;
      more_q <= 1'b0;
      last_q <= 1'b0;
      ready_q <= 1'b0;
      wait_q <= 1'b0;
    end else begin
      idle_q <= issue ? 16'd1 : &idle_q ? idle_q : idle_q + 16'd1;
      more_q <= issue && !final_step;
      ready_q <= start ? due_behind && !second_begin : due_later && !head_begin;
      wait_q <= start ? due_behind && second_begin : due_later && head_begin;
      if (issue) begin
        remaining_q <= now_left;
        last_q <= start ? head[SEGMENT_TWO_STEPS] : remaining_q == 16'd2;
        active_q <= !(final_step && now[SEGMENT_END]);
        if (final_step && now[SEGMENT_LAST]) readout_o <= now[SEGMENT_STAGES+:SEGMENT_STAGES_W];
        for (r = 0; r < CONTEXTS; r = r + 1)
          if (final_step && now[SEGMENT_RELEASE] && now_share == r[SHARE_BITS-1:0]) release_o[r] <= c_valid;
      end
    end
    if (issue) begin
      segment_q <= now;
      rotate_q <= rotate_last ? {ROTATE_BITS{1'b0}} : now_rotate + 1'b1;
      row_q <= rotate_last ? now_row + 16'd1 : now_row;
      first_row_q <= now_first_row && !rotate_last;
      weight_q <= now_weight + 20'd1;
    end
    if (issue || host_read_i) begin
      row_o <= issue ? now_row : host_row_i;
      bank_o <= issue ? now[SEGMENT_DYNAMIC] && (c_parity ^ now[SEGMENT_PREVIOUS]) : host_bank_i;
    end
    if (issue) begin   // held while idle, so that memories see legal addresses
      source_o <= now[SEGMENT_SOURCE+:SEGMENT_SOURCE_W];
      seam_o <= now_first_row ? now[SEGMENT_SEAM+:SEGMENT_SEAM_W] : 8'd0;
      input_row_o <= now_input ? now_row : now[SEGMENT_SEAM_ROW+:SEGMENT_SEAM_ROW_W];
      input_bank_o <= c_bank;
      mode_o <= now_mode;
      rotate_o <= now_rotate;
      zero_o <= now[SEGMENT_PREVIOUS] && c_fresh;
      weight_o <= now_weight;
      pass_o <= now[SEGMENT_PASS+:SEGMENT_PASS_W];
      frame_o[FRAME_VALID] <= c_valid;
      frame_o[FRAME_PARITY] <= c_parity;
      frame_o[FRAME_FRESH] <= c_fresh;
      frame_o[FRAME_END] <= c_user;
    end
    clear_o <= start && head[SEGMENT_FIRST];
  end

  assign active_o = active_q || admitted_q || scanned_valid || unfinished;
  assign parity_o = parity_q;
  assign fresh_o = fresh_q;
  wire unused = &{1'b0, head, segment_q, LAST_PC, LAST_CONTEXT};
endmodule

`default_nettype wire
