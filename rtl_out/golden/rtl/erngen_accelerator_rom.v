// erngen_accelerator_rom: a memory image with a registered output.
//
// Purpose:    Holds a table that a $readmemh image fills: the program, the pass descriptors.
// Parameters: WIDTH, DEPTH >= 1; FILE, the image, DEPTH hexadecimal words; READ as in erngen_accelerator_ram.
// Latency:    READ cycles from the address to the word.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_rom #(
    parameter WIDTH = 8,
    parameter DEPTH = 4,
    parameter FILE = "",
    parameter READ = 2,
    // Derived, not to be set.
    parameter ADDRESS_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1
) (
    input  wire                    clk,
    input  wire [ADDRESS_BITS-1:0] address_i,
    output wire [       WIDTH-1:0] data_o
);
  reg [WIDTH-1:0] memory[0:DEPTH-1];
  reg [WIDTH-1:0] read_q;

  initial if (FILE != "") $readmemh(FILE, memory);

  always @(posedge clk) read_q <= memory[address_i];
  generate
    if (READ == 2) begin : g_register
      reg [WIDTH-1:0] read_q2;
      always @(posedge clk) read_q2 <= read_q;
      assign data_o = read_q2;
    end else if (READ == 1) begin : g_direct
      assign data_o = read_q;
    end else begin : g_bad_read
      ERROR_ern_rom_READ_must_be_1_or_2 u_error ();
    end
  endgenerate
endmodule

`default_nettype wire
