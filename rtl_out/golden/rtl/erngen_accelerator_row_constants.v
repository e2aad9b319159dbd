// erngen_accelerator_row_constants: a constant word for each row of each pass, which the host can write.
//
// Purpose:    The words of a pass's rows stand in READOUT memories, from the pass's first word on, one for each stage. They are cut
//             into pieces of as many bits as the host writes at once.
// Parameters: READOUT, rows that are read out together; PASSES, descriptors of passes; ROWS, words of a memory; BITS of a word;
//             WB, bits that the host writes at once; FIRST_LANE, the lane number of piece 0 of row 0, those of the further pieces and
//             rows following it; FILE of the first words of the passes; PREFIX of the images PREFIX_RRRPPP.hex of row RRR
//             and piece PPP.
// Latency:    3 cycles from begin_i to the words of the first stage; the next ones follow one a cycle.
// Rounding:   none.
// Overflow:   none.
`default_nettype none

module erngen_accelerator_row_constants #(
    parameter READOUT    = 1,
    parameter PASSES     = 1,
    parameter ROWS       = 1,
    parameter BITS       = 90,
    parameter WB         = 96,
    parameter FIRST_LANE = 1,
    parameter FILE       = "",
    parameter PREFIX     = "",
    // Derived, not to be set.
    parameter PASS_BITS = (PASSES > 1) ? $clog2(PASSES) : 1
) (
    input  wire                    clk,
    input  wire                    begin_i,
    input  wire [   PASS_BITS-1:0] pass_i,       // two cycles before begin_i: number of the pass
    output wire [READOUT*BITS-1:0] words_o,
    input  wire                    load_i,       // host write
    input  wire [            15:0] load_lane_i,
    input  wire [            19:0] load_row_i,
    input  wire [          WB-1:0] load_data_i
);
  localparam PIECES = (BITS + WB - 1) / WB;
  localparam ROW_BITS = (ROWS > 1) ? $clog2(ROWS) : 1;

  wire [ROW_BITS-1:0] first_row;
  reg [ROW_BITS-1:0] row_q;
  erngen_accelerator_rom #(.WIDTH(ROW_BITS), .DEPTH(PASSES), .FILE(FILE)) u_first_rows (.clk(clk), .address_i(pass_i), .data_o(first_row));
  always @(posedge clk) row_q <= begin_i ? first_row : row_q + {{(ROW_BITS - 1) {1'b0}}, 1'b1};

  genvar p, r;
  generate
    for (r = 0; r < READOUT; r = r + 1) begin : g_row
      for (p = 0; p < PIECES; p = p + 1) begin : g_piece
        localparam [31:0] NUMBER = FIRST_LANE + PIECES * r + p;
        localparam WIDTH = (p + 1 < PIECES) ? WB : BITS - p * WB;
        localparam [7:0] R2 = 48 + (r / 100) % 10;
        localparam [7:0] R1 = 48 + (r / 10) % 10;
        localparam [7:0] R0 = 48 + r % 10;
        localparam [7:0] P2 = 48 + (p / 100) % 10;
        localparam [7:0] P1 = 48 + (p / 10) % 10;
        localparam [7:0] P0 = 48 + p % 10;
        erngen_accelerator_ram #(
            .WIDTH(WIDTH), .DEPTH(ROWS), .FILE((PREFIX == "") ? "" : {PREFIX, "_", R2, R1, R0, P2, P1, P0, ".hex"})
        ) u_words (
            .clk(clk), .write_i(load_i && load_lane_i == NUMBER[15:0]), .write_address_i(load_row_i[ROW_BITS-1:0]),
            .write_data_i(load_data_i[WIDTH-1:0]), .read_address_i(row_q), .read_data_o(words_o[r*BITS+p*WB+:WIDTH])
        );
      end
    end
  endgenerate
  wire unused = &{1'b0, load_row_i, load_data_i};
endmodule

`default_nettype wire
