// erngen_accelerator_tile_queue: from readout row groups to tiles.
//
// Purpose:    A beat holds ROWS rows. A pass whose tiles have fewer gate rows than that (a projection beside LSTM
//             gates, say) brings several tiles in one beat; the queue keeps beats and gives in a cycle PORTS tiles of
//             one gate, or one tile of more, its gates in the lowest rows. A pass whose tiles have ROWS or more gate
//             rows passes one beat a cycle. `first_o` marks a pass's first output; the pass's tile count cuts the
//             last beat short. Tiles for folded cells leave FOLDING cycles apart: beats of a tile of several beats a
//             share of that.
// Parameters: ROWS >= 1, a power of two; PORTS <= ROWS, a power of two; WIDTH of a row; TAG_WIDTH; DEPTH beats; QUEUE 0
//             when every pass empties a beat in one cycle: then there is nothing to keep; FOLDING, a power of two.
// Latency:    2 cycles (none without a queue); an output leaves at the earliest 1 cycle after the one before.
// Rounding:   none.
// Overflow:   required: DEPTH holds the longest backlog (the planner's duty). overflow_o is set when a beat comes with no room, and stays
//             set until clear_errors_i.
`default_nettype none

module erngen_accelerator_tile_queue #(
    parameter ROWS      = 4,
    parameter PORTS     = 1,
    parameter WIDTH     = 16,
    parameter TAG_WIDTH = 8,
    parameter DEPTH     = 16,
    parameter QUEUE     = 1,
    parameter FOLDING   = 1
) (
    input  wire                  clk,
    input  wire                  rst_i,
    input  wire                  valid_i,
    input  wire                  first_i,   // first beat of its pass
    input  wire [           2:0] gates_i,   // gate rows of a tile: 1, 2 or 4
    input  wire                  cells_i,   // its tiles go to folded cells
    input  wire [          15:0] tiles_i,   // tiles of the pass
    input  wire [ TAG_WIDTH-1:0] tag_i,
    input  wire [ROWS*WIDTH-1:0] rows_i,
    output wire                  valid_o,
    output wire                  first_o,
    output wire [ TAG_WIDTH-1:0] tag_o,
    output wire [ROWS*WIDTH-1:0] rows_o,
    input  wire                  clear_errors_i,
    output wire                  overflow_o
);
  // A beat in the queue: its rows, the tag, and what the queue itself looks at.
  localparam AT_TAG = ROWS * WIDTH;
  localparam AT_TILES = AT_TAG + TAG_WIDTH;
  localparam AT_GATES = AT_TILES + 16;
  localparam AT_CELLS = AT_GATES + 3;
  localparam AT_FIRST = AT_CELLS + 1;
  localparam BEAT = AT_FIRST + 1;
  generate
    if (QUEUE == 0) begin : g_plain
      assign valid_o = valid_i;
      assign first_o = first_i;
      assign tag_o = tag_i;
      assign rows_o = rows_i;
      assign overflow_o = 1'b0;
      wire unused = &{1'b0, clk, rst_i, gates_i, cells_i, tiles_i, clear_errors_i};
    end else begin : g_queue
      localparam POINTER_BITS = (DEPTH > 1) ? $clog2(DEPTH) : 1;
      localparam [31:0] LAST = DEPTH - 1;
      localparam [31:0] ROWS_32 = ROWS;
      localparam [31:0] PORTS_32 = PORTS;
      reg out_valid_q;
      reg out_first_q;
      reg [TAG_WIDTH-1:0] out_tag_q;
      reg [ROWS*WIDTH-1:0] out_rows_q;
      assign valid_o = out_valid_q;
      assign first_o = out_first_q;
      assign tag_o = out_tag_q;
      assign rows_o = out_rows_q;
      reg [BEAT-1:0] memory[0:DEPTH-1];
      reg [POINTER_BITS-1:0] write_q;
      reg [POINTER_BITS-1:0] read_q;
      reg [POINTER_BITS:0] count_q;
      reg overflow_q;
      assign overflow_o = overflow_q;
      localparam [31:0] FULL = DEPTH;
      reg [2:0] row_q;     // first row of the next tile in the head beat
      reg [15:0] tile_q;   // tiles of the pass that have left
      wire [BEAT-1:0] head = memory[read_q];
      wire head_first = head[AT_FIRST];
      wire head_cells = head[AT_CELLS];
      wire [2:0] head_gates = head[AT_GATES+:3];
      wire [15:0] head_tiles = head[AT_TILES+:16];
      wire [TAG_WIDTH-1:0] head_tag = head[AT_TAG+:TAG_WIDTH];
      // Folded cells: cycles until the next beat for them may leave, FOLDING shared by the beats of a tile.
      localparam [6:0] FOLDING_7 = FOLDING;
      localparam LOG_ROWS = $clog2(ROWS);
      reg [6:0] wait_q;
      wire [2:0] beats = head_gates >> LOG_ROWS;
      wire [6:0] share = FOLDING_7 >> (beats[2] ? 2 : beats[1] ? 1 : 0);
      wire unused_beats = &{1'b0, beats[0]};
      wire head_valid = count_q != {(POINTER_BITS + 1) {1'b0}} && (FOLDING == 1 || !head_cells || wait_q == 7'd0);
      wire begins = head_first && row_q == 3'd0;
      wire [15:0] tile = begins ? 16'd0 : tile_q;
      wire single = head_gates == 3'd1;
      wire [3:0] next_row = {1'b0, row_q} + (single ? PORTS_32[3:0] : {1'b0, head_gates});
      wire [15:0] next_tile = tile + (single ? PORTS_32[15:0] : 16'd1);
      wire whole = {1'b0, head_gates} >= ROWS_32[3:0];   // a beat is at most one tile: rows pass as they are
      wire last = whole || next_row >= ROWS_32[3:0] || next_tile >= head_tiles;
      wire pop = head_valid && last;
      // Row n of the output is row n + row_q of the beat; rows beyond the output's tiles are not used.
      localparam ROW_BITS = (LOG_ROWS > 0) ? LOG_ROWS : 1;
      wire [ROWS*WIDTH-1:0] chosen;
      genvar n;
      for (n = 0; n < ROWS; n = n + 1) begin : g_row
        erngen_accelerator_select #(.COUNT(ROWS - n), .WIDTH(WIDTH), .INDEX_BITS(ROW_BITS)) u_row (
            .index_i(row_q[ROW_BITS-1:0]), .data_i(head[ROWS*WIDTH-1:n*WIDTH]), .data_o(chosen[n*WIDTH+:WIDTH])
        );
      end
      always @(posedge clk) begin
        if (rst_i) begin
          write_q <= {POINTER_BITS{1'b0}};
          read_q <= {POINTER_BITS{1'b0}};
          count_q <= {(POINTER_BITS + 1) {1'b0}};
          row_q <= 3'd0;
          out_valid_q <= 1'b0;
          wait_q <= 7'd0;
          overflow_q <= 1'b0;
        end else begin
          if (valid_i && !pop && count_q == FULL[POINTER_BITS:0]) overflow_q <= 1'b1;
          else if (clear_errors_i) overflow_q <= 1'b0;
          if (valid_i) write_q <= (write_q == LAST[POINTER_BITS-1:0]) ? {POINTER_BITS{1'b0}} : write_q + 1'b1;
          if (pop) read_q <= (read_q == LAST[POINTER_BITS-1:0]) ? {POINTER_BITS{1'b0}} : read_q + 1'b1;
          count_q <= count_q + {{POINTER_BITS{1'b0}}, valid_i} - {{POINTER_BITS{1'b0}}, pop};
          if (head_valid) row_q <= last ? 3'd0 : next_row[2:0];
          out_valid_q <= head_valid;
          if (head_valid && head_cells) wait_q <= (share == 7'd0) ? 7'd0 : share - 7'd1;
          else if (wait_q != 7'd0) wait_q <= wait_q - 7'd1;
        end
        if (valid_i) memory[write_q] <= {first_i, cells_i, gates_i, tiles_i, tag_i, rows_i};
        if (head_valid) tile_q <= next_tile;
        out_first_q <= begins;
        out_tag_q <= head_tag;
        out_rows_q <= chosen;
      end
`ifdef ERN_SIMULATION
      erngen_accelerator_assert u_room (.clk(clk), .rst_i(rst_i), .holds_i(!valid_i || pop || count_q < FULL[POINTER_BITS:0]));
`endif
    end
  endgenerate
endmodule

`default_nettype wire
