// erngen_accelerator_engine: the statically scheduled spectral engine, from stream to stream.
//
// Purpose:    Connects its rooms in the order of the data: erngen_accelerator_front (stream in, transforms), erngen_accelerator_core (program, array, readout), erngen_accelerator_back
//             (sums, cells, the way back, stream out), beside them erngen_accelerator_host (registers).
// Parameters: numbers from the plan; all are checked where they are used. Formats: docs/reference/arithmetic.md. Images: names
//             relative to the working directory of the tool; "" leaves a memory without an image.
// Latency:    the plan's.
// Rounding:   docs/reference/arithmetic.md.
// Overflow:   docs/reference/arithmetic.md.
`default_nettype none

module erngen_accelerator_engine #(
    // shape
    parameter         K               = 8,
    parameter         STAGES          = 2,
    parameter         READOUT         = 1,
    parameter         COLUMNS         = 1,
    parameter         SEAM            = 0,   // some steps serve the end of the input and the beginning of another vector
    parameter         PORTS           = 1,   // tiles of one gate that leave together
    parameter         FEEDBACK_PORTS  = 1,   // of them, those that a matrix reads
    parameter         OUTPUT_PORTS    = 1,   // tiles of the output that leave together
    parameter         INPUT_PORTS     = 1,   // blocks of the input that enter together
    parameter         EARLY           = 0,   // frames are admitted before their last block is transformed
    parameter         CONTEXTS        = 1,
    parameter         FRAMES          = 1,   // of a stream in a run
    // formats
    parameter         A               = 12,
    parameter         G               = 12,
    parameter         HW              = 12,
    parameter         W               = 12,
    parameter         P               = 14,
    parameter         F_P             = 10,
    parameter         SX              = 16,
    parameter         ACC             = 36,
    parameter         FORM            = 0,   // of the lanes: 0 erngen_accelerator_lane, 1 erngen_accelerator_lane_bins, 2 erngen_accelerator_lane_blocks
    parameter         VW              = 30,  // bits of erngen_accelerator_correction's constants
    parameter         CORRECTION_ROWS = 1,
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
    // block sizes: bit masks of their logarithms
    parameter         PART_MODES      = 8,
    parameter         STATE_MODES     = 8,
    parameter         SECOND_MODES    = 0,
    parameter         STATE_GUARDS    = 2,
    parameter         SECOND_GUARDS   = 1,
    parameter         INPUT_MODE      = 3,
    parameter         INPUT_GUARD     = 1,
    parameter         READOUT_SHIFTS  = 1,
    parameter [8*READOUT_SHIFTS-1:0] READOUT_SHIFT_LIST = {READOUT_SHIFTS{8'd8}},
    parameter         LINEAR_SHIFTS   = 1,
    parameter signed [8*LINEAR_SHIFTS-1:0] LINEAR_SHIFT_LIST = {LINEAR_SHIFTS{8'd4}},
    parameter         LSTM_SHIFTS     = 1,
    parameter [8*LSTM_SHIFTS-1:0] LSTM_SHIFT_LIST = {LSTM_SHIFTS{8'd11}},
    parameter         RESET_SHIFTS    = 1,
    parameter [8*RESET_SHIFTS-1:0] RESET_SHIFT_LIST = {RESET_SHIFTS{8'd11}},
    parameter         STATE_SHIFTS    = 1,
    parameter [8*STATE_SHIFTS-1:0] STATE_SHIFT_LIST = {STATE_SHIFTS{8'd0}},
    parameter         SHORTCUT        = 0,   // some vectors take their spectra from the sums
    parameter         SHORTCUT_SHIFTS = 1,
    parameter [8*SHORTCUT_SHIFTS-1:0] SHORTCUT_SHIFT_LIST = {SHORTCUT_SHIFTS{8'd8}},
    // operations
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
    parameter         SUMS            = 1,   // 0: no registers behind the sums of the cells
    parameter         ACT_DSP         = 0,
    parameter         PRODUCT_DSP     = 1,
    parameter [319:0] SIGMOID         = 320'd0,
    parameter [319:0] TANH            = 320'd0,
    // memories
    parameter         INPUT_ROWS      = 1,
    parameter         INPUT_DEPTH     = 2,
    parameter         STATE_DEPTH     = 2,
    parameter         STATE_DYNAMIC   = 1,
    parameter         TILES           = 1,
    parameter         BIAS_ROWS       = 1,
    parameter         FIRST_BIAS      = 0,
    parameter         PARTIAL_ROWS    = 0,
    parameter         PEEPHOLE_ROWS   = 0,
    parameter         INITIAL_CELL_ROWS = 0,
    parameter         INITIAL_STATE_ROWS = 0,
    parameter         WEIGHT_ROWS     = 1,
    // program
    parameter         SEGMENTS        = 1,
    parameter         PASSES          = 1,
    parameter         QUEUE           = 0,
    parameter         QUEUE_DEPTH     = 2,
    parameter         TAIL_CYCLES     = 256,
    // latencies of the parts
    parameter         FETCH           = 3,   // of erngen_accelerator_source
    parameter         LANE            = 4,   // CYCLES of erngen_accelerator_lane
    parameter         CHOICE          = 4,   // of erngen_accelerator_readout_mux
    parameter         ADDITIONS       = 1,   // of erngen_accelerator_adder_tree
    parameter         RECOMBINATION   = 3,   // CYCLES of erngen_accelerator_recombine
    parameter         COLUMN_LATENCY  = 1,
    parameter         SELECT_LATENCY  = 1,
    parameter         INVERSE_LATENCY = 6,
    parameter         ADDEND          = 2,   // READ of the memories of biases and partial sums
    // streams
    parameter         INPUT_SIZE      = 8,
    parameter         OUTPUT_SIZE     = 8,
    parameter         ELEMENT_BITS    = 16,
    parameter         INPUT_BEAT      = 8,
    parameter         OUTPUT_BEAT     = 8,
    parameter         OUTPUT_CAPACITY = 16,
    parameter         INPUT_TLAST     = 1,   // these three: TLAST, END and SELECT of erngen_accelerator_axis_in
    parameter         SEQUENCE_END    = 0,
    parameter         STREAM_SELECT   = 0,
    parameter         OUTPUT_SEQUENCES = 0,  // these two: SEQUENCES and ENDS of erngen_accelerator_axis_out
    parameter         OUTPUT_ENDS     = 0,
    // constants and images
    parameter [31:0]  VERSION         = 32'h00000100,
    parameter [31:0]  CONFIGURATION   = 32'h0,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    parameter ROTATION = 1,
    parameter SMALL = 2,
    parameter         PROGRAM_IMAGE   = "",
    parameter         PASS_IMAGE      = "",
    parameter         WEIGHT_PREFIX   = "",
    parameter         CORRECTION_IMAGE = "",
    parameter         CORRECTION_PREFIX = "",
    parameter         BIAS_PREFIX     = "",
    parameter         PEEPHOLE_PREFIX = "",
    parameter         INITIAL_PREFIX  = "",
    parameter         LOADABLE        = 0,   // beside the weights: 1 constants, 2 tables of the activations, too
    parameter         SIGMOID_IMAGE   = "",
    parameter         TANH_IMAGE      = "",
    // Derived, not to be set.
    parameter         ID_BITS         = (CONTEXTS > 1) ? $clog2(CONTEXTS) : 1
) (
    input  wire                                clk,
    input  wire                                rst_i,
    // input stream
    input  wire                                s_tvalid_i,
    output wire                                s_tready_o,
    input  wire [INPUT_BEAT*ELEMENT_BITS-1:0]  s_tdata_i,
    input  wire                                s_tlast_i,
    input  wire                                s_tuser_i,
    input  wire [ID_BITS-1:0]                  s_tid_i,
    // output stream
    output wire                                m_tvalid_o,
    input  wire                                m_tready_i,
    output wire [OUTPUT_BEAT*ELEMENT_BITS-1:0] m_tdata_o,
    output wire [OUTPUT_BEAT*ELEMENT_BITS/8-1:0] m_tkeep_o,
    output wire                                m_tlast_o,
    output wire                                m_tuser_o,
    output wire [ID_BITS-1:0]                  m_tid_o,
    // registers
    input  wire [15:0]                         awaddr_i,
    input  wire                                awvalid_i,
    output wire                                awready_o,
    input  wire [31:0]                         wdata_i,
    input  wire [3:0]                          wstrb_i,
    input  wire                                wvalid_i,
    output wire                                wready_o,
    output wire [1:0]                          bresp_o,
    output wire                                bvalid_o,
    input  wire                                bready_i,
    input  wire [15:0]                         araddr_i,
    input  wire                                arvalid_i,
    output wire                                arready_o,
    output wire [31:0]                         rdata_o,
    output wire [1:0]                          rresp_o,
    output wire                                rvalid_o,
    input  wire                                rready_i,
    output wire                                interrupt_o
);
  // Bits of a row of constants that the host loads, for the widest of them.
  localparam WIDER = (BW > CW) ? BW : CW;
  localparam WIDEST = (WIDER > HW) ? ((WIDER > W) ? WIDER : W) : ((HW > W) ? HW : W);
  localparam CB = (LOADABLE == 0) ? 1 : (K * WIDEST > 40) ? K * WIDEST : 40;
  localparam WB = (FORM != 1 || PART_MODES != K) ? K*W+K/2-1 : K*W;
  localparam LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1;
  localparam INPUT_BITS = (INPUT_DEPTH > 1) ? $clog2(INPUT_DEPTH) : 1;
  localparam STATE_BITS = (STATE_DEPTH > 1) ? $clog2(STATE_DEPTH) : 1;
  localparam PASS_TAG = 162;
  localparam TILE_TAG = 83;

  // --- reset: of all by rst_i, of all but the registers and the weights by the host. While it lasts no ready or valid is 1.
  wire soft_reset;
  wire keep_state;
  reg rst_q = 1'b1;         // of the registers
  reg late_rst_q = 1'b1;    // their interrupt is that of a cycle before
  reg rooms_rst_q = 1'b1;   // of the others
  reg keep_state_q;
  always @(posedge clk) begin
    rst_q <= rst_i;
    late_rst_q <= rst_q;
    rooms_rst_q <= rst_i || soft_reset;
    keep_state_q <= keep_state && !rst_i;
  end
  wire s_ready;
  wire m_valid;
  assign s_tready_o = s_ready && !rooms_rst_q;
  assign m_tvalid_o = m_valid && !rooms_rst_q;
  wire interrupt;
  assign interrupt_o = interrupt && !late_rst_q;
  wire frame_last;
  wire sent = m_tvalid_o && m_tready_i && frame_last;   // a frame has left

  wire [INPUT_PORTS-1:0] input_write;
  wire [INPUT_PORTS*LANE_BITS-1:0] input_lane;
  wire [INPUT_PORTS*INPUT_BITS-1:0] input_row;
  wire [INPUT_PORTS*K*SX-1:0] input_data;
  wire [CONTEXTS-1:0] pending;
  wire [CONTEXTS-1:0] bank;
  wire [CONTEXTS-1:0] user;
  wire [CONTEXTS-1:0] take;
  wire [CONTEXTS-1:0] release_bank;
  wire clear_errors;
  wire error_frame;
  wire error_stream;
  wire count_frames;
  wire [ID_BITS-1:0] stream;
  wire [15:0] sequence_frames;
  wire restart_sequences;
  wire dropped;
  wire tile_valid;
  wire tile_first;
  wire [PASS_TAG-1:0] tile_tag;
  wire [READOUT*K*WD-1:0] tile_rows;
  wire room;
  wire reserve;
  wire [FEEDBACK_PORTS-1:0] state_write;
  wire [FEEDBACK_PORTS*LANE_BITS-1:0] state_lane;
  wire [FEEDBACK_PORTS*STATE_BITS-1:0] state_row;
  wire [FEEDBACK_PORTS*K*SX-1:0] state_data;
  wire [FEEDBACK_PORTS-1:0] second_write;
  wire [FEEDBACK_PORTS*LANE_BITS-1:0] second_lane;
  wire [FEEDBACK_PORTS*STATE_BITS-1:0] second_row;
  wire [FEEDBACK_PORTS*K*SX-1:0] second_data;
  wire halt;
  wire [CONTEXTS-1:0] clear_state;
  wire [CONTEXTS-1:0] state_written;
  wire idle;
  wire [CONTEXTS-1:0] parity;
  wire [CONTEXTS-1:0] fresh;
  wire load;
  wire [15:0] load_lane;
  wire [19:0] load_row;
  wire [WB-1:0] load_data;
  wire [CB+36:0] constants;
  wire frame_done;
  wire output_overflow;
  wire queue_overflow;
  wire host_read;
  wire [15:0] host_tile;
  wire [K*HW-1:0] host_vector_read;
  wire [K*CW-1:0] host_cell_read;
  wire host_write_cell;
  wire [K*CW-1:0] host_cell;
  wire host_write_vector;
  wire [TILE_TAG-1:0] host_tag;
  wire [K*HW-1:0] host_vector;
  wire host_write_spectrum;
  wire [K*SX-1:0] host_spectrum;
  wire [K*SX-1:0] host_spectrum_read;

  erngen_accelerator_front #(
      .K(K), .COLUMNS(COLUMNS), .INPUT_PORTS(INPUT_PORTS), .EARLY(EARLY), .CONTEXTS(CONTEXTS), .A(A), .SX(SX), .DROP(DROP),
      .INPUT_MODE(INPUT_MODE), .INPUT_GUARD(INPUT_GUARD), .INPUT_ROWS(INPUT_ROWS), .INPUT_DEPTH(INPUT_DEPTH), .INPUT_SIZE(INPUT_SIZE),
      .ELEMENT_BITS(ELEMENT_BITS), .INPUT_BEAT(INPUT_BEAT), .INPUT_TLAST(INPUT_TLAST), .SEQUENCE_END(SEQUENCE_END),
      .STREAM_SELECT(STREAM_SELECT), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS), .ROTATION(ROTATION), .SMALL(SMALL)
  ) u_front (
      .clk(clk), .rst_i(rooms_rst_q), .tvalid_i(s_tvalid_i), .tready_o(s_ready), .tdata_i(s_tdata_i), .tlast_i(s_tlast_i), .tuser_i(s_tuser_i),
      .tid_i(s_tid_i), .write_o(input_write), .write_lane_o(input_lane), .write_row_o(input_row), .write_data_o(input_data), .pending_o(pending),
      .bank_o(bank), .user_o(user), .take_i(take), .release_i(release_bank), .count_frames_i(count_frames), .stream_i(stream),
      .sequence_frames_i(sequence_frames), .restart_sequences_i(restart_sequences), .dropped_o(dropped),
      .clear_errors_i(clear_errors), .error_frame_o(error_frame), .error_stream_o(error_stream)
  );

  erngen_accelerator_core #(
      .K(K), .STAGES(STAGES), .READOUT(READOUT), .COLUMNS(COLUMNS), .SEAM(SEAM), .PORTS(PORTS), .FEEDBACK_PORTS(FEEDBACK_PORTS),
      .INPUT_PORTS(INPUT_PORTS), .CONTEXTS(CONTEXTS), .ROUNDS(STREAM_SELECT == 2), .FRAMES(FRAMES), .W(W), .SX(SX), .ACC(ACC), .WD(WD),
      .FORM(FORM), .VW(VW), .CORRECTION_ROWS(CORRECTION_ROWS), .CORRECTION_IMAGE(CORRECTION_IMAGE), .CORRECTION_PREFIX(CORRECTION_PREFIX),
      .PART_MODES(PART_MODES), .SECOND_MODES(SECOND_MODES),
      .READOUT_SHIFTS(READOUT_SHIFTS), .READOUT_SHIFT_LIST(READOUT_SHIFT_LIST), .SHORTCUT(SHORTCUT), .SHORTCUT_SHIFTS(SHORTCUT_SHIFTS),
      .SHORTCUT_SHIFT_LIST(SHORTCUT_SHIFT_LIST), .FOLDING(FOLDING), .INPUT_DEPTH(INPUT_DEPTH), .STATE_DEPTH(STATE_DEPTH),
      .STATE_DYNAMIC(STATE_DYNAMIC), .WEIGHT_ROWS(WEIGHT_ROWS), .SEGMENTS(SEGMENTS), .PASSES(PASSES), .QUEUE(QUEUE), .QUEUE_DEPTH(QUEUE_DEPTH),
      .TAIL_CYCLES(TAIL_CYCLES), .FETCH(FETCH), .LANE(LANE), .CHOICE(CHOICE), .ADDITIONS(ADDITIONS), .RECOMBINATION(RECOMBINATION),
      .COLUMN_LATENCY(COLUMN_LATENCY), .SELECT_LATENCY(SELECT_LATENCY), .PROGRAM_IMAGE(PROGRAM_IMAGE),
      .PASS_IMAGE(PASS_IMAGE), .WEIGHT_PREFIX(WEIGHT_PREFIX)
  ) u_core (
      .clk(clk), .rst_i(rooms_rst_q), .keep_state_i(keep_state_q),
      .input_write_i(input_write), .input_lane_i(input_lane), .input_row_i(input_row), .input_data_i(input_data),
      .pending_i(pending), .bank_i(bank), .user_i(user), .take_o(take), .release_o(release_bank), .tile_valid_o(tile_valid),
      .tile_first_o(tile_first), .tile_tag_o(tile_tag), .tile_rows_o(tile_rows), .room_i(room), .reserve_o(reserve), .state_write_i(state_write),
      .state_lane_i(state_lane), .state_row_i(state_row), .state_data_i(state_data), .second_write_i(second_write), .second_lane_i(second_lane),
      .second_row_i(second_row), .second_data_i(second_data), .halt_i(halt), .clear_state_i(clear_state), .state_written_i(state_written),
      .host_read_i(host_read), .host_write_spectrum_i(host_write_spectrum), .host_tag_i(host_tag), .host_spectrum_i(host_spectrum),
      .host_spectrum_o(host_spectrum_read), .clear_errors_i(clear_errors), .overflow_o(queue_overflow),
      .idle_o(idle), .parity_o(parity), .fresh_o(fresh), .load_i(load),
      .load_lane_i(load_lane), .load_row_i(load_row), .load_data_i(load_data)
  );

  erngen_accelerator_back #(
      .K(K), .READOUT(READOUT), .COLUMNS(COLUMNS), .PORTS(PORTS), .FEEDBACK_PORTS(FEEDBACK_PORTS), .OUTPUT_PORTS(OUTPUT_PORTS),
      .CONTEXTS(CONTEXTS), .A(A), .G(G), .HW(HW), .W(W), .P(P), .F_P(F_P), .SX(SX), .WD(WD), .ZW(ZW), .BW(BW), .F_T(F_T), .CW(CW), .F_C(F_C),
      .F_Q(F_Q), .V(V), .LSTM_SHIFTS(LSTM_SHIFTS), .LSTM_SHIFT_LIST(LSTM_SHIFT_LIST), .RESET_SHIFTS(RESET_SHIFTS),
      .RESET_SHIFT_LIST(RESET_SHIFT_LIST), .STATE_SHIFTS(STATE_SHIFTS), .STATE_SHIFT_LIST(STATE_SHIFT_LIST),
      .F_V(F_V), .KREF(KREF), .MAX_GUARD(MAX_GUARD), .DROP(DROP), .PART_MODES(PART_MODES), .STATE_MODES(STATE_MODES),
      .SECOND_MODES(SECOND_MODES), .STATE_GUARDS(STATE_GUARDS), .SECOND_GUARDS(SECOND_GUARDS), .LINEAR_SHIFTS(LINEAR_SHIFTS),
      .LINEAR_SHIFT_LIST(LINEAR_SHIFT_LIST), .GATES(GATES), .HAS_LSTM(HAS_LSTM), .FOLDING(FOLDING), .HAS_GRU_BEFORE(HAS_GRU_BEFORE),
      .HAS_GRU_AFTER(HAS_GRU_AFTER), .HAS_LINEAR(HAS_LINEAR),
      .KEEPS_SUMS(KEEPS_SUMS), .LIMITED(LIMITED), .LOWS(LOWS), .HIGHS(HIGHS), .HAS_NONLINEAR(HAS_NONLINEAR),
      .NONLINEAR_SHIFTS(NONLINEAR_SHIFTS), .NONLINEAR_SHIFT_LIST(NONLINEAR_SHIFT_LIST), .NONLINEAR_TANH(NONLINEAR_TANH),
      .CANDIDATE(CANDIDATE), .OPEN(OPEN),
      .LSTM_CANDIDATES(LSTM_CANDIDATES), .LSTM_CANDIDATE_LOWS(LSTM_CANDIDATE_LOWS), .LSTM_CANDIDATE_HIGHS(LSTM_CANDIDATE_HIGHS),
      .LSTM_OUTPUTS(LSTM_OUTPUTS), .LSTM_OUTPUT_LOWS(LSTM_OUTPUT_LOWS), .LSTM_OUTPUT_HIGHS(LSTM_OUTPUT_HIGHS),
      .STATE_CANDIDATES(STATE_CANDIDATES), .STATE_CANDIDATE_LOWS(STATE_CANDIDATE_LOWS), .STATE_CANDIDATE_HIGHS(STATE_CANDIDATE_HIGHS),
      .ACT_LATENCY(ACT_LATENCY), .SUMS(SUMS), .ACT_DSP(ACT_DSP),
      .PRODUCT_DSP(PRODUCT_DSP), .SIGMOID(SIGMOID), .TANH(TANH), .STATE_DEPTH(STATE_DEPTH), .STATE_DYNAMIC(STATE_DYNAMIC), .TILES(TILES),
      .BIAS_ROWS(BIAS_ROWS), .FIRST_BIAS(FIRST_BIAS), .PARTIAL_ROWS(PARTIAL_ROWS), .PEEPHOLE_ROWS(PEEPHOLE_ROWS),
      .INITIAL_CELL_ROWS(INITIAL_CELL_ROWS), .INITIAL_STATE_ROWS(INITIAL_STATE_ROWS), .INITIAL_PREFIX(INITIAL_PREFIX),
      .INVERSE_LATENCY(INVERSE_LATENCY), .ADDEND(ADDEND),
      .OUTPUT_SIZE(OUTPUT_SIZE), .ELEMENT_BITS(ELEMENT_BITS), .OUTPUT_BEAT(OUTPUT_BEAT), .OUTPUT_CAPACITY(OUTPUT_CAPACITY),
      .OUTPUT_SEQUENCES(OUTPUT_SEQUENCES), .OUTPUT_ENDS(OUTPUT_ENDS), .TWIDDLES(TWIDDLES),
      .ADDERS(ADDERS), .ROTATION(ROTATION), .SMALL(SMALL),
      .BIAS_PREFIX(BIAS_PREFIX), .PEEPHOLE_PREFIX(PEEPHOLE_PREFIX), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH_IMAGE(TANH_IMAGE),
      .LOADABLE(LOADABLE), .CB(CB)
  ) u_back (
      .clk(clk), .rst_i(rooms_rst_q), .load_i(constants), .tile_valid_i(tile_valid), .tile_first_i(tile_first), .tile_tag_i(tile_tag),
      .tile_rows_i(tile_rows),
      .room_o(room), .reserve_i(reserve), .state_write_o(state_write), .state_lane_o(state_lane), .state_row_o(state_row),
      .state_data_o(state_data), .second_write_o(second_write), .second_lane_o(second_lane), .second_row_o(second_row),
      .second_data_o(second_data), .tvalid_o(m_valid), .tready_i(m_tready_i), .tdata_o(m_tdata_o), .tkeep_o(m_tkeep_o),
      .tlast_o(m_tlast_o), .frame_last_o(frame_last), .tuser_o(m_tuser_o),
      .tid_o(m_tid_o), .frame_done_o(frame_done), .clear_errors_i(clear_errors), .overflow_o(output_overflow),
      .host_read_i(host_read), .host_tile_i(host_tile),
      .host_vector_o(host_vector_read), .host_cell_o(host_cell_read), .host_write_cell_i(host_write_cell), .host_cell_i(host_cell),
      .host_write_vector_i(host_write_vector), .host_tag_i(host_tag), .host_vector_i(host_vector)
  );

  erngen_accelerator_host #(
      .K(K), .STAGES(STAGES), .READOUT(READOUT), .COLUMNS(COLUMNS), .CONTEXTS(CONTEXTS), .HW(HW), .W(W), .WB(WB), .LOADABLE(LOADABLE),
      .CB(CB), .CW(CW), .SX(SX),
      .SHORTCUT(SHORTCUT), .STREAM_REGISTER(STREAM_SELECT == 1), .SEQUENCE_REGISTER(SEQUENCE_END == 2), .VERSION(VERSION),
      .CONFIGURATION(CONFIGURATION)
  ) u_host (
      .clk(clk), .rst_i(rst_q), .awaddr_i(awaddr_i), .awvalid_i(awvalid_i), .awready_o(awready_o), .wdata_i(wdata_i), .wstrb_i(wstrb_i),
      .wvalid_i(wvalid_i), .wready_o(wready_o), .bresp_o(bresp_o), .bvalid_o(bvalid_o), .bready_i(bready_i), .araddr_i(araddr_i),
      .arvalid_i(arvalid_i), .arready_o(arready_o), .rdata_o(rdata_o), .rresp_o(rresp_o), .rvalid_o(rvalid_o), .rready_i(rready_i),
      .soft_reset_o(soft_reset), .keep_state_o(keep_state), .interrupt_o(interrupt),
      .count_frames_o(count_frames), .stream_o(stream), .sequence_frames_o(sequence_frames), .restart_sequences_o(restart_sequences),
      .dropped_i(dropped), .error_frame_i(error_frame), .error_stream_i(error_stream),
      .error_queue_i(queue_overflow), .clear_errors_o(clear_errors), .halt_o(halt), .clear_state_o(clear_state),
      .state_written_o(state_written), .idle_i(idle), .parity_i(parity), .fresh_i(fresh), .load_o(load),
      .load_lane_o(load_lane), .load_row_o(load_row), .load_data_o(load_data), .constants_o(constants), .frame_done_i(frame_done),
      .frame_sent_i(sent),
      .sequence_sent_i(sent && m_tuser_o), .error_overflow_i(output_overflow), .host_read_o(host_read), .host_tile_o(host_tile),
      .host_vector_i(host_vector_read), .host_cell_i(host_cell_read), .host_write_cell_o(host_write_cell), .host_cell_o(host_cell),
      .host_write_vector_o(host_write_vector), .host_tag_o(host_tag), .host_vector_o(host_vector),
      .host_spectrum_i(host_spectrum_read), .host_write_spectrum_o(host_write_spectrum), .host_spectrum_o(host_spectrum)
  );
endmodule

`default_nettype wire
