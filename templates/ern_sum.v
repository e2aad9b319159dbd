// ern_sum: from tiles of packed spectra to time-domain sums z.
//
// Purpose:    Inverse transforms, adds the bias or the partial sum of an earlier pass, stores partial sums, gathers the
//             gates of a tile when they come in several beats, and numbers the tiles: where their states, weights and
//             results lie. Tiles of one gate come PORTS at a time, row p being that of port p; others on port 0.
// Tags:       the pass descriptor with the frame's flags above it comes in, the tag of each tile goes out; their fields are below.
// Parameters: K, MODES, KREF, WD, TWIDDLES, ADDERS as in ern_ifft; READOUT; GATES, most rows that leave together, of a tile or of
//             PORTS tiles; ZW bits of z; BW bits of a bias; COLUMNS of the array; BIAS_ROWS, PARTIAL_ROWS (0: no partial
//             sums); FIRST_BIAS: first frames of sequences have biases of their own, from the next power of two of rows on;
//             INVERSE_LATENCY of ern_ifft; ADDEND, READ of the memories of biases and partial sums; PORTS <= min(READOUT, COLUMNS), a
//             power of two; PREFIX of the bias images PREFIX_R.hex, one a readout row R; LOADABLE, CB: see ern_constants.
// Latency:    max(INVERSE_LATENCY, ADDEND) + 1 from the last beat of a tile to tile_valid_o; state and constant rows come out
//             2 cycles earlier, which is the latency of their memories.
// Rounding:   as ern_ifft.
// Overflow:   none: ZW bits hold both transforms, the bias and a peephole product.
`default_nettype none

module ern_sum #(
    parameter K               = 8,
    parameter MODES           = 8,
    parameter KREF            = 8,
    parameter WD              = 20,
    parameter ZW              = 27,
    parameter BW              = 24,
    parameter READOUT         = 1,
    parameter GATES           = 4,
    parameter COLUMNS         = 1,
    parameter PORTS           = 1,
    parameter BIAS_ROWS       = 4,
    parameter FIRST_BIAS      = 0,
    parameter PARTIAL_ROWS    = 0,
    parameter INVERSE_LATENCY = 6,
    parameter ADDEND          = 2,
    parameter PREFIX          = "",
    parameter LOADABLE        = 0,
    parameter CB              = 1,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    parameter ROTATION = 1,
    parameter SMALL = 2,
    // Derived, not to be set.
    parameter PASS_TAG = 162,
    parameter TILE_TAG = 83,
    parameter ROWS = (READOUT < GATES) ? READOUT : GATES
) (
    input  wire                      clk,
    input  wire                      rst_i,
    input  wire [           CB+36:0] load_i,
    input  wire                      valid_i,
    input  wire                      first_i,
    input  wire [      PASS_TAG-1:0] tag_i,
    input  wire [  READOUT*K*WD-1:0] rows_i,
    output wire [              15:0] state_tile_o,     // 2 cycles before tile_valid_o
    output wire [              15:0] constant_row_o,
    output wire [         PORTS-1:0] tile_valid_o,
    output wire [PORTS*TILE_TAG-1:0] tile_tag_o,
    output wire [    GATES*K*ZW-1:0] z_o
);
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam PASS_OPERATION = 0, PASS_OPERATION_W = 3;                  // 0 LSTM, 1, 2 GRU before, 3 after, 5, 6 its z_x, z_h, 4 linear, 7 nonlinear
  localparam PASS_MODE = 3, PASS_MODE_W = 3;                            // log2 of the block size
  localparam PASS_FINAL = 9;                                            // the sum is complete: the cells follow
  localparam PASS_PARTIAL = 10;                                         // adds the stored partial sum, else the bias
  localparam PASS_TAIL = 11;                                            // ends with the phase's last tile
  localparam PASS_OUTPUT = 12;                                          // of the output stream
  localparam PASS_STORE = 13;                                           // the vector is kept in the time domain
  localparam PASS_STATE = 14;                                           // its spectrum is written
  localparam PASS_SECOND = 15;                                          // and that for the second spectrum memory
  localparam PASS_AT_PARITY = 16;                                       // at the frame's parity
  localparam PASS_SHIFT = 17, PASS_SHIFT_W = 3;                         // number of the shift of its results
  localparam PASS_GUARD = 20, PASS_GUARD_W = 3;                         // guard bits of the spectrum
  localparam PASS_SECOND_GUARD = 23, PASS_SECOND_GUARD_W = 3;           // of the second one
  localparam PASS_BLOCK = 26, PASS_BLOCK_W = 3;                         // log2 of the block size of the spectrum
  localparam PASS_SECOND_BLOCK = 29, PASS_SECOND_BLOCK_W = 3;           // of the second one
  localparam PASS_GATES = 32, PASS_GATES_W = 3;                         // gate rows of a tile
  localparam PASS_ELEMENTS = 35, PASS_ELEMENTS_W = 7;                   // elements of the phase's last tile
  localparam PASS_TILES = 42, PASS_TILES_W = 16;                        // tiles of the pass
  localparam PASS_BIAS_ROW = 58, PASS_BIAS_ROW_W = 16;                  // first row of the bias memories
  localparam PASS_PARTIAL_ROW = 74, PASS_PARTIAL_ROW_W = 16;            // first row of the memory of partial sums
  localparam PASS_CONSTANT_ROW = 90, PASS_CONSTANT_ROW_W = 16;          // first row of the peepholes and initial states
  localparam PASS_STATE_TILE = 106, PASS_STATE_TILE_W = 16;             // first row of the state memories
  localparam PASS_ROW = 122, PASS_ROW_W = 16;                           // first row of the spectrum memory
  localparam PASS_LANE = 138, PASS_LANE_W = 8;                          // column lane of the first spectrum
  localparam PASS_CONTEXT = 146, PASS_CONTEXT_W = 8;                    // whose frame it is
  localparam PASS_VALID = 158;                                          // there is a frame
  localparam PASS_PARITY = 159;                                         // of the copy of recurrent vectors that it writes
  localparam PASS_FRESH = 160;                                          // it sees a zero state
  localparam PASS_END = 161;                                            // it ends its sequence
  localparam TILE_OPERATION = 0, TILE_OPERATION_W = 3;                  // as in a pass
  localparam TILE_OUTPUT = 3;                                           // of the output stream
  localparam TILE_STORE = 4;                                            // the vector is kept in the time domain
  localparam TILE_STATE = 5;                                            // its spectrum is written
  localparam TILE_SECOND = 6;                                           // and that for the second spectrum memory
  localparam TILE_AT_PARITY = 7;                                        // at the frame's parity
  localparam TILE_SHIFT = 8, TILE_SHIFT_W = 3;                          // number of the shift of its results
  localparam TILE_GUARD = 11, TILE_GUARD_W = 3;                         // guard bits of the spectrum
  localparam TILE_SECOND_GUARD = 14, TILE_SECOND_GUARD_W = 3;           // of the second one
  localparam TILE_BLOCK = 17, TILE_BLOCK_W = 3;                         // log2 of the block size of the spectrum
  localparam TILE_SECOND_BLOCK = 20, TILE_SECOND_BLOCK_W = 3;           // of the second one
  localparam TILE_ELEMENTS = 23, TILE_ELEMENTS_W = 7;                   // elements of the phase's last tile
  localparam TILE_LAST = 30;                                            // it is the phase's last tile
  localparam TILE_STATE_TILE = 31, TILE_STATE_TILE_W = 16;              // row of the state memories
  localparam TILE_ROW = 47, TILE_ROW_W = 16;                            // row of the spectrum memory
  localparam TILE_LANE = 63, TILE_LANE_W = 8;                           // column lane of the spectrum
  localparam TILE_CONTEXT = 71, TILE_CONTEXT_W = 8;                     // whose frame it is
  localparam TILE_VALID = 79;                                           // there is a frame
  localparam TILE_PARITY = 80;                                          // of the copy of recurrent vectors that it writes
  localparam TILE_FRESH = 81;                                           // it sees a zero state
  localparam TILE_END = 82;                                             // it ends its sequence
  // --- end of the fields
  localparam TW = WD + $clog2(KREF) + 1;
  localparam LATENCY = (INVERSE_LATENCY < ADDEND) ? ADDEND : INVERSE_LATENCY;
  localparam BEATS = (GATES > READOUT) ? GATES / READOUT : 1;
  localparam LOG_READOUT = $clog2(READOUT);
  localparam BIAS_BITS = (BIAS_ROWS > 1) ? $clog2(BIAS_ROWS) : 1;
  localparam [31:0] COLUMNS_32 = COLUMNS;
  localparam [31:0] PORTS_32 = PORTS;

  // --- numbering: each count starts from the descriptor with the pass's first beat
  reg [15:0] bias_q, partial_q, constant_q, state_q, row_q, tile_q;
  reg [7:0] lane_q;
  reg [1:0] beat_q;
  wire [15:0] bias = first_i ? tag_i[PASS_BIAS_ROW+:PASS_BIAS_ROW_W] : bias_q;
  wire [15:0] partial = first_i ? tag_i[PASS_PARTIAL_ROW+:PASS_PARTIAL_ROW_W] : partial_q;
  wire [15:0] constant = first_i ? tag_i[PASS_CONSTANT_ROW+:PASS_CONSTANT_ROW_W] : constant_q;
  wire [15:0] state = first_i ? tag_i[PASS_STATE_TILE+:PASS_STATE_TILE_W] : state_q;
  wire [15:0] row = first_i ? tag_i[PASS_ROW+:PASS_ROW_W] : row_q;
  wire [7:0] lane = first_i ? tag_i[PASS_LANE+:PASS_LANE_W] : lane_q;
  wire [15:0] tile = first_i ? 16'd0 : tile_q;
  reg [15:0] behind_q;   // the tile's number, plus 1
  wire [15:0] behind = first_i ? 16'd1 : behind_q;
  wire [PASS_GATES_W-1:0] gates = tag_i[PASS_GATES+:PASS_GATES_W];
  wire [2:0] beats = gates >> LOG_READOUT;
  wire [1:0] last_beat = (beats == 3'd0) ? 2'd0 : beats[1:0] - 2'd1;
  wire complete = beat_q == last_beat;
  wire several = PORTS > 1 && gates == 3'd1;   // PORTS tiles in this beat
  wire [15:0] count = several ? PORTS_32[15:0] : 16'd1;
  // The lanes begin again at 0; with one of them nothing is counted.
  wire [7:0] next_lane = lane + count[7:0];
  wire [8:0] wrapped_lane = {1'b0, lane} + (count[8:0] - COLUMNS_32[8:0]);   // beside next_lane, not after it
  wire wrap = COLUMNS == 1 || !wrapped_lane[8];
  wire [15:0] next_row = row + 16'd1;

  always @(posedge clk) begin
    if (rst_i) beat_q <= 2'd0;
    else if (valid_i) beat_q <= complete ? 2'd0 : beat_q + 2'd1;
    if (valid_i) begin
      bias_q <= bias + 16'd1;
      partial_q <= partial + 16'd1;
      constant_q <= complete ? constant + count : constant;
      state_q <= complete ? state + count : state;
      tile_q <= complete ? tile + count : tile;
      behind_q <= complete ? behind + count : behind;
      lane_q <= COLUMNS == 1 ? 8'd0 : !complete ? lane : wrap ? wrapped_lane[7:0] : next_lane;
      row_q <= (complete && wrap) ? next_row : row;
    end
  end

  // --- each port's tile
  wire [PASS_TILES_W-1:0] tiles = tag_i[PASS_TILES+:PASS_TILES_W];
  wire [PORTS-1:0] present;
  wire [PORTS*TILE_TAG-1:0] tile_tag;
  genvar p;
  generate
    for (p = 0; p < PORTS; p = p + 1) begin : g_port
      localparam [31:0] PORT = p;
      wire [15:0] state_p = state + PORT[15:0];
      wire [8:0] lane_sum = {1'b0, lane} + PORT[8:0];
      wire over = p > 0 && lane_sum >= COLUMNS_32[8:0];   // a lane is below COLUMNS
      wire [8:0] lane_over = lane_sum - COLUMNS_32[8:0];
      wire [7:0] lane_p = over ? lane_over[7:0] : lane_sum[7:0];
      wire [15:0] row_p = row + {15'd0, over};
      wire [15:0] behind_p = behind + PORT[15:0];
      wire last_tile = tag_i[PASS_TAIL] && behind_p == tiles;
      if (p == 0) begin : g_first
        assign present[p] = 1'b1;
      end else begin : g_beside
        wire [15:0] tile_p = tile + PORT[15:0];
        assign present[p] = several && tile_p < tiles;
      end
      reg [TILE_TAG-1:0] tag;
      always @* begin
        tag = {TILE_TAG{1'b0}};
        tag[TILE_OPERATION+:TILE_OPERATION_W] = tag_i[PASS_OPERATION+:PASS_OPERATION_W];
        tag[TILE_OUTPUT] = tag_i[PASS_OUTPUT];
        tag[TILE_STORE] = tag_i[PASS_STORE];
        tag[TILE_STATE] = tag_i[PASS_STATE];
        tag[TILE_SECOND] = tag_i[PASS_SECOND];
        tag[TILE_AT_PARITY] = tag_i[PASS_AT_PARITY];
        tag[TILE_SHIFT+:TILE_SHIFT_W] = tag_i[PASS_SHIFT+:PASS_SHIFT_W];
        tag[TILE_GUARD+:TILE_GUARD_W] = tag_i[PASS_GUARD+:PASS_GUARD_W];
        tag[TILE_SECOND_GUARD+:TILE_SECOND_GUARD_W] = tag_i[PASS_SECOND_GUARD+:PASS_SECOND_GUARD_W];
        tag[TILE_BLOCK+:TILE_BLOCK_W] = tag_i[PASS_BLOCK+:PASS_BLOCK_W];
        tag[TILE_SECOND_BLOCK+:TILE_SECOND_BLOCK_W] = tag_i[PASS_SECOND_BLOCK+:PASS_SECOND_BLOCK_W];
        tag[TILE_ELEMENTS+:TILE_ELEMENTS_W] = tag_i[PASS_ELEMENTS+:PASS_ELEMENTS_W];
        tag[TILE_LAST] = last_tile;
        tag[TILE_STATE_TILE+:TILE_STATE_TILE_W] = state_p;
        tag[TILE_ROW+:TILE_ROW_W] = row_p;
        tag[TILE_LANE+:TILE_LANE_W] = lane_p;
        tag[TILE_CONTEXT+:TILE_CONTEXT_W] = tag_i[PASS_CONTEXT+:PASS_CONTEXT_W];
        tag[TILE_VALID] = tag_i[PASS_VALID];
        tag[TILE_PARITY] = tag_i[PASS_PARITY];
        tag[TILE_FRESH] = tag_i[PASS_FRESH];
        tag[TILE_END] = tag_i[PASS_END];
      end
      assign tile_tag[p*TILE_TAG+:TILE_TAG] = tag;
      wire unused = &{1'b0, lane_over};
    end
  endgenerate

  // --- addresses ahead of the data
  localparam BIAS_DEPTH = (FIRST_BIAS != 0) ? (1 << BIAS_BITS) + BIAS_ROWS : BIAS_ROWS;
  localparam ADDRESS_BITS = (FIRST_BIAS != 0) ? BIAS_BITS + 1 : BIAS_BITS;
  wire [15:0] bias_at;
  wire [BIAS_BITS:0] bias_address;
  wire [15:0] partial_at;
  ern_delay #(.WIDTH(32), .DEPTH(LATENCY - ADDEND)) u_addend_address (
      .clk(clk), .data_i({bias, partial}), .data_o({bias_at, partial_at})
  );
  ern_delay #(.WIDTH(32), .DEPTH(LATENCY - 1)) u_state_address (
      .clk(clk), .data_i({state, constant}), .data_o({state_tile_o, constant_row_o})
  );

  generate
    if (FIRST_BIAS != 0) begin : g_first_bias
      wire fresh;
      ern_delay #(.WIDTH(1), .DEPTH(LATENCY - ADDEND)) u_fresh (.clk(clk), .data_i(tag_i[PASS_FRESH]), .data_o(fresh));
      assign bias_address = {fresh, bias_at[BIAS_BITS-1:0]};
    end else begin : g_one_bias
      assign bias_address = {1'b0, bias_at[BIAS_BITS-1:0]};
    end
  endgenerate

  // --- control, to the sum register
  wire use_partial;
  ern_delay #(.WIDTH(1), .DEPTH(LATENCY)) u_select (.clk(clk), .data_i(tag_i[PASS_PARTIAL]), .data_o(use_partial));
  wire [PORTS-1:0] fire;
  wire store;
  wire [15:0] partial_write;
  wire [1:0] beat_z;
  wire [1:0] last_beat_z;
  ern_valid_delay #(.WIDTH(PORTS + 1), .DEPTH(LATENCY + 1)) u_fire (
      .clk(clk), .rst_i(rst_i),
      .data_i({present & {PORTS{valid_i && tag_i[PASS_FINAL] && complete}}, valid_i && !tag_i[PASS_FINAL]}),
      .data_o({fire, store})
  );
  ern_delay #(.WIDTH(PORTS * TILE_TAG + 16 + 4), .DEPTH(LATENCY + 1)) u_tag (
      .clk(clk), .data_i({last_beat, beat_q, partial, tile_tag}), .data_o({last_beat_z, beat_z, partial_write, tile_tag_o})
  );
  assign tile_valid_o = fire;

  // --- per readout row: transform, addend, sum
  wire [ROWS*K*ZW-1:0] z;
  genvar r;
  genvar n;
  generate
    for (r = 0; r < ROWS; r = r + 1) begin : g_row
      localparam [7:0] DIGIT = 48 + r;
      wire [K*TW-1:0] samples;
      wire [K*TW-1:0] aligned;
      wire valid_unused;
      wire [2:0] mode_unused;
      wire tag_unused;
      ern_ifft #(
          .K(K), .MODES(MODES), .KREF(KREF), .IN_WIDTH(WD), .OUT_WIDTH(TW), .TAG_WIDTH(1), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS),
          .ROTATION(ROTATION), .SMALL(SMALL)
      ) u_ifft (
          .clk(clk), .rst_i(rst_i), .valid_i(valid_i), .mode_i(tag_i[PASS_MODE+:PASS_MODE_W]), .tag_i(1'b0), .data_i(rows_i[r*K*WD+:K*WD]),
          .valid_o(valid_unused), .mode_o(mode_unused), .tag_o(tag_unused), .data_o(samples)
      );
      ern_delay #(.WIDTH(K*TW), .DEPTH(LATENCY - INVERSE_LATENCY)) u_align (
          .clk(clk), .data_i(samples), .data_o(aligned)
      );
      wire unused = &{1'b0, valid_unused, mode_unused, tag_unused};

      wire [K*BW-1:0] bias_data;
      if (PREFIX != "") begin : g_bias
        localparam [15:0] NUMBER = 16'h8000 + r;
        ern_constants #(
            .WIDTH(K*BW), .DEPTH(BIAS_DEPTH), .FILE({PREFIX, "_", DIGIT, ".hex"}), .LOADABLE(LOADABLE), .CB(CB), .NUMBER(NUMBER),
            .READ(ADDEND)
        ) u_bias (
            .clk(clk), .load_i(load_i), .address_i(bias_address[ADDRESS_BITS-1:0]), .data_o(bias_data)
        );
      end else begin : g_no_bias
        assign bias_data = {K * BW{1'b0}};
      end

      wire [K*ZW-1:0] partial_data;
      if (PARTIAL_ROWS > 0) begin : g_partial
        localparam PARTIAL_BITS = (PARTIAL_ROWS > 1) ? $clog2(PARTIAL_ROWS) : 1;
        ern_ram #(.WIDTH(K*ZW), .DEPTH(PARTIAL_ROWS), .READ(ADDEND)) u_partial (
            .clk(clk), .write_i(store), .write_address_i(partial_write[PARTIAL_BITS-1:0]), .write_data_i(z[r*K*ZW+:K*ZW]),
            .read_address_i(partial_at[PARTIAL_BITS-1:0]), .read_data_o(partial_data)
        );
      end else begin : g_no_partial
        assign partial_data = {K * ZW{1'b0}};
      end

      for (n = 0; n < K; n = n + 1) begin : g_element
        wire signed [TW-1:0] sample = aligned[n*TW+:TW];
        wire signed [BW-1:0] bias_n = bias_data[n*BW+:BW];
        wire signed [ZW-1:0] partial_n = partial_data[n*ZW+:ZW];
        wire signed [ZW-1:0] bias_wide = {{(ZW - BW) {bias_n[BW-1]}}, bias_n};
        wire signed [ZW-1:0] sample_wide = {{(ZW - TW) {sample[TW-1]}}, sample};
        reg signed [ZW-1:0] sum_q;
        always @(posedge clk) sum_q <= sample_wide + (use_partial ? partial_n : bias_wide);
        assign z[(r*K+n)*ZW+:ZW] = sum_q;
      end
    end

    // --- gates of a tile: earlier beats are held, the last one passes
    if (BEATS > 1) begin : g_gather
      reg [ROWS*K*ZW-1:0] held[0:BEATS-2];
      for (r = 0; r < BEATS - 1; r = r + 1) begin : g_held
        localparam [31:0] BEAT = r;
        always @(posedge clk) if (beat_z == BEAT[1:0]) held[r] <= z;
        assign z_o[r*ROWS*K*ZW+:ROWS*K*ZW] = (last_beat_z == BEAT[1:0]) ? z : held[r];
      end
      assign z_o[(BEATS-1)*ROWS*K*ZW+:ROWS*K*ZW] = z;
    end else begin : g_whole
      assign z_o = z;
      wire unused = &{1'b0, beat_z, last_beat_z};
    end
  endgenerate
  wire unused = &{1'b0, load_i, tag_i, bias_at, bias_address, partial_at, rows_i, partial_write, store, wrapped_lane};
endmodule

`default_nettype wire
