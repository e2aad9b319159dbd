// Proof: each output leaves in the cycle of the planner's formula (Placement::follow), with the rows, tag and mark of its tile, once and in order,
// and no other does; and a schedule whose backlog the planner counts (Timeline::note_backlog) as at most DEPTH never overflows the queue.
//
// Parameters: ROWS, PORTS, DEPTH, FOLDING as in ern_tile_queue; LEMMAS 1: with what makes it inductive.
// Method:     passes of any kind and size arrive at any times in runs that keep the planner's rules, which are assumed as it computes them: within
//             a run what waits, and one, is at most DEPTH; a run's first output leaves after the last one of the run before
//             (Timeline::least_distance), its first one for folded cells when those have rested. All runs may differ. A list of the beats that have
//             not left says when each leaves by the formula. By induction over one cycle; the lemmas say how the unit's registers stand to that list.
`default_nettype none

module ern_tile_queue_proof #(
    parameter ROWS = 4,
    parameter PORTS = 1,
    parameter DEPTH = 3,
    parameter FOLDING = 1,
    parameter LEMMAS = 1
) (
    input wire            clk,
    input wire            rst,
    input wire            valid,
    input wire            begins,       // a run
    input wire            first,
    input wire [     2:0] gates,
    input wire            cells,
    input wire [    15:0] tiles,
    input wire [    11:0] pass_rows,
    input wire [     1:0] tag,
    input wire [ROWS-1:0] rows,
    input wire            clear
);
  localparam T = 10;            // bits of a time
  localparam N = DEPTH + 1;     // beats in the list
  localparam [11:0] ALL = ROWS;
  localparam POINTER_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
  localparam WORD = ROWS + 2 + 16 + 3 + 1 + 1;   // of the memory
  wire out_valid, out_first, overflow;
  wire [1:0] out_tag;
  wire [ROWS-1:0] out_rows;
  ern_tile_queue #(.ROWS(ROWS), .PORTS(PORTS), .WIDTH(1), .TAG_WIDTH(2), .DEPTH(DEPTH), .QUEUE(1), .FOLDING(FOLDING)) u_dut (
      .clk(clk), .rst_i(rst), .valid_i(valid), .first_i(first), .gates_i(gates), .cells_i(cells), .tiles_i(tiles), .tag_i(tag), .rows_i(rows),
      .valid_o(out_valid), .first_o(out_first), .tag_o(out_tag), .rows_o(out_rows), .clear_errors_i(clear), .overflow_o(overflow));

  reg begun = 1'b0;
  always @(posedge clk) begin
    begun <= 1'b1;
    if (!begun) assume (rst);
  end

  // --- passes: all beats of one have the same descriptor; a tile of fewer gates than a beat has rows lies in one beat
  reg [11:0] left_q;            // rows of the pass that are still to come
  reg [15:0] base_q;            // number of the next tile
  reg [21:0] pass_q;
  wire [21:0] pass = {cells, gates, tiles, tag};
  wire [11:0] left = first ? pass_rows : left_q;
  wire [15:0] base = first ? 16'd0 : base_q;
  wire [11:0] here = (left < ALL) ? left : ALL;
  wire folded = FOLDING > 1 && cells;
  // Gates are powers of two, so that products and quotients are shifts.
  function [15:0] times;
    input [2:0] g;
    input [15:0] x;
    times = g[2] ? x << 2 : g[1] ? x << 1 : x;
  endfunction
  function [15:0] over;
    input [2:0] g;
    input [15:0] x;
    over = g[2] ? x >> 2 : g[1] ? x >> 1 : x;
  endfunction
  function [3:0] unit;          // rows that leave together
    input [2:0] g;
    unit = (g >= ROWS) ? ROWS : (g == 3'd1) ? PORTS : g;
  endfunction
  function [3:0] units;         // how many of them that is, the last one perhaps cut short
    input [2:0] g;
    input [3:0] x;
    units = (unit(g) == 1) ? x : (unit(g) == 2) ? (x + 4'd1) >> 1 : (unit(g) == 4) ? (x + 4'd3) >> 2 : (x + 4'd7) >> 3;
  endfunction
  function [3:0] within;        // x modulo unit
    input [2:0] g;
    input [3:0] x;
    within = x & (unit(g) - 4'd1);
  endfunction
  localparam FOLDING_2 = (FOLDING > 1) ? FOLDING / 2 : 1, FOLDING_4 = (FOLDING > 3) ? FOLDING / 4 : 1;
  localparam STEP_2 = (ROWS == 1) ? FOLDING_2 : FOLDING;                               // of tiles of two gates,
  localparam STEP_4 = (ROWS == 1) ? FOLDING_4 : (ROWS == 2) ? FOLDING_2 : FOLDING;     // and of four
  function [T-1:0] distance;    // cycles from one output of a pass to the next: EngineShape::beat_distance
    input [2:0] g;
    input f;
    distance = !f ? 1 : g[2] ? STEP_4 : g[1] ? STEP_2 : FOLDING;
  endfunction
  function [T-1:0] span;        // of n outputs, from the first to the last
    input [2:0] g;
    input f;
    input [3:0] n;
    span = (distance(g, f) == 1) ? n - 4'd1 : (distance(g, f) == 2) ? {n - 4'd1, 1'b0} : (distance(g, f) == 4) ? {n - 4'd1, 2'b0} : {n - 4'd1, 3'b0};
  endfunction
  function [2:0] place;         // of the word after n others
    input [2:0] n;
    place = (n >= DEPTH) ? n - DEPTH : n;
  endfunction
  wire [3:0] outputs = units(gates, here[3:0]);
  always @(posedge clk)
    if (valid && !rst) begin
      assume (first == (left_q == 0));
      assume (gates == 3'd1 || gates == 3'd2 || gates == 3'd4);
      if (first) begin
        assume (pass_rows != 0 && pass_rows <= 255 * ROWS);     // the array has so many rows
        if (gates < ROWS) assume (tiles <= 255 * ROWS && pass_rows == times(gates, tiles));
        else assume (pass_rows % ROWS == 0);                    // a pass may have a part of a tile
      end else assume (pass == pass_q);
    end

  // --- the formula: cycles from now until the last output that is planned leaves, and until one for folded cells may
  reg [T-1:0] emitted_q, rested_q;
  reg run_folded_q;             // this run has had an output for folded cells
  wire [T-1:0] base_time = (emitted_q + 1'b1 > 2 && !begins) ? emitted_q + 1'b1 : 2;
  wire rests = folded && run_folded_q && !begins && rested_q > base_time;
  wire [T-1:0] at = rests ? rested_q : base_time;     // its first output
  wire [T-1:0] step = distance(gates, folded);
  wire [T-1:0] final_at = at + span(gates, folded, outputs);
  // --- beats in the list: the oldest first; time of its next output, how many are left, row of the next
  reg [3:0] count_q, mine_q;    // all; those of this run, the newest ones
  reg [N*T-1:0] at_q;
  reg [N*4-1:0] left_outputs_q;
  reg [N*4-1:0] row_q;
  reg [N*16-1:0] bases_q;
  reg [N*WORD-1:0] words_q;
  wire [WORD-1:0] word = {first, cells, gates, tiles, tag, rows};
  wire [3:0] waits = begins ? 4'd0 : mine_q;
  always @(posedge clk) begin
    if (begins) assume (valid && first);
    if (valid && !rst) begin
      assume (waits + 2 <= DEPTH);                                     // note_backlog
      if (begins) assume (emitted_q <= 1);                             // least_distance: of outputs,
      if (folded && (begins || !run_folded_q)) assume (rested_q <= base_time);   // and of those for folded cells
    end
  end

  wire [WORD-1:0] head = words_q[WORD-1:0];
  wire [2:0] head_gates = head[ROWS+18+:3];
  wire [T-1:0] head_step = distance(head_gates, FOLDING > 1 && head[ROWS+21]);
  wire due = count_q != 0 && at_q[T-1:0] == 0;         // an output leaves now
  wire gone = due && left_outputs_q[3:0] == 1;
  reg [N*T-1:0] at_now;          // the list without what is gone
  reg [N*4-1:0] left_now, row_now;
  reg [N*16-1:0] bases_now;
  reg [N*WORD-1:0] words_now;
  wire [3:0] count_now = count_q - gone;
  wire [3:0] mine_now = mine_q - (gone && mine_q == count_q);
  integer i;
  always @* begin
    at_now = at_q;
    left_now = left_outputs_q;
    row_now = row_q;
    bases_now = bases_q;
    words_now = words_q;
    if (due) begin
      at_now[T-1:0] = head_step;
      left_now[3:0] = left_outputs_q[3:0] - 1'b1;
      row_now[3:0] = row_q[3:0] + unit(head_gates);
    end
    if (gone) begin
      at_now = at_q >> T;
      left_now = left_outputs_q >> 4;
      row_now = row_q >> 4;
      bases_now = bases_q >> 16;
      words_now = words_q >> WORD;
    end
  end
  always @(posedge clk)
    if (rst) begin
      {left_q, count_q, mine_q, run_folded_q} <= 0;
      {emitted_q, rested_q} <= 0;
    end else begin
      count_q <= count_now + valid;
      mine_q <= (begins ? 4'd0 : mine_now) + valid;
      emitted_q <= valid ? final_at - 1'b1 : (emitted_q != 0) ? emitted_q - 1'b1 : 0;
      rested_q <= (valid && folded) ? final_at + step - 1'b1 : (rested_q != 0) ? rested_q - 1'b1 : 0;
      if (valid) begin
        left_q <= left - here;
        base_q <= base + over(gates, here);
        pass_q <= pass;
        run_folded_q <= folded || (run_folded_q && !begins);
      end
      for (i = 0; i < N; i = i + 1) begin
        at_q[i*T+:T] <= (valid && count_now == i ? at : at_now[i*T+:T]) - 1'b1;
        left_outputs_q[i*4+:4] <= valid && count_now == i ? outputs : left_now[i*4+:4];
        row_q[i*4+:4] <= valid && count_now == i ? 4'd0 : row_now[i*4+:4];
        bases_q[i*16+:16] <= valid && count_now == i ? base : bases_now[i*16+:16];
        words_q[i*WORD+:WORD] <= valid && count_now == i ? word : words_now[i*WORD+:WORD];
      end
    end

  // --- what is proven
  integer r;
  wire [15:0] head_tiles = head[ROWS+2+:16];
  reg whole_seen_q, parts_seen_q;   // outputs of tiles that fill a beat, and of others
  always @(posedge clk)
    if (rst) {whole_seen_q, parts_seen_q} <= 2'd0;
    else if (out_valid) {whole_seen_q, parts_seen_q} <= {whole_seen_q || head_gates >= ROWS, parts_seen_q || head_gates < ROWS};
  always @(posedge clk)
    if (begun && !rst) begin
      assert (!overflow);
      assert (out_valid == due);
      if (due) begin
        assert (out_first == (head[WORD-1] && row_q[3:0] == 0));
        assert (out_tag == head[ROWS+:2]);
        for (r = 0; r < ROWS; r = r + 1)   // rows of its tiles: of a beat that is cut short no more than there are
          if (r < unit(head_gates) && (head_gates >= ROWS || times(head_gates, bases_q[15:0]) + row_q[3:0] + r < times(head_gates, head_tiles)))
            assert (out_rows[r] == ((head[ROWS-1:0] >> (row_q[3:0] + r)) & 1'b1));
      end
      cover (\u_dut.g_queue.count_q == DEPTH - 2 && valid && out_valid);
      cover ((ROWS == 1 || parts_seen_q) && due && mine_q == 1 && count_q == 2);
      cover (whole_seen_q && due && (ROWS == 1 || left_outputs_q[3:0] != 1));
      cover ((ROWS == 1 || parts_seen_q) && begins && count_q != 0);
      cover (gone && (ROWS == 1 || (head_gates < ROWS && row_q[3:0] + unit(head_gates) < ROWS)));
    end

  // --- lemmas: the unit's registers and the list
  (* hierconn *) wire [POINTER_BITS-1:0] \u_dut.g_queue.write_q ;
  (* hierconn *) wire [POINTER_BITS-1:0] \u_dut.g_queue.read_q ;
  (* hierconn *) wire [POINTER_BITS:0] \u_dut.g_queue.count_q ;
  (* hierconn *) wire [2:0] \u_dut.g_queue.row_q ;
  (* hierconn *) wire [15:0] \u_dut.g_queue.tile_q ;
  (* hierconn *) wire [6:0] \u_dut.g_queue.wait_q ;
  // The words of its memory, by the names that Yosys gives them; DEPTH of them are there.
  (* hierconn *) wire [WORD-1:0] \u_dut.g_queue.memory[0] ;
  (* hierconn *) wire [WORD-1:0] \u_dut.g_queue.memory[1] ;
  (* hierconn *) wire [WORD-1:0] \u_dut.g_queue.memory[2] ;
  (* hierconn *) wire [WORD-1:0] \u_dut.g_queue.memory[3] ;
  wire [4*WORD-1:0] memory = {\u_dut.g_queue.memory[3] , \u_dut.g_queue.memory[2] , \u_dut.g_queue.memory[1] , \u_dut.g_queue.memory[0] };
  reg [T-1:0] last_out, rest;         // by the list: times of the last output before a beat, and of the next for folded cells
  reg [T-1:0] expected_at;
  reg [WORD-1:0] its, next;
  reg [2:0] its_gates;
  reg its_folded;
  reg [15:0] its_base, next_base;
  reg [3:0] its_rows;                 // rows of the beat that are its pass's
  reg [3:0] its_row, its_outputs;
  always @(posedge clk)
    if (LEMMAS != 0 && begun && !rst) begin
      assert (count_now == mine_now && mine_q + 1 <= DEPTH && count_q <= DEPTH);
      assert (\u_dut.g_queue.count_q == count_now);
      assert (\u_dut.g_queue.read_q < DEPTH);
      assert (\u_dut.g_queue.write_q == place({1'b0, \u_dut.g_queue.read_q } + count_now));
      assert (\u_dut.g_queue.wait_q < FOLDING);
      if (count_now == 0) assert (\u_dut.g_queue.row_q == 0);
      last_out = 0;
      rest = \u_dut.g_queue.wait_q + 1;
      for (i = 0; i < DEPTH; i = i + 1)
        if (i < count_now) begin
          its = words_now[i*WORD+:WORD];
          its_gates = its[ROWS+18+:3];
          its_folded = FOLDING > 1 && its[ROWS+21];
          its_base = bases_now[i*16+:16];
          its_row = row_now[i*4+:4];
          its_outputs = left_now[i*4+:4];
          its_rows = (its_gates < ROWS && times(its_gates, its[ROWS+2+:16] - its_base) < ROWS) ? times(its_gates, its[ROWS+2+:16] - its_base) : ROWS;
          assert (its == memory[place({1'b0, \u_dut.g_queue.read_q } + i)*WORD+:WORD]);
          assert (its_gates == 3'd1 || its_gates == 3'd2 || its_gates == 3'd4);
          if (its_gates < ROWS) assert (its_base < its[ROWS+2+:16] && its[ROWS+2+:16] <= 255 * ROWS);
          assert (its_outputs == units(its_gates, its_rows - its_row) && its_row < its_rows);
          assert (i == 0 ? within(its_gates, its_row) == 0 : its_row == 0);
          if (i == 0) assert (\u_dut.g_queue.row_q == its_row);
          if (i == 0 && its_gates < ROWS && !(its[WORD-1] && its_row == 0)) assert (\u_dut.g_queue.tile_q == its_base + over(its_gates, its_row));
          // What follows: of the same pass, or the first beat of another after this one's last.
          next = (i + 1 < count_now) ? words_now[(i+1)*WORD+:WORD] : {left_q == 0, pass_q, {ROWS{1'b0}}};
          next_base = (i + 1 < count_now) ? bases_now[(i+1)*16+:16] : base_q;
          if (its[WORD-1]) assert (its_base == 0);
          if (!next[WORD-1]) assert (next[ROWS+:22] == its[ROWS+:22]);
          if (!next[WORD-1] && its_gates < ROWS) assert (next_base == its_base + over(its_gates, its_rows) && its_rows == ROWS);
          // The formula.
          expected_at = (its_folded && rest > last_out + 1'b1) ? rest : last_out + 1'b1;
          assert (at_now[i*T+:T] == expected_at);
          last_out = expected_at + span(its_gates, its_folded, its_outputs);
          if (its_folded) rest = last_out + distance(its_gates, its_folded);
        end
      assert (emitted_q == last_out);
      assert ((rested_q > 1 ? rested_q : 1) == rest);
      // The pass that is coming.
      if (left_q != 0) begin
        its_gates = pass_q[20:18];
        assert (its_gates == 3'd1 || its_gates == 3'd2 || its_gates == 3'd4);
        assert (left_q <= 255 * ROWS);
        if (its_gates < ROWS) assert (pass_q[17:2] <= 255 * ROWS && base_q < pass_q[17:2] && left_q == times(its_gates, pass_q[17:2] - base_q));
        if (its_gates < ROWS && count_now == 0) assert (\u_dut.g_queue.tile_q == base_q);
      end
      if (count_q != 0) assert (left_outputs_q[3:0] != 0);
      // What leaves now.
      if (due) begin
        assert (head_gates == 3'd1 || head_gates == 3'd2 || head_gates == 3'd4);
        assert (row_q[3:0] < ROWS && within(head_gates, row_q[3:0]) == 0);
      end
    end
endmodule

`default_nettype wire
