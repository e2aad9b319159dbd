// ern_shortcut: from the array's finished rows to the spectra of a vector, without a transform.
//
// Purpose:    The spectrum of a linear output is the sum that the array hands out (docs/reference/arithmetic.md). Recombines the accumulators of
//             READOUT rows a cycle, rounds them to the format of spectra, and numbers the tiles as ern_sum does.
// Tag:        the pass descriptor with the frame's flags above it; its fields are below.
// Parameters: K, MODES, ACC, COMBINED, CYCLES (here RECOMBINATION) as in ern_recombine; SX bits of a spectrum word; SHIFTS, SHIFT_LIST,
//             shifts as in ern_recombine; READOUT <= COLUMNS, so that the tiles of a cycle go to different banks; DEPTH of the memory;
//             DYNAMIC 1 when its top address bit is the parity.
// Latency:    ern_recombine.
// Rounding:   half up.
// Overflow:   saturates to SX bits.
`default_nettype none

module ern_shortcut #(
    parameter K       = 8,
    parameter MODES   = 8,
    parameter ACC     = 36,
    parameter SX      = 16,
    parameter SHIFTS  = 1,
    parameter [8*SHIFTS-1:0] SHIFT_LIST = {SHIFTS{8'd14}},
    parameter READOUT = 1,
    parameter COLUMNS = 1,
    parameter DEPTH   = 4,
    parameter DYNAMIC = 1,
    parameter COMBINED = 0,
    parameter RECOMBINATION = 3,
    // Derived, not to be set.
    parameter ROW_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1,
    parameter LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1,
    parameter PASS_TAG = 162,
    parameter AB = ((COMBINED != 0) ? K : 3*K/2-1)*ACC
) (
    input  wire                         clk,
    input  wire                         rst_i,
    input  wire                         valid_i,
    input  wire                         first_i,   // first beat of the pass
    input  wire [         PASS_TAG-1:0] tag_i,
    input  wire [       READOUT*AB-1:0] rows_i,
    output wire [          READOUT-1:0] write_o,
    output wire [READOUT*LANE_BITS-1:0] write_lane_o,
    output wire [ READOUT*ROW_BITS-1:0] write_row_o,
    output wire [     READOUT*K*SX-1:0] write_data_o
);
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam PASS_MODE = 3, PASS_MODE_W = 3;                            // log2 of the block size
  localparam PASS_AT_PARITY = 16;                                       // at the frame's parity
  localparam PASS_TILES = 42, PASS_TILES_W = 16;                        // tiles of the pass
  localparam PASS_ROW = 122, PASS_ROW_W = 16;                           // first row of the spectrum memory
  localparam PASS_LANE = 138, PASS_LANE_W = 8;                          // column lane of the first spectrum
  localparam PASS_SHORTCUT = 154;                                       // the spectrum is that of the sums (ern_shortcut)
  localparam PASS_SHORTCUT_SHIFT = 155;                                 // number of its rounding shift
  localparam PASS_VALID = 158;                                          // there is a frame
  localparam PASS_PARITY = 159;                                         // of the copy of recurrent vectors that it writes
  // --- end of the fields
  localparam SHIFT_BITS = (SHIFTS > 1) ? $clog2(SHIFTS) : 1;
  localparam [31:0] COLUMNS_32 = COLUMNS;
  localparam [31:0] READOUT_32 = READOUT;

  // --- numbering: each count starts from the descriptor with the pass's first beat
  reg [15:0] row_q, tile_q;
  reg [7:0] lane_q;
  wire [15:0] row = first_i ? tag_i[PASS_ROW+:PASS_ROW_W] : row_q;
  wire [7:0] lane = first_i ? tag_i[PASS_LANE+:PASS_LANE_W] : lane_q;
  wire [15:0] tile = first_i ? 16'd0 : tile_q;
  wire [8:0] next_lane = {1'b0, lane} + READOUT_32[8:0];
  wire wrap = next_lane >= COLUMNS_32[8:0];
  wire [8:0] wrapped_lane = next_lane - COLUMNS_32[8:0];
  always @(posedge clk)
    if (valid_i) begin
      row_q  <= wrap ? row + 16'd1 : row;
      lane_q <= wrap ? wrapped_lane[7:0] : next_lane[7:0];
      tile_q <= tile + READOUT_32[15:0];
    end

  wire wanted = valid_i && tag_i[PASS_SHORTCUT] && tag_i[PASS_VALID];
  genvar r;
  generate
    if (READOUT > COLUMNS) begin : g_bad_readout
      ERROR_ern_shortcut_READOUT_must_not_exceed_COLUMNS u_error ();
    end
    for (r = 0; r < READOUT; r = r + 1) begin : g_row
      localparam [31:0] PLACE = r;
      wire [15:0] tile_r = tile + PLACE[15:0];
      wire [8:0] lane_sum = {1'b0, lane} + PLACE[8:0];
      wire over = lane_sum >= COLUMNS_32[8:0];
      wire [8:0] lane_over = lane_sum - COLUMNS_32[8:0];
      wire [7:0] lane_r = over ? lane_over[7:0] : lane_sum[7:0];
      wire [15:0] row_r = row + {15'd0, over};
      wire [ROW_BITS-1:0] address;
      if (DYNAMIC != 0 && ROW_BITS > 1) begin : g_parity
        assign address = {tag_i[PASS_AT_PARITY] && tag_i[PASS_PARITY], row_r[ROW_BITS-2:0]};
      end else if (DYNAMIC != 0) begin : g_parity_only
        assign address = tag_i[PASS_AT_PARITY] && tag_i[PASS_PARITY];
      end else begin : g_plain
        assign address = row_r[ROW_BITS-1:0];
      end
      wire [2:0] mode_unused;
      ern_recombine #(
          .K(K), .MODES(MODES), .ACC(ACC), .WD(SX), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .TAG_WIDTH(LANE_BITS + ROW_BITS),
          .COMBINED(COMBINED), .CYCLES(RECOMBINATION)
      ) u_recombine (
          .clk(clk), .rst_i(rst_i), .valid_i(wanted && tile_r < tag_i[PASS_TILES+:PASS_TILES_W]),
          .mode_i(tag_i[PASS_MODE+:PASS_MODE_W]),
          .shift_i(tag_i[PASS_SHORTCUT_SHIFT+:SHIFT_BITS]), .tag_i({lane_r[LANE_BITS-1:0], address}), .acc_i(rows_i[r*AB+:AB]),
          .valid_o(write_o[r]), .mode_o(mode_unused),
          .tag_o({write_lane_o[r*LANE_BITS+:LANE_BITS], write_row_o[r*ROW_BITS+:ROW_BITS]}), .data_o(write_data_o[r*K*SX+:K*SX])
      );
      wire unused = &{1'b0, mode_unused, lane_over, lane_r, row_r};
    end
  endgenerate
  wire unused = &{1'b0, tag_i, wrapped_lane};
endmodule

`default_nettype wire
