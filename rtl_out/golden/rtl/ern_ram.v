// ern_ram: a simple dual-port memory with a registered output.
//
// Purpose:    One write port, one read port; maps to block RAM with its output register. Starts with the
//             image FILE, or with zeros.
// Parameters: WIDTH, DEPTH >= 1; FILE, DEPTH hexadecimal words, or "".
// Latency:    a read takes 2 cycles; a word written in cycle t is seen by a read issued in cycle t + 1. What a read of the address
//             that is being written gives is undefined, and nothing that is used comes from one: the planner keeps a word's
//             write apart from its reads, and simulation gives the inverted word, so that every bench tests it. (Without
//             no_rw_check Yosys would add a comparison and a multiplexer on parts whose RAM needs them.)
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module ern_ram #(
    parameter WIDTH = 8,
    parameter DEPTH = 4,
    parameter FILE = "",
    // Derived, not to be set.
    parameter ADDRESS_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1
) (
    input  wire                    clk,
    input  wire                    write_i,
    input  wire [ADDRESS_BITS-1:0] write_address_i,
    input  wire [       WIDTH-1:0] write_data_i,
    input  wire [ADDRESS_BITS-1:0] read_address_i,
    output reg  [       WIDTH-1:0] read_data_o
);
  (* no_rw_check *) reg [WIDTH-1:0] memory[0:DEPTH-1];
  reg [WIDTH-1:0] read_q;

  integer i;
  initial
    if (FILE != "") $readmemh(FILE, memory);
    else for (i = 0; i < DEPTH; i = i + 1) memory[i] = {WIDTH{1'b0}};

  always @(posedge clk) begin
    if (write_i) memory[write_address_i] <= write_data_i;
`ifdef SYNTHESIS
    read_q <= memory[read_address_i];
`else
    // Undefined in hardware, certainly wrong in simulation.
    read_q <= memory[read_address_i] ^ {WIDTH{write_i && write_address_i == read_address_i}};
`endif
    read_data_o <= read_q;
  end
endmodule

`default_nettype wire
