// erngen_accelerator_rom: a memory image with a registered output.
//
// Purpose:    Holds a table that a $readmemh image fills: the program, the pass descriptors.
// Parameters: WIDTH, DEPTH >= 1; FILE, the image, DEPTH hexadecimal words.
// Latency:    2 cycles from the address to the word.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_rom #(
    parameter WIDTH = 8,
    parameter DEPTH = 4,
    parameter FILE = "",
    // Derived, not to be set.
    parameter ADDRESS_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1
) (
    input  wire                    clk,
    input  wire [ADDRESS_BITS-1:0] address_i,
    output reg  [       WIDTH-1:0] data_o
);
  reg [WIDTH-1:0] memory[0:DEPTH-1];
  reg [WIDTH-1:0] read_q;

  initial if (FILE != "") $readmemh(FILE, memory);

  always @(posedge clk) begin
    read_q <= memory[address_i];
    data_o <= read_q;
  end
endmodule

`default_nettype wire
