// erngen_accelerator_back: the engine behind the array, from tiles of sums to the output stream and the way back.
//
// Purpose:    Transforms sums, runs the cells, keeps their states, returns the spectra of their results and sends the output.
// Parameters: those of erngen_accelerator_engine that it uses.
// Latency:    the plan's.
// Rounding:   docs/reference/arithmetic.md.
// Overflow:   docs/reference/arithmetic.md.
`default_nettype none

module erngen_accelerator_back #(
    parameter         K               = 8,
    parameter         READOUT         = 1,
    parameter         COLUMNS         = 1,
    parameter         PORTS           = 1,   // tiles of one gate that leave together
    parameter         FEEDBACK_PORTS  = 1,   // of them, those that a matrix reads
    parameter         OUTPUT_PORTS    = 1,   // tiles of the output that leave together
    parameter         CONTEXTS        = 1,
    parameter         A               = 12,
    parameter         G               = 12,
    parameter         HW              = 12,
    parameter         W               = 12,
    parameter         P               = 14,
    parameter         F_P             = 10,
    parameter         SX              = 16,
    parameter         WD              = 20,
    parameter         ZW              = 27,
    parameter         BW              = 24,
    parameter         F_T             = 15,
    parameter         CW              = 16,
    parameter         F_C             = 11,
    parameter         F_Q             = 10,
    parameter         V               = 18,
    parameter         F_V             = 12,
    parameter         KREF            = 8,
    parameter         MAX_GUARD       = 1,
    parameter         DROP            = 0,
    parameter         PART_MODES      = 8,
    parameter         STATE_MODES     = 8,
    parameter         SECOND_MODES    = 0,
    parameter         STATE_GUARDS    = 2,
    parameter         SECOND_GUARDS   = 1,
    parameter         LINEAR_SHIFTS   = 1,
    parameter signed [8*LINEAR_SHIFTS-1:0] LINEAR_SHIFT_LIST = {LINEAR_SHIFTS{8'd4}},
    parameter         LSTM_SHIFTS     = 1,
    parameter [8*LSTM_SHIFTS-1:0] LSTM_SHIFT_LIST = {LSTM_SHIFTS{8'd11}},
    parameter         RESET_SHIFTS    = 1,
    parameter [8*RESET_SHIFTS-1:0] RESET_SHIFT_LIST = {RESET_SHIFTS{8'd11}},
    parameter         STATE_SHIFTS    = 1,
    parameter [8*STATE_SHIFTS-1:0] STATE_SHIFT_LIST = {STATE_SHIFTS{8'd0}},
    parameter         GATES           = 4,
    parameter         HAS_LSTM        = 1,
    parameter         FOLDING         = 1,
    parameter         HAS_GRU_BEFORE  = 0,
    parameter         HAS_GRU_AFTER   = 0,
    parameter         HAS_LINEAR      = 1,
    parameter         KEEPS_SUMS      = HAS_LSTM,
    parameter         LIMITED         = 0,
    parameter [A*LINEAR_SHIFTS-1:0] LOWS = {LINEAR_SHIFTS{1'b1, {(A - 1) {1'b0}}}},
    parameter [A*LINEAR_SHIFTS-1:0] HIGHS = {LINEAR_SHIFTS{1'b0, {(A - 1) {1'b1}}}},
    parameter         HAS_NONLINEAR   = 0,
    parameter         NONLINEAR_SHIFTS = 1,
    parameter [8*NONLINEAR_SHIFTS-1:0] NONLINEAR_SHIFT_LIST = {NONLINEAR_SHIFTS{8'd0}},
    parameter [NONLINEAR_SHIFTS-1:0] NONLINEAR_TANH = {NONLINEAR_SHIFTS{1'b0}},
    parameter         CANDIDATE       = 1,
    parameter         OPEN            = 0,
    parameter [2*LSTM_SHIFTS-1:0] LSTM_CANDIDATES = {LSTM_SHIFTS{CANDIDATE == 1 ? 2'd1 : 2'd0}},
    parameter [(G+OPEN)*LSTM_SHIFTS-1:0] LSTM_CANDIDATE_LOWS = {(G + OPEN) * LSTM_SHIFTS{1'b0}},
    parameter [(G+OPEN)*LSTM_SHIFTS-1:0] LSTM_CANDIDATE_HIGHS = {(G + OPEN) * LSTM_SHIFTS{1'b0}},
    parameter [2*LSTM_SHIFTS-1:0] LSTM_OUTPUTS = {LSTM_SHIFTS{2'd1}},
    parameter [(G+OPEN)*LSTM_SHIFTS-1:0] LSTM_OUTPUT_LOWS = {(G + OPEN) * LSTM_SHIFTS{1'b0}},
    parameter [(G+OPEN)*LSTM_SHIFTS-1:0] LSTM_OUTPUT_HIGHS = {(G + OPEN) * LSTM_SHIFTS{1'b0}},
    parameter [2*STATE_SHIFTS-1:0] STATE_CANDIDATES = {STATE_SHIFTS{2'd1}},
    parameter [(G+OPEN)*STATE_SHIFTS-1:0] STATE_CANDIDATE_LOWS = {(G + OPEN) * STATE_SHIFTS{1'b0}},
    parameter [(G+OPEN)*STATE_SHIFTS-1:0] STATE_CANDIDATE_HIGHS = {(G + OPEN) * STATE_SHIFTS{1'b0}},
    parameter         ACT_LATENCY     = 3,
    parameter         SUMS            = 1,
    parameter         ACT_DSP         = 0,
    parameter         PRODUCT_DSP     = 1,
    parameter [319:0] SIGMOID         = 320'd0,
    parameter [319:0] TANH            = 320'd0,
    parameter         STATE_DEPTH     = 2,
    parameter         STATE_DYNAMIC   = 1,
    parameter         TILES           = 1,
    parameter         BIAS_ROWS       = 1,
    parameter         FIRST_BIAS      = 0,
    parameter         PARTIAL_ROWS    = 0,
    parameter         PEEPHOLE_ROWS   = 0,
    parameter         INITIAL_CELL_ROWS = 0,
    parameter         INITIAL_STATE_ROWS = 0,
    parameter         INVERSE_LATENCY = 6,
    parameter         ADDEND          = 2,
    parameter         OUTPUT_SIZE     = 8,
    parameter         ELEMENT_BITS    = 16,
    parameter         OUTPUT_BEAT     = 8,
    parameter         OUTPUT_CAPACITY = 16,
    parameter         OUTPUT_SEQUENCES = 0,
    parameter         OUTPUT_ENDS     = 0,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    parameter ROTATION = 1,
    parameter SMALL = 2,
    parameter         BIAS_PREFIX     = "",
    parameter         PEEPHOLE_PREFIX = "",
    parameter         INITIAL_PREFIX  = "",
    parameter         LOADABLE        = 0,   // see erngen_accelerator_cells
    parameter         CB              = 40,
    parameter         SIGMOID_IMAGE   = "",
    parameter         TANH_IMAGE      = "",
    // Derived, not to be set.
    parameter         LANE_BITS       = (COLUMNS > 1) ? $clog2(COLUMNS) : 1,
    parameter         STATE_BITS      = (STATE_DEPTH > 1) ? $clog2(STATE_DEPTH) : 1,
    parameter         PASS_TAG        = 162,
    parameter         TILE_TAG        = 83,
    parameter         ID_BITS         = (CONTEXTS > 1) ? $clog2(CONTEXTS) : 1
) (
    input  wire                                 clk,
    input  wire                                 rst_i,
    input  wire [                      CB+36:0] load_i,   // see erngen_accelerator_constants
    // from the core
    input  wire                                 tile_valid_i,
    input  wire                                 tile_first_i,
    input  wire [                 PASS_TAG-1:0] tile_tag_i,
    input  wire [             READOUT*K*WD-1:0] tile_rows_i,
    // to the core
    output wire                                 room_o,
    input  wire                                 reserve_i,
    output wire [           FEEDBACK_PORTS-1:0] state_write_o,
    output wire [ FEEDBACK_PORTS*LANE_BITS-1:0] state_lane_o,
    output wire [FEEDBACK_PORTS*STATE_BITS-1:0] state_row_o,
    output wire [      FEEDBACK_PORTS*K*SX-1:0] state_data_o,
    output wire [           FEEDBACK_PORTS-1:0] second_write_o,
    output wire [ FEEDBACK_PORTS*LANE_BITS-1:0] second_lane_o,
    output wire [FEEDBACK_PORTS*STATE_BITS-1:0] second_row_o,
    output wire [      FEEDBACK_PORTS*K*SX-1:0] second_data_o,
    // output stream
    output wire                                 tvalid_o,
    input  wire                                 tready_i,
    output wire [ OUTPUT_BEAT*ELEMENT_BITS-1:0] tdata_o,
    output wire [OUTPUT_BEAT*ELEMENT_BITS/8-1:0] tkeep_o,
    output wire                                 tlast_o,
    output wire                                 frame_last_o,
    output wire                                 tuser_o,
    output wire [                  ID_BITS-1:0] tid_o,
    // with the host
    output wire                                 frame_done_o,
    input  wire                                 clear_errors_i,
    output wire                                 overflow_o,   // of the output buffer, which the plan excludes
    input  wire                                 host_read_i,
    input  wire [                         15:0] host_tile_i,
    output wire [                     K*HW-1:0] host_vector_o,
    output wire [                     K*CW-1:0] host_cell_o,
    input  wire                                 host_write_cell_i,
    input  wire [                     K*CW-1:0] host_cell_i,
    input  wire                                 host_write_vector_i,
    input  wire [                 TILE_TAG-1:0] host_tag_i,
    input  wire [                     K*HW-1:0] host_vector_i
);
  localparam SECOND = (SECOND_MODES != 0) ? 1 : 0;
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam TILE_OUTPUT = 3;                                           // of the output stream
  localparam TILE_LAST = 30;                                            // it is the phase's last tile
  localparam TILE_CONTEXT = 71;                                         // whose frame it is
  localparam TILE_VALID = 79;                                           // there is a frame
  localparam TILE_END = 82;                                             // it ends its sequence
  // --- end of the fields

  // --- sums and cells
  wire [15:0] state_tile;
  wire [15:0] constant_row;
  wire [PORTS-1:0] cell_valid;
  wire [PORTS*TILE_TAG-1:0] cell_tag;
  wire [GATES*K*ZW-1:0] z;
  erngen_accelerator_sum #(
      .K(K), .MODES(PART_MODES), .KREF(KREF), .WD(WD), .ZW(ZW), .BW(BW), .READOUT(READOUT), .GATES(GATES), .COLUMNS(COLUMNS),
      .PORTS(PORTS), .BIAS_ROWS(BIAS_ROWS), .FIRST_BIAS(FIRST_BIAS),
      .PARTIAL_ROWS(PARTIAL_ROWS), .INVERSE_LATENCY(INVERSE_LATENCY), .ADDEND(ADDEND), .PREFIX(BIAS_PREFIX), .LOADABLE(LOADABLE > 0), .CB(CB),
      .TWIDDLES(TWIDDLES), .ADDERS(ADDERS), .ROTATION(ROTATION), .SMALL(SMALL)
  ) u_sum (
      .clk(clk), .rst_i(rst_i), .load_i(load_i), .valid_i(tile_valid_i), .first_i(tile_first_i), .tag_i(tile_tag_i), .rows_i(tile_rows_i),
      .state_tile_o(state_tile), .constant_row_o(constant_row), .tile_valid_o(cell_valid), .tile_tag_o(cell_tag), .z_o(z)
  );

  wire [PORTS-1:0] block_valid;
  wire [PORTS*TILE_TAG-1:0] block_tag;
  wire [PORTS*K*A-1:0] block_data;
  erngen_accelerator_cells #(
      .K(K), .A(A), .G(G), .HW(HW), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .CW(CW), .F_C(F_C), .W(W), .F_Q(F_Q), .V(V), .F_V(F_V),
      .LSTM_SHIFTS(LSTM_SHIFTS), .LSTM_SHIFT_LIST(LSTM_SHIFT_LIST), .RESET_SHIFTS(RESET_SHIFTS), .RESET_SHIFT_LIST(RESET_SHIFT_LIST),
      .STATE_SHIFTS(STATE_SHIFTS), .STATE_SHIFT_LIST(STATE_SHIFT_LIST), .GATES(GATES), .PORTS(PORTS),
      .TILES(TILES), .HAS_LSTM(HAS_LSTM), .FOLDING(FOLDING), .HAS_GRU_BEFORE(HAS_GRU_BEFORE), .HAS_GRU_AFTER(HAS_GRU_AFTER),
      .HAS_LINEAR(HAS_LINEAR), .KEEPS_SUMS(KEEPS_SUMS), .LIMITED(LIMITED), .LOWS(LOWS), .HIGHS(HIGHS), .HAS_NONLINEAR(HAS_NONLINEAR),
      .NONLINEAR_SHIFTS(NONLINEAR_SHIFTS), .NONLINEAR_SHIFT_LIST(NONLINEAR_SHIFT_LIST), .NONLINEAR_TANH(NONLINEAR_TANH),
      .CANDIDATE(CANDIDATE), .OPEN(OPEN),
      .LSTM_CANDIDATES(LSTM_CANDIDATES), .LSTM_CANDIDATE_LOWS(LSTM_CANDIDATE_LOWS), .LSTM_CANDIDATE_HIGHS(LSTM_CANDIDATE_HIGHS),
      .LSTM_OUTPUTS(LSTM_OUTPUTS), .LSTM_OUTPUT_LOWS(LSTM_OUTPUT_LOWS), .LSTM_OUTPUT_HIGHS(LSTM_OUTPUT_HIGHS),
      .STATE_CANDIDATES(STATE_CANDIDATES), .STATE_CANDIDATE_LOWS(STATE_CANDIDATE_LOWS), .STATE_CANDIDATE_HIGHS(STATE_CANDIDATE_HIGHS),
      .PEEPHOLE_ROWS(PEEPHOLE_ROWS), .PEEPHOLE_PREFIX(PEEPHOLE_PREFIX),
      .INITIAL_CELL_ROWS(INITIAL_CELL_ROWS), .INITIAL_STATE_ROWS(INITIAL_STATE_ROWS), .INITIAL_PREFIX(INITIAL_PREFIX),
      .SHIFT_COUNT(LINEAR_SHIFTS), .SHIFTS(LINEAR_SHIFT_LIST), .ACT_LATENCY(ACT_LATENCY), .SUMS(SUMS), .ACT_DSP(ACT_DSP), .PRODUCT_DSP(PRODUCT_DSP),
      .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE), .LOADABLE(LOADABLE), .CB(CB)
  ) u_cells (
      .clk(clk), .rst_i(rst_i), .load_i(load_i), .state_tile_i(state_tile), .constant_row_i(constant_row), .tile_valid_i(cell_valid),
      .tile_tag_i(cell_tag), .z_i(z), .block_valid_o(block_valid), .block_tag_o(block_tag), .block_data_o(block_data),
      .host_read_i(host_read_i), .host_tile_i(host_tile_i), .host_vector_o(host_vector_o), .host_cell_o(host_cell_o),
      .host_write_cell_i(host_write_cell_i), .host_cell_i(host_cell_i), .host_write_vector_i(host_write_vector_i),
      .host_tag_i(host_tag_i), .host_vector_i(host_vector_i)
  );

  // --- feedback
  genvar p;
  generate
    for (p = 0; p < FEEDBACK_PORTS; p = p + 1) begin : g_feedback
      erngen_accelerator_feedback #(
          .K(K), .A(A), .SX(SX), .MODES(STATE_MODES), .GUARDS(STATE_GUARDS), .MAX_GUARD(MAX_GUARD), .DROP(DROP),
          .COLUMNS(COLUMNS), .DEPTH(STATE_DEPTH), .DYNAMIC(STATE_DYNAMIC), .SECOND(0), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS),
          .ROTATION(ROTATION), .SMALL(SMALL)
      ) u_feedback (
          .clk(clk), .rst_i(rst_i), .valid_i(block_valid[p]), .tag_i(block_tag[p*TILE_TAG+:TILE_TAG]), .data_i(block_data[p*K*A+:K*A]),
          .write_o(state_write_o[p]), .write_lane_o(state_lane_o[p*LANE_BITS+:LANE_BITS]),
          .write_row_o(state_row_o[p*STATE_BITS+:STATE_BITS]), .write_data_o(state_data_o[p*K*SX+:K*SX])
      );
      if (SECOND != 0) begin : g_second
        erngen_accelerator_feedback #(
            .K(K), .A(A), .SX(SX), .MODES(SECOND_MODES), .GUARDS(SECOND_GUARDS), .MAX_GUARD(MAX_GUARD), .DROP(DROP),
            .COLUMNS(COLUMNS), .DEPTH(STATE_DEPTH), .DYNAMIC(STATE_DYNAMIC), .SECOND(1), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS),
            .ROTATION(ROTATION), .SMALL(SMALL)
        ) u_feedback (
            .clk(clk), .rst_i(rst_i), .valid_i(block_valid[p]), .tag_i(block_tag[p*TILE_TAG+:TILE_TAG]), .data_i(block_data[p*K*A+:K*A]),
            .write_o(second_write_o[p]), .write_lane_o(second_lane_o[p*LANE_BITS+:LANE_BITS]),
            .write_row_o(second_row_o[p*STATE_BITS+:STATE_BITS]), .write_data_o(second_data_o[p*K*SX+:K*SX])
        );
      end
    end
    if (SECOND == 0) begin : g_no_second
      assign second_write_o = {FEEDBACK_PORTS{1'b0}};
      assign second_lane_o = {FEEDBACK_PORTS * LANE_BITS{1'b0}};
      assign second_row_o = {FEEDBACK_PORTS * STATE_BITS{1'b0}};
      assign second_data_o = {FEEDBACK_PORTS * K * SX{1'b0}};
    end
  endgenerate

  // --- stream out
  wire out_valid = block_valid[0] && block_tag[TILE_OUTPUT] && block_tag[TILE_VALID];
  wire [OUTPUT_PORTS-1:0] port_last;
  generate
    for (p = 0; p < OUTPUT_PORTS; p = p + 1) begin : g_last
      assign port_last[p] = block_valid[p] && block_tag[p*TILE_TAG+TILE_LAST];
    end
  endgenerate
  wire out_last = |port_last;
  erngen_accelerator_axis_out #(
      .K(OUTPUT_PORTS * K), .A(A), .ELEMENT_BITS(ELEMENT_BITS), .BEAT(OUTPUT_BEAT), .SIZE(OUTPUT_SIZE), .STREAMS(CONTEXTS),
      .CAPACITY(OUTPUT_CAPACITY), .SEQUENCES(OUTPUT_SEQUENCES), .ENDS(OUTPUT_ENDS)
  ) u_out (
      .clk(clk), .rst_i(rst_i), .block_valid_i(out_valid), .block_data_i(block_data[OUTPUT_PORTS*K*A-1:0]), .block_last_i(out_last),
      .block_user_i(block_tag[TILE_END]), .block_stream_i(block_tag[TILE_CONTEXT+:ID_BITS]), .room_o(room_o), .reserve_i(reserve_i),
      .clear_errors_i(clear_errors_i), .overflow_o(overflow_o), .tvalid_o(tvalid_o), .tready_i(tready_i), .tdata_o(tdata_o),
      .tkeep_o(tkeep_o), .tlast_o(tlast_o), .frame_last_o(frame_last_o), .tuser_o(tuser_o), .tid_o(tid_o)
  );

  assign frame_done_o = out_valid && out_last;
  wire unused = &{1'b0, block_tag, block_data, block_valid};
endmodule

`default_nettype wire
