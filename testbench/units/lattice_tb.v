// lattice_tb: replays a dumped run of the lattice in a 4-state simulator; any X in a compared bit is a failure.
`timescale 1ns / 1ns
`default_nettype none

module lattice_tb;
  localparam STIMULUS = `LATTICE_STIMULUS;  // bits of the ports, from the generated top
  localparam RESPONSE = `LATTICE_RESPONSE;
  parameter CYCLES = 100;
  localparam S = (STIMULUS + 31) / 32 * 32;  // the dump's fields are whole 32-bit words
  localparam R = (RESPONSE + 31) / 32 * 32;

  reg [4+S+2*R-1:0] line[0:CYCLES-1];
  reg clk = 1'b0;
  integer cycle = 0;
  integer wrong = 0;
  wire [4+S+2*R-1:0] now = line[cycle];
  wire [RESPONSE-1:0] response;
  wire [RESPONSE-1:0] expected = now[R+:RESPONSE];
  wire [RESPONSE-1:0] compared = now[0+:RESPONSE];
  reg [1023:0] file;

  lattice u_lattice (
      .clk(clk), .rst_i(now[S+2*R]), .stimulus_i(now[2*R+:STIMULUS]), .response_o(response)
  );

  initial begin
    if (!$value$plusargs("dump=%s", file)) $finish_and_return(2);
    else $readmemh(file, line);
    for (cycle = 0; cycle < CYCLES; cycle = cycle + 1) begin
      #1;
      if (((response ^ expected) & compared) !== {RESPONSE{1'b0}}) begin
        wrong = wrong + 1;
        if (wrong == 1) $display("WRONG at cycle %0d: %h", cycle, (response ^ expected) & compared);
      end
      #4 clk = 1'b1;
      #5 clk = 1'b0;
    end
    $display("%0d cycles, %0d wrong", CYCLES, wrong);
    if (wrong != 0) $finish_and_return(1);
    else $finish;
  end
endmodule

`default_nettype wire
