// erngen_accelerator_readout: from the array's finished rows to tiles of packed spectra.
//
// Purpose:    Recombines the accumulators of READOUT rows a cycle, rounds them to the readout format, and hands out tiles
//             (all gate rows of one block of cells) with their pass's descriptor.
// Tag:        the pass descriptor with the frame's flags above it; its fields are below.
// Parameters: K, MODES, ACC, WD, SHIFTS, SHIFT_LIST, COMBINED, CYCLES (here RECOMBINATION) as in erngen_accelerator_recombine; READOUT; SELECT_LATENCY,
//             cycles of the array's multiplexer and tree, and of erngen_accelerator_correction; PORTS, QUEUE, QUEUE_DEPTH, FOLDING as in erngen_accelerator_tile_queue.
// Latency:    from stages_i to the first tile: SELECT_LATENCY, that of erngen_accelerator_recombine, and that of erngen_accelerator_tile_queue.
// Rounding:   as erngen_accelerator_recombine.
// Overflow:   saturates to WD bits.
`default_nettype none

module erngen_accelerator_readout #(
    parameter K              = 8,
    parameter MODES          = 8,
    parameter ACC            = 36,
    parameter WD             = 20,
    parameter SHIFTS         = 1,
    parameter [8*SHIFTS-1:0] SHIFT_LIST = {SHIFTS{8'd14}},
    parameter READOUT        = 1,
    parameter SELECT_LATENCY = 1,
    parameter PORTS          = 1,
    parameter QUEUE          = 0,
    parameter QUEUE_DEPTH    = 2,
    parameter FOLDING        = 1,
    parameter COMBINED       = 0,
    parameter RECOMBINATION  = 3,
    // Derived, not to be set.
    parameter PASS_TAG = 162,
    parameter AB = ((COMBINED != 0) ? K : 3*K/2-1)*ACC
) (
    input  wire                    clk,
    input  wire                    rst_i,
    input  wire [             7:0] stages_i,   // when the first stage is done: how many stages follow, itself included
    input  wire [    PASS_TAG-1:0] tag_i,
    input  wire [  READOUT*AB-1:0] rows_i,   // SELECT_LATENCY cycles after stages_i
    output wire                    selected_o,        // with rows_i: a beat of a pass, its first, its tag
    output wire                    selected_first_o,
    output wire [    PASS_TAG-1:0] selected_tag_o,
    output wire                    valid_o,
    output wire                    first_o,  // first tile of the pass
    output wire [    PASS_TAG-1:0] tag_o,
    output wire [READOUT*K*WD-1:0] rows_o,
    input  wire                    clear_errors_i,
    output wire                    overflow_o   // of the tile queue, which the plan excludes
);
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam PASS_OPERATION = 0;                                        // 0 LSTM, 1, 2 GRU before, 3 after, 5, 6 its z_x, z_h, 4 linear, 7 nonlinear
  localparam PASS_MODE = 3, PASS_MODE_W = 3;                            // log2 of the block size
  localparam PASS_READOUT_SHIFT = 6;                                    // number of the rounding shift of the sums
  localparam PASS_FINAL = 9;                                            // the sum is complete: the cells follow
  localparam PASS_GATES = 32, PASS_GATES_W = 3;                         // gate rows of a tile
  localparam PASS_TILES = 42, PASS_TILES_W = 16;                        // tiles of the pass
  // --- end of the fields
  localparam SHIFT_BITS = (SHIFTS > 1) ? $clog2(SHIFTS) : 1;

  wire burst;
  wire burst_first;
  wire [PASS_TAG-1:0] burst_tag;
  erngen_accelerator_burst #(.TAG_WIDTH(PASS_TAG)) u_burst (
      .clk(clk), .rst_i(rst_i), .stages_i(stages_i), .tag_i(tag_i),
      .valid_o(burst), .first_o(burst_first), .tag_o(burst_tag)
  );

  wire selected;
  wire selected_first;
  wire [PASS_TAG-1:0] selected_tag;
  erngen_accelerator_valid_delay #(.WIDTH(1), .DEPTH(SELECT_LATENCY)) u_valid (
      .clk(clk), .rst_i(rst_i), .data_i(burst), .data_o(selected)
  );
  erngen_accelerator_delay #(.WIDTH(PASS_TAG + 1), .DEPTH(SELECT_LATENCY)) u_tag (
      .clk(clk), .data_i({burst_first, burst_tag}), .data_o({selected_first, selected_tag})
  );

  assign selected_o = selected;
  assign selected_first_o = selected_first;
  assign selected_tag_o = selected_tag;

  wire [READOUT-1:0] valid;
  wire [READOUT*K*WD-1:0] rows;
  wire first;
  wire [PASS_TAG-1:0] tag;
  genvar r;
  generate
    for (r = 0; r < READOUT; r = r + 1) begin : g_row
      if (r == 0) begin : g_tagged
        wire [2:0] mode_unused;
        erngen_accelerator_recombine #(
            .K(K), .MODES(MODES), .ACC(ACC), .WD(WD), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .TAG_WIDTH(PASS_TAG + 1),
            .COMBINED(COMBINED), .CYCLES(RECOMBINATION)
        ) u_recombine (
            .clk(clk), .rst_i(rst_i), .valid_i(selected), .mode_i(selected_tag[PASS_MODE+:PASS_MODE_W]),
            .shift_i(selected_tag[PASS_READOUT_SHIFT+:SHIFT_BITS]),
            .tag_i({selected_first, selected_tag}), .acc_i(rows_i[r*AB+:AB]), .valid_o(valid[r]), .mode_o(mode_unused),
            .tag_o({first, tag}), .data_o(rows[r*K*WD+:K*WD])
        );
        wire unused = &{1'b0, mode_unused};
      end else begin : g_plain
        wire [2:0] mode_unused;
        wire tag_unused;
        erngen_accelerator_recombine #(
            .K(K), .MODES(MODES), .ACC(ACC), .WD(WD), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .TAG_WIDTH(1), .COMBINED(COMBINED),
            .CYCLES(RECOMBINATION)
        ) u_recombine (
            .clk(clk), .rst_i(rst_i), .valid_i(selected), .mode_i(selected_tag[PASS_MODE+:PASS_MODE_W]),
            .shift_i(selected_tag[PASS_READOUT_SHIFT+:SHIFT_BITS]),
            .tag_i(1'b0), .acc_i(rows_i[r*AB+:AB]), .valid_o(valid[r]), .mode_o(mode_unused),
            .tag_o(tag_unused), .data_o(rows[r*K*WD+:K*WD])
        );
        wire unused = &{1'b0, mode_unused, tag_unused};
      end
    end
  endgenerate

  erngen_accelerator_tile_queue #(
      .ROWS(READOUT), .PORTS(PORTS), .WIDTH(K*WD), .TAG_WIDTH(PASS_TAG), .DEPTH(QUEUE_DEPTH), .QUEUE(QUEUE), .FOLDING(FOLDING)
  ) u_queue (
      .clk(clk), .rst_i(rst_i), .valid_i(valid[0]), .first_i(first), .gates_i(tag[PASS_GATES+:PASS_GATES_W]),
      .cells_i(tag[PASS_FINAL] && !tag[PASS_OPERATION+2]),
      .tiles_i(tag[PASS_TILES+:PASS_TILES_W]),
      .tag_i(tag), .rows_i(rows), .valid_o(valid_o), .first_o(first_o), .tag_o(tag_o), .rows_o(rows_o), .clear_errors_i(clear_errors_i),
      .overflow_o(overflow_o)
  );
  wire unused = &{1'b0, valid};
endmodule

`default_nettype wire
