// ern_spectrum_memory: the spectra of vectors, one bank a column lane.
//
// Purpose:    Block j of a vector lies in bank j mod COLUMNS, row j div COLUMNS (plus the vector's base row), so that a
//             step reads COLUMNS neighbouring blocks at once. Several blocks can be written in a cycle, into different banks.
// Parameters: WIDTH of one block's spectrum; COLUMNS >= 1; DEPTH rows; WRITES ports; READ as in ern_ram.
// Latency:    a read takes READ cycles; a block written in cycle t is seen by a read issued in cycle t + 1.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module ern_spectrum_memory #(
    parameter WIDTH   = 128,
    parameter COLUMNS = 2,
    parameter DEPTH   = 16,
    parameter WRITES  = 1,
    parameter READ    = 2,
    // Derived, not to be set.
    parameter ADDRESS_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1,
    parameter LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1
) (
    input  wire                           clk,
    input  wire [             WRITES-1:0] write_i,
    input  wire [   WRITES*LANE_BITS-1:0] write_lane_i,
    input  wire [WRITES*ADDRESS_BITS-1:0] write_row_i,
    input  wire [       WRITES*WIDTH-1:0] write_data_i,
    input  wire [       ADDRESS_BITS-1:0] read_row_i,
    output wire [      COLUMNS*WIDTH-1:0] read_data_o
);
  genvar c;
  generate
    for (c = 0; c < COLUMNS; c = c + 1) begin : g_bank
      localparam [31:0] INDEX = c;
      reg write;
      reg [ADDRESS_BITS-1:0] write_row;
      reg [WIDTH-1:0] write_data;
      integer w;
      always @* begin
        write = 1'b0;
        write_row = {ADDRESS_BITS{1'b0}};
        write_data = {WIDTH{1'b0}};
        for (w = 0; w < WRITES; w = w + 1)
          if (write_i[w] && write_lane_i[w*LANE_BITS+:LANE_BITS] == INDEX[LANE_BITS-1:0]) begin
            write = 1'b1;
            write_row = write_row | write_row_i[w*ADDRESS_BITS+:ADDRESS_BITS];
            write_data = write_data | write_data_i[w*WIDTH+:WIDTH];
          end
      end
      ern_ram #(
          .WIDTH(WIDTH),
          .DEPTH(DEPTH),
          .READ(READ)
      ) u_ram (
          .clk(clk),
          .write_i(write),
          .write_address_i(WRITES == 1 ? write_row_i[ADDRESS_BITS-1:0] : write_row),
          .write_data_i(WRITES == 1 ? write_data_i[WIDTH-1:0] : write_data),
          .read_address_i(read_row_i),
          .read_data_o(read_data_o[c*WIDTH+:WIDTH])
      );
    end
  endgenerate
endmodule

`default_nettype wire
