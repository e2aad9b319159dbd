// ern_channel_tb: ern_skid and ern_fifo as channels: order, loss, stability, latency, rate, capacity.
//
// Parameters: FIFO 0 or 1, WIDTH, DEPTH, SEED. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_channel_tb;
  parameter FIFO = 0;
  parameter WIDTH = 8;
  parameter DEPTH = 5;
  parameter SEED = 1;
  localparam WORDS = 4000;
  localparam CAPACITY = FIFO ? DEPTH + 2 : 2;
  localparam LATENCY = FIFO ? 3 : 1;
  localparam COUNT_BITS = $clog2(DEPTH + 3);

  reg clk = 1'b0;
  reg rst = 1'b1;
  reg in_valid = 1'b0;
  wire in_ready;
  reg [WIDTH-1:0] in_data;
  wire out_valid;
  reg out_ready = 1'b0;
  wire [WIDTH-1:0] out_data;
  wire [COUNT_BITS-1:0] count;
  generate
    if (FIFO) begin : g_fifo
      ern_fifo #(.WIDTH(WIDTH), .DEPTH(DEPTH)) u_dut (
          .clk(clk), .rst_i(rst), .valid_i(in_valid), .ready_o(in_ready), .data_i(in_data),
          .valid_o(out_valid), .ready_i(out_ready), .data_o(out_data), .count_o(count));
    end else begin : g_skid
      ern_skid #(.WIDTH(WIDTH)) u_dut (
          .clk(clk), .rst_i(rst), .valid_i(in_valid), .ready_o(in_ready), .data_i(in_data),
          .valid_o(out_valid), .ready_i(out_ready), .data_o(out_data));
      assign count = sent - received;
    end
  endgenerate
  always #5 clk = ~clk;

  reg failed = 1'b0;
  task fail(input [8*60-1:0] text);
    begin
      if (!failed) $display("FAIL %0s at %0d, word %0d", text, $time, received);
      failed = 1'b1;
    end
  endtask

  // Word n is a hash of n, so that a repeated or lost word shows.
  function [WIDTH-1:0] word(input integer n);
    reg [63:0] h;
    begin
      h = (n + 1) * 64'h9e3779b97f4a7c15;
      word = h[63:20];
    end
  endfunction

  integer sent = 0;
  integer received = 0;
  integer most = 0;
  integer seed = SEED;
  integer in_chance = 8, out_chance = 8;  // of 8
  reg pending = 1'b0;
  reg [WIDTH-1:0] seen;

  reg was_ready, was_valid;
  always @(negedge clk) if (!rst) begin
    if (!in_valid && sent < WORDS && ($random(seed) & 7) < in_chance) begin
      in_valid = 1'b1;
      in_data  = word(sent);
    end else if (!in_valid) in_data = {WIDTH{1'bx}};
    out_ready = ($random(seed) & 7) < out_chance;
    // Neither side may see through to the other within a cycle.
    #1 was_ready = in_ready;
    was_valid = out_valid;
    out_ready = ~out_ready;
    #1 if (in_ready !== was_ready || out_valid !== was_valid) fail("a combinational path");
    out_ready = ~out_ready;
    if ($random(seed) % 16 == 0) begin  // the mood changes
      in_chance  = $random(seed) & 8 ? 8 : $random(seed) & 7;
      out_chance = $random(seed) & 8 ? 8 : $random(seed) & 7;
    end
    if (measuring) begin
      in_chance  = 8;
      out_chance = 8;
    end
    if (filling) begin
      in_chance  = emptying ? 0 : 1;
      out_chance = emptying ? 8 : 0;
    end
  end

  always @(posedge clk) if (!rst) begin
    if ((^{in_ready, out_valid}) === 1'bx) fail("undefined handshake");
    if (count !== sent - received) fail("count");
    if (pending && (!out_valid || seen !== out_data)) fail("a waiting word changed");
    pending = out_valid & ~out_ready;
    seen = out_data;
    if (out_valid && out_ready) begin
      if (received == sent) fail("a word from nowhere");
      if (out_data !== word(received)) fail("wrong word");
      received = received + 1;
    end
    if (in_valid && in_ready) begin
      sent = sent + 1;
      in_valid <= 1'b0;
    end
    if (sent - received > most) most = sent - received;
  end

  reg measuring = 1'b1;
  reg filling = 1'b0;    // nothing is taken, and words come far apart
  reg emptying = 1'b0;   // they are taken, and none comes
  integer start;
  initial begin
    repeat (4) @(posedge clk);
    #1 rst = 1'b0;
    // An empty channel: latency, then one word a cycle.
    @(posedge clk);
    while (!(in_valid && in_ready)) @(posedge clk);
    start = $time;
    while (received == 0) @(posedge clk) #1;
    if (($time - start) / 10 != LATENCY) fail("latency");
    start = received;
    repeat (100) @(posedge clk);
    #1 if (received - start != 100) fail("rate");
    measuring = 1'b0;
    // Nobody takes anything: words that come far apart fill it all the same, and the first is offered.
    filling = 1'b1;
    while (sent < WORDS / 2 && sent - received < CAPACITY && $time < 500000) @(posedge clk);
    repeat (10) @(posedge clk);
    #1 if (sent - received != CAPACITY) fail("a slow channel holds less");
    emptying = 1'b1;
    while (sent != received && $time < 1000000) @(posedge clk);
    emptying = 1'b0;
    repeat (300) @(posedge clk);
    #1 if (sent - received != CAPACITY || !out_valid) fail("a slow channel holds less");
    filling = 1'b0;
    while (received < WORDS && !failed && $time < 1000000) @(posedge clk);
    if (received != WORDS) fail("words are missing");
    if (most != CAPACITY) fail("capacity");
    repeat (20) @(posedge clk);
    if (!failed) $display("PASS %0d words, %0d held", received, most);
    $finish;
  end
endmodule

`default_nettype wire
