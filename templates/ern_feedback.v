// ern_feedback: from a finished vector block to its spectra.
//
// Purpose:    Transforms each block that the cells produce at one block size, for one of the spectrum memories, and
//             says where the spectrum goes.
// Tag:        the tag of a tile, whose fields are below.
// Parameters: K, A, SX, DROP, TWIDDLES, ADDERS as in ern_fft; MODES, block sizes (bit mask); GUARDS, guards in use (bit mask);
//             MAX_GUARD of the network; COLUMNS; DEPTH of the memory; DYNAMIC 1 when its top address bit is the
//             parity; SECOND selects the second set of the tag's fields.
// Latency:    ern_fft.
// Rounding:   as ern_fft.
// Overflow:   none.
`default_nettype none

module ern_feedback #(
    parameter K         = 8,
    parameter A         = 12,
    parameter SX        = 16,
    parameter MODES     = 8,
    parameter GUARDS    = 2,
    parameter MAX_GUARD = 1,
    parameter DROP      = 0,
    parameter COLUMNS   = 1,
    parameter DEPTH     = 4,
    parameter DYNAMIC   = 1,
    parameter SECOND    = 0,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    parameter ROTATION = 1,
    parameter SMALL = 2,
    // Derived, not to be set.
    parameter ROW_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1,
    parameter LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1,
    parameter TILE_TAG = 83
) (
    input  wire                 clk,
    input  wire                 rst_i,
    input  wire                 valid_i,
    input  wire [ TILE_TAG-1:0] tag_i,
    input  wire [      K*A-1:0] data_i,
    output wire                 write_o,
    output wire [LANE_BITS-1:0] write_lane_o,
    output wire [ ROW_BITS-1:0] write_row_o,
    output wire [     K*SX-1:0] write_data_o
);
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam TILE_STATE = 5;                                            // its spectrum is written
  localparam TILE_SECOND = 6;                                           // and that for the second spectrum memory
  localparam TILE_AT_PARITY = 7;                                        // at the frame's parity
  localparam TILE_GUARD = 11, TILE_GUARD_W = 3;                         // guard bits of the spectrum
  localparam TILE_SECOND_GUARD = 14, TILE_SECOND_GUARD_W = 3;           // of the second one
  localparam TILE_BLOCK = 17, TILE_BLOCK_W = 3;                         // log2 of the block size of the spectrum
  localparam TILE_SECOND_BLOCK = 20, TILE_SECOND_BLOCK_W = 3;           // of the second one
  localparam TILE_ROW = 47;                                             // row of the spectrum memory
  localparam TILE_LANE = 63;                                            // column lane of the spectrum
  localparam TILE_VALID = 79;                                           // there is a frame
  localparam TILE_PARITY = 80;                                          // of the copy of recurrent vectors that it writes
  // --- end of the fields
  localparam FW = A + MAX_GUARD;
  localparam SINGLE = (GUARDS & (GUARDS - 1)) == 0;

  wire [2:0] guard = (SECOND != 0) ? tag_i[TILE_SECOND_GUARD+:TILE_SECOND_GUARD_W] : tag_i[TILE_GUARD+:TILE_GUARD_W];
  wire [2:0] mode = (SECOND != 0) ? tag_i[TILE_SECOND_BLOCK+:TILE_SECOND_BLOCK_W] : tag_i[TILE_BLOCK+:TILE_BLOCK_W];
  wire wanted = ((SECOND != 0) ? tag_i[TILE_SECOND] : tag_i[TILE_STATE]) && tag_i[TILE_VALID];

  // --- guard: a selection among the shifts in use
  wire [K*FW-1:0] guarded;
  genvar n;
  generate
    for (n = 0; n < K; n = n + 1) begin : g_element
      wire [FW-1:0] wide = {{MAX_GUARD + 1{data_i[n*A+A-1]}}, data_i[n*A+:A-1]};
      reg [FW-1:0] shifted;
      integer g;
      always @* begin
        shifted = {FW{1'b0}};
        for (g = 0; g <= MAX_GUARD; g = g + 1)
          if (((GUARDS >> g) & 1) != 0 && (SINGLE || {29'd0, guard} == g)) shifted = shifted | (wide << g);
      end
      assign guarded[n*FW+:FW] = shifted;
    end
  endgenerate

  wire [ROW_BITS-1:0] row;
  generate
    if (DYNAMIC != 0 && ROW_BITS > 1) begin : g_parity
      assign row = {tag_i[TILE_AT_PARITY] && tag_i[TILE_PARITY], tag_i[TILE_ROW+:ROW_BITS-1]};
    end else if (DYNAMIC != 0) begin : g_parity_only
      assign row = tag_i[TILE_AT_PARITY] && tag_i[TILE_PARITY];
    end else begin : g_plain
      assign row = tag_i[TILE_ROW+:ROW_BITS];
    end
  endgenerate

  wire [2:0] mode_unused;
  ern_fft #(
      .K(K), .MODES(MODES), .IN_WIDTH(FW), .DROP(DROP), .OUT_WIDTH(SX), .TAG_WIDTH(LANE_BITS + ROW_BITS), .TWIDDLES(TWIDDLES),
      .ADDERS(ADDERS), .ROTATION(ROTATION), .SMALL(SMALL)
  ) u_fft (
      .clk(clk), .rst_i(rst_i), .valid_i(valid_i && wanted), .mode_i(mode), .tag_i({tag_i[TILE_LANE+:LANE_BITS], row}),
      .data_i(guarded), .valid_o(write_o), .mode_o(mode_unused), .tag_o({write_lane_o, write_row_o}), .data_o(write_data_o)
  );
  wire unused = &{1'b0, tag_i, mode_unused, guard};
endmodule

`default_nettype wire
