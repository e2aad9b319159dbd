// ern_clocks_tb: words go through ern_async_fifo between two clocks, in bursts, full and empty, with resets in between by ern_reset_sync.
//
// What holds: a reset begins at once and ends with the second edge of each clock; in it neither side is ready or valid. Words come out once, in
// order, and stay until they are taken; the queue takes all its words when nobody reads, and not one more; an empty queue that gets a word
// offers it within one cycle of the write clock and three of the read clock, and not before the second edge: what crosses goes through two
// registers, as room does the other way. With 16 words one moves every cycle of the slower clock.
// Parameters: WIDTH, LOG_DEPTH of ern_async_fifo; WRITE_TIME, READ_TIME, half a period of each clock; SEED. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ps

module ern_clocks_tb;
  parameter WIDTH = 8;
  parameter LOG_DEPTH = 4;
  parameter WRITE_TIME = 5;
  parameter READ_TIME = 7;
  parameter SEED = 1;
  localparam WORDS = 1 << LOG_DEPTH, PHASES = 60, CYCLES = 120;
  reg write_clk = 1'b0, read_clk = 1'b0, aresetn = 1'b0;
  always #WRITE_TIME write_clk = !write_clk;
  initial begin
    #1.3;   // the edges do not fall together
    forever #READ_TIME read_clk = !read_clk;
  end

  wire write_reset_n, read_reset_n;
  ern_reset_sync u_write_reset (.clk(write_clk), .aresetn(aresetn), .reset_n_o(write_reset_n));
  ern_reset_sync u_read_reset (.clk(read_clk), .aresetn(aresetn), .reset_n_o(read_reset_n));
  reg valid = 1'b0, ready = 1'b0;
  reg [WIDTH-1:0] data = 0;
  wire ready_o, valid_o;
  wire [WIDTH-1:0] data_o;
  ern_async_fifo #(.WIDTH(WIDTH), .LOG_DEPTH(LOG_DEPTH)) u_dut (
      .write_clk_i(write_clk), .write_reset_n_i(write_reset_n), .valid_i(valid), .ready_o(ready_o), .data_i(data),
      .read_clk_i(read_clk), .read_reset_n_i(read_reset_n), .valid_o(valid_o), .ready_i(ready), .data_o(data_o));

  integer write_seed = SEED, read_seed = SEED + 1000, phase_seed = SEED + 2000;
  integer write_mode = 0, read_mode = 0;   // 0 never, 1 every other time, 2 always
  reg [WIDTH-1:0] held[0:WORDS-1];
  integer written = 0, taken = 0, filled = 0, resets = 0, moved = 0;
  integer write_edges = 0, read_edges = 0;   // since the reset was let go
  integer waited = 0;                        // edges of the read clock while the queue has a word and offers none
  integer since_write = 0, since_read = 0;   // edges of the other clock since an empty queue got a word, since a full one lost one
  reg failed = 1'b0;
  reg [WIDTH-1:0] offered_q;
  reg offers_q = 1'b0;
  task fail(input [8*48-1:0] what);
    begin
      if (!failed) $display("FAIL %0s, at %0t", what, $time);
      failed = 1'b1;
      $finish;
    end
  endtask

  always @(negedge aresetn) begin
    write_edges = 0;
    read_edges = 0;
  end
  always @(posedge write_clk) begin
    if (!write_reset_n && ready_o !== 1'b0) fail("ready in reset");
    if (write_reset_n === 1'b1 && valid && ready_o === 1'b1) begin
      if (written - taken >= WORDS) fail("taken though full");
      if (written == taken) since_write = 0;
      if (written - taken == WORDS - 1 && since_read < 2) fail("room seen through fewer than two registers");
      held[written % WORDS] = data;
      written = written + 1;
      if (written - taken == WORDS) filled = filled + 1;
    end
    since_read = since_read + 1;
    if (aresetn) write_edges = write_edges + 1;
    #0.1;
    if (write_reset_n !== (aresetn && write_edges >= 2)) fail("the end of the reset, write side");
    valid = write_mode == 2 || (write_mode == 1 && $random(write_seed) % 2 == 0);
    data = $random(write_seed);
  end
  always @(posedge read_clk) begin
    if (!read_reset_n && valid_o !== 1'b0) fail("valid in reset");
    if (read_reset_n === 1'b1) begin
      if (^valid_o === 1'bx) fail("valid is undefined");
      if (valid_o && written == taken) fail("a word that nobody wrote");
      if (valid_o && written - taken == 1 && since_write < 2) fail("a word seen through fewer than two registers");
      if (valid_o && data_o !== held[taken % WORDS]) fail("another word");
      if (offers_q && !(valid_o && data_o === offered_q)) fail("a word that does not stay");
      waited = valid_o || written == taken ? 0 : waited + 1;
      if (waited > 3 + (WRITE_TIME + READ_TIME - 1) / READ_TIME) fail("a word that does not come");
      offers_q = valid_o && !ready;
      offered_q = data_o;
      if (valid_o && ready) begin
        if (written - taken == WORDS) since_read = 0;
        taken = taken + 1;
        moved = moved + 1;
      end
    end
    since_write = since_write + 1;
    if (aresetn) read_edges = read_edges + 1;
    #0.1;
    if (read_reset_n !== (aresetn && read_edges >= 2)) fail("the end of the reset, read side");
    ready = read_mode == 2 || (read_mode == 1 && $random(read_seed) % 2 == 0);
  end

  integer phase;
  initial begin
    for (phase = 0; phase < PHASES; phase = phase + 1) begin
      if (phase % 6 == 0) begin   // a reset at any time, of any length
        #($unsigned($random(phase_seed)) % 40);
        #0.37 aresetn = 1'b0;
        #0.01;
        if (write_reset_n !== 1'b0 || read_reset_n !== 1'b0) fail("a reset that does not begin at once");
        if (ready_o !== 1'b0 || valid_o !== 1'b0) fail("ready or valid in reset");
        #($unsigned($random(phase_seed)) % 90);
        written = 0;
        taken = 0;
        waited = 0;
        offers_q = 1'b0;
        resets = resets + 1;
        aresetn = 1'b1;
      end
      write_mode = $unsigned($random(phase_seed)) % 3;
      read_mode = $unsigned($random(phase_seed)) % 3;
      if (phase % 6 < 3) begin   // filled, emptied, streamed
        write_mode = phase % 6 == 1 ? 0 : 2;
        read_mode = phase % 6 == 0 ? 0 : 2;
      end
      moved = 0;
      #(CYCLES * 2 * (WRITE_TIME > READ_TIME ? WRITE_TIME : READ_TIME));
      if (phase % 6 == 0 && written - taken != WORDS) fail("a queue that is not filled");
      if (phase % 6 == 1 && written != taken) fail("a queue that is not emptied");
      if (phase % 6 == 2 && LOG_DEPTH >= 4 && moved < CYCLES - 8) fail("a word does not move every cycle");
    end
    if (!failed) $display("PASS %0d resets, full %0d times", resets, filled);
    $finish;
  end
endmodule

`default_nettype wire
