// ern_readout: from the array's finished rows to tiles of packed spectra.
//
// Purpose:    Recombines the accumulators of READOUT rows a cycle, rounds them to the readout format, and hands out tiles
//             (all gate rows of one block of cells) with their pass's descriptor.
// Tag:        the pass descriptor with the frame's flags above it (layout: ern_sum.v).
// Parameters: K, MODES, ACC, WD, SHIFTS, SHIFT_LIST as in ern_recombine; READOUT; TAG_WIDTH; SELECT_LATENCY, cycles of the
//             array's multiplexer and tree; PORTS, QUEUE, QUEUE_DEPTH, FOLDING as in ern_tile_queue.
// Latency:    from stages_i to the first tile: SELECT_LATENCY + 3, and that of ern_tile_queue.
// Rounding:   as ern_recombine.
// Overflow:   saturates to WD bits.
`default_nettype none

module ern_readout #(
    parameter K              = 8,
    parameter MODES          = 8,
    parameter ACC            = 36,
    parameter WD             = 20,
    parameter SHIFTS         = 1,
    parameter [8*SHIFTS-1:0] SHIFT_LIST = {SHIFTS{8'd14}},
    parameter READOUT        = 1,
    parameter TAG_WIDTH      = 162,
    parameter SELECT_LATENCY = 1,
    parameter PORTS          = 1,
    parameter QUEUE          = 0,
    parameter QUEUE_DEPTH    = 2,
    parameter FOLDING        = 1,
    // Derived, not to be set.
    parameter AB = (3*K/2-1)*ACC
) (
    input  wire                    clk,
    input  wire                    rst_i,
    input  wire [             7:0] stages_i,   // when the first stage is done: how many stages follow, itself included
    input  wire [   TAG_WIDTH-1:0] tag_i,
    input  wire [  READOUT*AB-1:0] rows_i,   // SELECT_LATENCY cycles after stages_i
    output wire                    selected_o,        // with rows_i: a beat of a pass, its first, its tag
    output wire                    selected_first_o,
    output wire [   TAG_WIDTH-1:0] selected_tag_o,
    output wire                    valid_o,
    output wire                    first_o,  // first tile of the pass
    output wire [   TAG_WIDTH-1:0] tag_o,
    output wire [READOUT*K*WD-1:0] rows_o
);
  localparam SHIFT_BITS = (SHIFTS > 1) ? $clog2(SHIFTS) : 1;

  wire burst;
  wire burst_first;
  wire [TAG_WIDTH-1:0] burst_tag;
  ern_burst #(.TAG_WIDTH(TAG_WIDTH)) u_burst (
      .clk(clk), .rst_i(rst_i), .stages_i(stages_i), .tag_i(tag_i),
      .valid_o(burst), .first_o(burst_first), .tag_o(burst_tag)
  );

  wire selected;
  wire selected_first;
  wire [TAG_WIDTH-1:0] selected_tag;
  ern_valid_delay #(.WIDTH(1), .DEPTH(SELECT_LATENCY)) u_valid (
      .clk(clk), .rst_i(rst_i), .data_i(burst), .data_o(selected)
  );
  ern_delay #(.WIDTH(TAG_WIDTH + 1), .DEPTH(SELECT_LATENCY)) u_tag (
      .clk(clk), .data_i({burst_first, burst_tag}), .data_o({selected_first, selected_tag})
  );

  assign selected_o = selected;
  assign selected_first_o = selected_first;
  assign selected_tag_o = selected_tag;

  wire [READOUT-1:0] valid;
  wire [READOUT*K*WD-1:0] rows;
  wire first;
  wire [TAG_WIDTH-1:0] tag;
  genvar r;
  generate
    for (r = 0; r < READOUT; r = r + 1) begin : g_row
      if (r == 0) begin : g_tagged
        wire [2:0] mode_unused;
        ern_recombine #(
            .K(K), .MODES(MODES), .ACC(ACC), .WD(WD), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .TAG_WIDTH(TAG_WIDTH + 1)
        ) u_recombine (
            .clk(clk), .rst_i(rst_i), .valid_i(selected), .mode_i(selected_tag[5:3]), .shift_i(selected_tag[6+:SHIFT_BITS]),
            .tag_i({selected_first, selected_tag}), .acc_i(rows_i[r*AB+:AB]), .valid_o(valid[r]), .mode_o(mode_unused),
            .tag_o({first, tag}), .data_o(rows[r*K*WD+:K*WD])
        );
        wire unused = &{1'b0, mode_unused};
      end else begin : g_plain
        wire [2:0] mode_unused;
        wire tag_unused;
        ern_recombine #(
            .K(K), .MODES(MODES), .ACC(ACC), .WD(WD), .SHIFTS(SHIFTS), .SHIFT_LIST(SHIFT_LIST), .TAG_WIDTH(1)
        ) u_recombine (
            .clk(clk), .rst_i(rst_i), .valid_i(selected), .mode_i(selected_tag[5:3]), .shift_i(selected_tag[6+:SHIFT_BITS]),
            .tag_i(1'b0), .acc_i(rows_i[r*AB+:AB]), .valid_o(valid[r]), .mode_o(mode_unused),
            .tag_o(tag_unused), .data_o(rows[r*K*WD+:K*WD])
        );
        wire unused = &{1'b0, mode_unused, tag_unused};
      end
    end
  endgenerate

  ern_tile_queue #(
      .ROWS(READOUT), .PORTS(PORTS), .WIDTH(K*WD), .TAG_WIDTH(TAG_WIDTH), .DEPTH(QUEUE_DEPTH), .QUEUE(QUEUE), .FOLDING(FOLDING)
  ) u_queue (
      .clk(clk), .rst_i(rst_i), .valid_i(valid[0]), .first_i(first), .gates_i(tag[34:32]), .cells_i(tag[9] && !tag[2]),
      .tiles_i(tag[57:42]),
      .tag_i(tag), .rows_i(rows), .valid_o(valid_o), .first_o(first_o), .tag_o(tag_o), .rows_o(rows_o)
  );
  wire unused = &{1'b0, valid};
endmodule

`default_nettype wire
