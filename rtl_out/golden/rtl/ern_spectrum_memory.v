// ern_spectrum_memory: the spectra of vectors, one bank a column lane.
//
// Purpose:    Block j of a vector lies in bank j mod COLUMNS, row j div COLUMNS (plus the vector's base row), so that a
//             step reads COLUMNS neighbouring blocks at once.
// Parameters: WIDTH of one block's spectrum; COLUMNS >= 1; DEPTH rows.
// Latency:    a read takes 2 cycles; a block written in cycle t is seen by a read issued in cycle t + 1.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module ern_spectrum_memory #(
    parameter WIDTH   = 128,
    parameter COLUMNS = 2,
    parameter DEPTH   = 16,
    // Derived, not to be set.
    parameter ADDRESS_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1,
    parameter LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1
) (
    input  wire                     clk,
    input  wire                     write_i,
    input  wire [    LANE_BITS-1:0] write_lane_i,
    input  wire [ ADDRESS_BITS-1:0] write_row_i,
    input  wire [        WIDTH-1:0] write_data_i,
    input  wire [ ADDRESS_BITS-1:0] read_row_i,
    output wire [COLUMNS*WIDTH-1:0] read_data_o
);
  genvar c;
  generate
    for (c = 0; c < COLUMNS; c = c + 1) begin : g_bank
      localparam [31:0] INDEX = c;
      ern_ram #(
          .WIDTH(WIDTH),
          .DEPTH(DEPTH)
      ) u_ram (
          .clk(clk),
          .write_i(write_i && write_lane_i == INDEX[LANE_BITS-1:0]),
          .write_address_i(write_row_i),
          .write_data_i(write_data_i),
          .read_address_i(read_row_i),
          .read_data_o(read_data_o[c*WIDTH+:WIDTH])
      );
    end
  endgenerate
endmodule

`default_nettype wire
