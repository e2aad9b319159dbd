// ern_ram_tb: random writes and reads of ern_ram against an array: what a read gives, and when; zeros at the beginning; the inverted word
// where an address is read while it is written.
//
// Parameters: WIDTH, DEPTH, READ of ern_ram, which has one description for block RAM and one for what is small; SEED. Prints PASS or the
// first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_ram_tb;
  parameter WIDTH = 8;
  parameter DEPTH = 512;
  parameter READ = 2;
  parameter SEED = 1;
  localparam BITS = DEPTH > 1 ? $clog2(DEPTH) : 1;
  localparam ACCESSES = 8 * DEPTH + 2000;
  reg clk = 1'b0;
  always #5 clk = !clk;

  integer seed = SEED;
  reg write = 1'b0;
  reg [BITS-1:0] write_address = 0, read_address = 0;
  reg [WIDTH-1:0] data = 0;
  wire [WIDTH-1:0] read;
  ern_ram #(.WIDTH(WIDTH), .DEPTH(DEPTH), .READ(READ)) u_dut (
      .clk(clk), .write_i(write), .write_address_i(write_address), .write_data_i(data), .read_address_i(read_address), .read_data_o(read));

  reg [WIDTH-1:0] model[0:DEPTH-1];
  reg [WIDTH-1:0] wanted_q, wanted_q2;
  integer n, met = 0;   // reads of an address that is being written
  initial begin
    for (n = 0; n < DEPTH; n = n + 1) model[n] = {WIDTH{1'b0}};
    // All addresses once as they begin, then at random: half of the reads are of the address that was written last.
    for (n = 0; n < ACCESSES; n = n + 1) begin
      @(negedge clk);
      if (n > READ && read !== (READ == 2 ? wanted_q2 : wanted_q)) begin
        $display("FAIL access %0d: %h, not %h", n, read, READ == 2 ? wanted_q2 : wanted_q);
        $finish;
      end
      read_address = n < DEPTH ? n : $random(seed) % 2 == 0 ? write_address : $unsigned($random(seed)) % DEPTH;
      write = n >= DEPTH && $random(seed) % 4 != 0;
      write_address = $unsigned($random(seed)) % DEPTH;
      data = $random(seed);
    end
    if (met == 0) $display("FAIL no address was read while it was written");
    else $display("PASS");
    $finish;
  end
  always @(posedge clk) begin
    wanted_q <= write && write_address == read_address ? ~model[read_address] : model[read_address];
    wanted_q2 <= wanted_q;
    if (write) model[write_address] <= data;
    if (write && write_address == read_address) met = met + 1;
  end
endmodule

`default_nettype wire
