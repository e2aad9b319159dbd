// ern_ram: a simple dual-port memory with a registered output.
//
// Purpose:    One write port, one read port; maps to block RAM with its output register. Starts with the
//             image FILE, or with zeros.
// Parameters: WIDTH, DEPTH >= 1; FILE, DEPTH hexadecimal words, or ""; READ, cycles of a read: 2, or 1 without the output register.
// Latency:    a read takes READ cycles; a word written in cycle t is seen by a read issued in cycle t + 1. What a read of the address
//             that is being written gives is undefined, and nothing that is used comes from one: the planner keeps a word's
//             write apart from its reads, and with ERN_SIMULATION, which the benches define, it is the inverted word, so that every
//             bench tests it. (Without
//             no_rw_check Yosys would add a comparison and a multiplexer on parts whose RAM needs them.)
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module ern_ram #(
    parameter WIDTH = 8,
    parameter DEPTH = 4,
    parameter FILE = "",
    parameter READ = 2,
    // Derived, not to be set.
    parameter ADDRESS_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1
) (
    input  wire                    clk,
    input  wire                    write_i,
    input  wire [ADDRESS_BITS-1:0] write_address_i,
    input  wire [       WIDTH-1:0] write_data_i,
    input  wire [ADDRESS_BITS-1:0] read_address_i,
    output wire [       WIDTH-1:0] read_data_o
);
  // What is deep is block RAM for every tool; what the others become is its choice. Quartus, Synplify and Vivado know no_rw_check by other names.
  reg [WIDTH-1:0] read_q;
  integer i;
  generate
    if (DEPTH >= 512 && WIDTH * DEPTH >= 4096) begin : g_block
      (* no_rw_check, ram_style = "block", ramstyle = "no_rw_check", syn_ramstyle = "no_rw_check", rw_addr_collision = "no" *)
      reg [WIDTH-1:0] memory[0:DEPTH-1];
      initial
        if (FILE != "") $readmemh(FILE, memory);
        else for (i = 0; i < DEPTH; i = i + 1) memory[i] = {WIDTH{1'b0}};
      always @(posedge clk) begin
        if (write_i) memory[write_address_i] <= write_data_i;
        read_q <= memory[read_address_i];
      end
    end else begin : g_any
      (* no_rw_check, ramstyle = "no_rw_check", syn_ramstyle = "no_rw_check", rw_addr_collision = "no" *)
      reg [WIDTH-1:0] memory[0:DEPTH-1];
      initial
        if (FILE != "") $readmemh(FILE, memory);
        else for (i = 0; i < DEPTH; i = i + 1) memory[i] = {WIDTH{1'b0}};
      always @(posedge clk) begin
        if (write_i) memory[write_address_i] <= write_data_i;
        read_q <= memory[read_address_i];
      end
    end
  endgenerate

`ifdef ERN_SIMULATION
  reg collision_q;   // undefined in hardware, certainly wrong in simulation
  always @(posedge clk) collision_q <= write_i && write_address_i == read_address_i;
  wire [WIDTH-1:0] word = read_q ^ {WIDTH{collision_q}};
`else
  wire [WIDTH-1:0] word = read_q;
`endif
  generate
    if (READ == 2) begin : g_register
      reg [WIDTH-1:0] read_q2;
      always @(posedge clk) read_q2 <= word;
      assign read_data_o = read_q2;
    end else if (READ == 1) begin : g_direct
      assign read_data_o = word;
    end else begin : g_bad_read
      ERROR_ern_ram_READ_must_be_1_or_2 u_error ();
    end
  endgenerate
endmodule

`default_nettype wire
