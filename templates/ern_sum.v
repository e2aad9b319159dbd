// ern_sum: from tiles of packed spectra to time-domain sums z.
//
// Purpose:    Inverse transforms, adds the bias or the partial sum of an earlier pass, stores partial sums, gathers the
//             gates of a tile when they come in several beats, and numbers the tiles: where their states, weights and
//             results lie. Tiles of one gate come PORTS at a time, row p being that of port p; others on port 0.
// Tag:        [2:0] operation (0 LSTM, 1 GRU before: gates, 2 GRU before: output, 3 GRU after: gates, 4 linear, 5 and 6 GRU
//             after: z_x and z_h, which ern_cells keeps for 3), [5:3] log2 of the block size, [8:6] readout shift, [9]
//             final, [10] use partial, [11] tail, [12] output, [13] store the vector, [14] write the state spectrum,
//             [15] write the second one, [16] at the frame's parity, [19:17] linear shift, [22:20] and [25:23] guard,
//             [28:26] and [31:29] log2 of the block size of the two spectra, [34:32] gates, [41:35] elements of the
//             phase's last tile, [57:42] tiles, [73:58] bias row, [89:74] partial row, [105:90] peephole row,
//             [121:106] state tile, [137:122] result row, [145:138] result lane, [153:146] context, [154] the state
//             spectrum is that of the sums (ern_shortcut), [157:155] its shift; the frame's flags: [158] valid, [159]
//             parity, [160] fresh, [161] end of sequence.
// Tile tag:   [2:0] operation, [3] output, [4] store, [5] write state, [6] write second, [7] at parity, [10:8] linear
//             shift, [13:11], [16:14] guards, [19:17], [22:20] block sizes, [29:23] elements, [30] last, [46:31] state
//             tile, [62:47] result row, [70:63] result lane, [78:71] context, [82:79] the frame's flags.
// Parameters: K, MODES, KREF, WD, TWIDDLES, ADDERS as in ern_ifft; READOUT; GATES, most rows that leave together, of a tile or of
//             PORTS tiles; ZW bits of z; BW bits of a bias; COLUMNS of the array; BIAS_ROWS, PARTIAL_ROWS (0: no partial
//             sums); INVERSE_LATENCY of ern_ifft; PORTS <= min(READOUT, COLUMNS), a power of two; PREFIX of the bias
//             images PREFIX_R.hex, one a readout row R.
// Latency:    max(INVERSE_LATENCY, 2) + 1 from the last beat of a tile to tile_valid_o; state and peephole rows come out
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
    parameter PARTIAL_ROWS    = 0,
    parameter INVERSE_LATENCY = 6,
    parameter PREFIX          = "",
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    // Derived, not to be set.
    parameter ROWS = (READOUT < GATES) ? READOUT : GATES
) (
    input  wire                    clk,
    input  wire                    rst_i,
    input  wire                    valid_i,
    input  wire                    first_i,
    input  wire [           161:0] tag_i,
    input  wire [READOUT*K*WD-1:0] rows_i,
    output wire [            15:0] state_tile_o,     // 2 cycles before tile_valid_o
    output wire [            15:0] peephole_row_o,
    output wire [       PORTS-1:0] tile_valid_o,
    output wire [    PORTS*83-1:0] tile_tag_o,
    output wire [  GATES*K*ZW-1:0] z_o
);
  localparam TW = WD + $clog2(KREF) + 1;
  localparam LATENCY = (INVERSE_LATENCY < 2) ? 2 : INVERSE_LATENCY;
  localparam BEATS = (GATES > READOUT) ? GATES / READOUT : 1;
  localparam LOG_READOUT = $clog2(READOUT);
  localparam BIAS_BITS = (BIAS_ROWS > 1) ? $clog2(BIAS_ROWS) : 1;
  localparam [31:0] COLUMNS_32 = COLUMNS;
  localparam [31:0] PORTS_32 = PORTS;

  // --- numbering: each count starts from the descriptor with the pass's first beat
  reg [15:0] bias_q, partial_q, peephole_q, state_q, row_q, tile_q;
  reg [7:0] lane_q;
  reg [1:0] beat_q;
  wire [15:0] bias = first_i ? tag_i[73:58] : bias_q;
  wire [15:0] partial = first_i ? tag_i[89:74] : partial_q;
  wire [15:0] peephole = first_i ? tag_i[105:90] : peephole_q;
  wire [15:0] state = first_i ? tag_i[121:106] : state_q;
  wire [15:0] row = first_i ? tag_i[137:122] : row_q;
  wire [7:0] lane = first_i ? tag_i[145:138] : lane_q;
  wire [15:0] tile = first_i ? 16'd0 : tile_q;
  reg [15:0] behind_q;   // the tile's number, plus 1
  wire [15:0] behind = first_i ? 16'd1 : behind_q;
  wire [2:0] beats = tag_i[34:32] >> LOG_READOUT;
  wire [1:0] last_beat = (beats == 3'd0) ? 2'd0 : beats[1:0] - 2'd1;
  wire complete = beat_q == last_beat;
  wire several = PORTS > 1 && tag_i[34:32] == 3'd1;   // PORTS tiles in this beat
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
      peephole_q <= complete ? peephole + 16'd1 : peephole;
      state_q <= complete ? state + count : state;
      tile_q <= complete ? tile + count : tile;
      behind_q <= complete ? behind + count : behind;
      lane_q <= COLUMNS == 1 ? 8'd0 : !complete ? lane : wrap ? wrapped_lane[7:0] : next_lane;
      row_q <= (complete && wrap) ? next_row : row;
    end
  end

  // --- each port's tile
  wire [PORTS-1:0] present;
  wire [PORTS*83-1:0] tile_tag;
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
      wire last_tile = tag_i[11] && behind_p == tag_i[57:42];
      if (p == 0) begin : g_first
        assign present[p] = 1'b1;
      end else begin : g_beside
        wire [15:0] tile_p = tile + PORT[15:0];
        assign present[p] = several && tile_p < tag_i[57:42];
      end
      assign tile_tag[p*83+:83] = {
        tag_i[161:158], tag_i[153:146], lane_p, row_p, state_p, last_tile, tag_i[41:35], tag_i[31:26], tag_i[25:20],
        tag_i[19:17], tag_i[16], tag_i[15], tag_i[14], tag_i[13], tag_i[12], tag_i[2:0]
      };
      wire unused = &{1'b0, lane_over};
    end
  endgenerate

  // --- addresses ahead of the data
  wire [15:0] bias_at;
  wire [15:0] partial_at;
  ern_delay #(.WIDTH(32), .DEPTH(LATENCY - 2)) u_addend_address (
      .clk(clk), .data_i({bias, partial}), .data_o({bias_at, partial_at})
  );
  ern_delay #(.WIDTH(32), .DEPTH(LATENCY - 1)) u_state_address (
      .clk(clk), .data_i({state, peephole}), .data_o({state_tile_o, peephole_row_o})
  );

  // --- control, to the sum register
  wire use_partial;
  ern_delay #(.WIDTH(1), .DEPTH(LATENCY)) u_select (.clk(clk), .data_i(tag_i[10]), .data_o(use_partial));
  wire [PORTS-1:0] fire;
  wire store;
  wire [15:0] partial_write;
  wire [1:0] beat_z;
  wire [1:0] last_beat_z;
  ern_valid_delay #(.WIDTH(PORTS + 1), .DEPTH(LATENCY + 1)) u_fire (
      .clk(clk), .rst_i(rst_i), .data_i({present & {PORTS{valid_i && tag_i[9] && complete}}, valid_i && !tag_i[9]}),
      .data_o({fire, store})
  );
  ern_delay #(.WIDTH(PORTS * 83 + 16 + 4), .DEPTH(LATENCY + 1)) u_tag (
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
          .K(K), .MODES(MODES), .KREF(KREF), .IN_WIDTH(WD), .OUT_WIDTH(TW), .TAG_WIDTH(1), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS)
      ) u_ifft (
          .clk(clk), .rst_i(rst_i), .valid_i(valid_i), .mode_i(tag_i[5:3]), .tag_i(1'b0), .data_i(rows_i[r*K*WD+:K*WD]),
          .valid_o(valid_unused), .mode_o(mode_unused), .tag_o(tag_unused), .data_o(samples)
      );
      ern_delay #(.WIDTH(K*TW), .DEPTH(LATENCY - INVERSE_LATENCY)) u_align (
          .clk(clk), .data_i(samples), .data_o(aligned)
      );
      wire unused = &{1'b0, valid_unused, mode_unused, tag_unused};

      wire [K*BW-1:0] bias_data;
      if (PREFIX != "") begin : g_bias
        ern_rom #(.WIDTH(K*BW), .DEPTH(BIAS_ROWS), .FILE({PREFIX, "_", DIGIT, ".hex"})) u_bias (
            .clk(clk), .address_i(bias_at[BIAS_BITS-1:0]), .data_o(bias_data)
        );
      end else begin : g_no_bias
        assign bias_data = {K * BW{1'b0}};
      end

      wire [K*ZW-1:0] partial_data;
      if (PARTIAL_ROWS > 0) begin : g_partial
        localparam PARTIAL_BITS = (PARTIAL_ROWS > 1) ? $clog2(PARTIAL_ROWS) : 1;
        ern_ram #(.WIDTH(K*ZW), .DEPTH(PARTIAL_ROWS)) u_partial (
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
  wire unused = &{1'b0, tag_i[8:6], tag_i[157:154], bias_at, partial_at, rows_i, partial_write, store, wrapped_lane};
endmodule

`default_nettype wire
