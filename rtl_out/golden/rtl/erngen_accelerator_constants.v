// erngen_accelerator_constants: a memory image with a registered output, which the host may load.
//
// Purpose:    Holds rows of constants: biases, peepholes, initial states. Without LOADABLE it is erngen_accelerator_rom.
// Parameters: WIDTH, DEPTH >= 1; FILE, the image, DEPTH hexadecimal words. LOADABLE 1: load_i writes the memory whose number is NUMBER:
//             it is {valid, memory (16 bits), row (20), data (CB)}, CB >= WIDTH, and holds row and data for a cycle behind valid.
// Latency:    READ cycles from the address to the word, as in erngen_accelerator_ram. A load takes 2; what is read of a row meanwhile is undefined.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_constants #(
    parameter        WIDTH    = 8,
    parameter        DEPTH    = 4,
    parameter        FILE     = "",
    parameter        LOADABLE = 0,
    parameter        CB       = 8,
    parameter [15:0] NUMBER   = 16'h8000,
    parameter        READ     = 2,
    // Derived, not to be set.
    parameter        ADDRESS_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1
) (
    input  wire                    clk,
    input  wire [       CB+36:0]   load_i,
    input  wire [ADDRESS_BITS-1:0] address_i,
    output wire [       WIDTH-1:0] data_o
);
  generate
    if (LOADABLE != 0) begin : g_loadable
      if (CB < WIDTH) begin : g_bad_width
        ERROR_ern_constants_CB_must_be_at_least_WIDTH u_error ();
      end
      reg write_q;
      initial write_q = 1'b0;  // else the first edge of the clock may write over the image
      always @(posedge clk) write_q <= load_i[CB+36] && load_i[CB+20+:16] == NUMBER;
      erngen_accelerator_ram #(.WIDTH(WIDTH), .DEPTH(DEPTH), .FILE(FILE), .READ(READ)) u_memory (
          .clk(clk), .write_i(write_q), .write_address_i(load_i[CB+:ADDRESS_BITS]), .write_data_i(load_i[WIDTH-1:0]),
          .read_address_i(address_i), .read_data_o(data_o)
      );
    end else begin : g_fixed
      erngen_accelerator_rom #(.WIDTH(WIDTH), .DEPTH(DEPTH), .FILE(FILE), .READ(READ)) u_memory (.clk(clk), .address_i(address_i), .data_o(data_o));
    end
  endgenerate
  wire unused = &{1'b0, load_i};
endmodule

`default_nettype wire
