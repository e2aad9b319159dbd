// ern_unit_testbench: the bench of a standalone unit that erngen unit wrote; for Icarus Verilog or any other simulator.
//
// Sends the words of inputs.hex, one a valid cycle, with seeded gaps between them, and compares every word that comes back with
// expected.hex, its latency in cycles too. Prints PASS or FAIL with the number of words. Runs where the two files are (DIR/images).
// ern_unit_parameters.vh defines ERN_UNIT (module), ERN_IN, ERN_OUT (bits), ERN_LATENCY (cycles), ERN_WORDS.
`default_nettype none
`timescale 1ns / 1ns
`include "ern_unit_parameters.vh"

module ern_unit_testbench;
  reg clk = 1'b0;
  reg rst = 1'b1;
  reg valid = 1'b0;
  reg [`ERN_IN-1:0] data = {`ERN_IN{1'bx}};
  wire valid_out;
  wire [`ERN_OUT-1:0] data_out;
  always #5 clk = ~clk;

  `ERN_UNIT u_unit (.clk(clk), .rst_i(rst), .valid_i(valid), .data_i(data), .valid_o(valid_out), .data_o(data_out));

  reg [`ERN_IN-1:0] inputs[0:`ERN_WORDS-1];
  reg [`ERN_OUT-1:0] expected[0:`ERN_WORDS-1];
  integer sent_at[0:`ERN_WORDS-1];
  integer sent = 0;
  integer received = 0;
  integer wrong = 0;
  integer late = 0;
  integer cycle = 0;
  reg [31:0] lfsr = 32'h1badcafe;

  initial begin
    $readmemh("inputs.hex", inputs);
    $readmemh("expected.hex", expected);
    repeat (4) @(negedge clk);
    rst = 1'b0;
  end

  always @(negedge clk) begin  // away from the edge at which the unit looks
    cycle = cycle + 1;
    if (!rst && valid_out !== 1'b0) begin
      if (valid_out !== 1'b1 || received >= sent) wrong = wrong + 1;
      else begin
        if (data_out !== expected[received]) begin
          if (wrong == 0) $display("word %0d: got %h, expected %h", received, data_out, expected[received]);
          wrong = wrong + 1;
        end
        if (cycle - sent_at[received] != `ERN_LATENCY) late = late + 1;
        received = received + 1;
      end
    end
    lfsr = {lfsr[30:0], lfsr[31] ^ lfsr[21] ^ lfsr[1] ^ lfsr[0]};
    valid = !rst && sent < `ERN_WORDS && lfsr[1:0] != 2'd0;
    data = {`ERN_IN{1'bx}};
    if (valid) begin
      data = inputs[sent];
      sent_at[sent] = cycle;
      sent = sent + 1;
    end
    if (sent == `ERN_WORDS && cycle > sent_at[`ERN_WORDS-1] + 4 * `ERN_LATENCY + 16) begin
      $display("%0s %0d words, %0d wrong, %0d missing, %0d with another latency", (wrong == 0 && late == 0 && received == sent) ? "PASS" : "FAIL",
               received, wrong, sent - received, late);
      $finish;
    end
  end
endmodule

`default_nettype wire
