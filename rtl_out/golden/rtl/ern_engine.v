// ern_engine: the statically scheduled spectral engine, from stream to stream.
//
// Purpose:    Connects the parts in the order of the data: stream in, input store, sources, array, readout, sums, cells,
//             feedback and stream out; beside them the sequencer, which runs the pass program, and the registers.
// Parameters: numbers from the plan; all are checked where they are used. Formats: docs/arithmetic.md. Images: names
//             relative to the working directory of the tool; "" leaves a memory without an image.
// Latency:    the plan's.
// Rounding:   docs/arithmetic.md.
// Overflow:   docs/arithmetic.md.
`default_nettype none

module ern_engine #(
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
    // formats
    parameter         A               = 12,
    parameter         G               = 12,
    parameter         HW              = 12,
    parameter         W               = 12,
    parameter         P               = 14,
    parameter         F_P             = 10,
    parameter         SX              = 16,
    parameter         ACC             = 36,
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
    parameter         CANDIDATE       = 1,
    parameter         ACT_LATENCY     = 3,
    parameter         ACT_DSP         = 0,
    parameter         PRODUCT_DSP     = 1,
    parameter [319:0] SIGMOID         = {32'd0, 32'd2047, 32'd4, 32'd6, 32'd6, 32'd15, 32'd6, 32'd13, 32'd1, 32'd0},
    parameter [319:0] TANH            = {-32'd2047, 32'd2047, 32'd2, 32'd4, 32'd6, 32'd13, 32'd7, 32'd12, 32'd1, 32'd1},
    // memories
    parameter         INPUT_ROWS      = 1,
    parameter         INPUT_DEPTH     = 2,
    parameter         STATE_DEPTH     = 2,
    parameter         STATE_DYNAMIC   = 1,
    parameter         TILES           = 1,
    parameter         BIAS_ROWS       = 1,
    parameter         PARTIAL_ROWS    = 0,
    parameter         PEEPHOLE_ROWS   = 0,
    parameter         WEIGHT_ROWS     = 1,
    // program
    parameter         SEGMENTS        = 1,
    parameter         PASSES          = 1,
    parameter         QUEUE           = 0,
    parameter         QUEUE_DEPTH     = 2,
    parameter         TAIL_CYCLES     = 256,
    // latencies of the parts
    parameter         COLUMN_LATENCY  = 1,
    parameter         SELECT_LATENCY  = 1,
    parameter         INVERSE_LATENCY = 6,
    // streams
    parameter         INPUT_SIZE      = 8,
    parameter         OUTPUT_SIZE     = 8,
    parameter         ELEMENT_BITS    = 16,
    parameter         INPUT_BEAT      = 8,
    parameter         OUTPUT_BEAT     = 8,
    parameter         OUTPUT_CAPACITY = 16,
    // constants and images
    parameter [31:0]  VERSION         = 32'h00000100,
    parameter [31:0]  CONFIGURATION   = 32'h0,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    parameter         PROGRAM_IMAGE   = "",
    parameter         PASS_IMAGE      = "",
    parameter         WEIGHT_PREFIX   = "",
    parameter         BIAS_PREFIX     = "",
    parameter         PEEPHOLE_PREFIX = "",
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
    input  wire                                rready_i
);
  localparam XB = 2*SX+(K/2-1)*(3*SX+1);
  localparam WB = K*W+K/2-1;
  localparam AB = (3*K/2-1)*ACC;
  localparam ROTATE_BITS = $clog2(K);
  localparam LANE_BITS = (COLUMNS > 1) ? $clog2(COLUMNS) : 1;
  localparam INPUT_BITS = (INPUT_DEPTH > 1) ? $clog2(INPUT_DEPTH) : 1;
  localparam STATE_BITS = (STATE_DEPTH > 1) ? $clog2(STATE_DEPTH) : 1;
  localparam PASS_BITS = (PASSES > 1) ? $clog2(PASSES) : 1;
  localparam INPUT_BLOCKS = (INPUT_SIZE + INPUT_PORTS * K - 1) / (INPUT_PORTS * K);   // of INPUT_PORTS * K elements
  localparam LAST_BLOCKS = (INPUT_SIZE + K - 1) / K - (INPUT_BLOCKS - 1) * INPUT_PORTS;
  localparam INDEX_BITS = (INPUT_BLOCKS > 1) ? $clog2(INPUT_BLOCKS) : 1;
  localparam SECOND = (SECOND_MODES != 0) ? 1 : 0;
  localparam SHORTCUT_WRITES = (SHORTCUT != 0) ? READOUT : 0;
  localparam STATE_WRITES = FEEDBACK_PORTS + SHORTCUT_WRITES;
  localparam PASS_WORD = 158;
  localparam PASS_TAG = 162;
  localparam TILE_TAG = 83;
  localparam FRAME_FLAGS = 4;
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam TILE_OUTPUT = 3;                                           // of the output stream
  localparam TILE_LAST = 30;                                            // it is the phase's last tile
  localparam TILE_CONTEXT = 71;                                         // whose frame it is
  localparam TILE_VALID = 79;                                           // there is a frame
  localparam TILE_END = 82;                                             // it ends its sequence
  // --- end of the fields

  // --- stream in
  wire clear_errors;
  wire error_frame;
  wire error_stream;
  wire in_valid;
  wire in_ready;
  wire [INPUT_PORTS*K*A-1:0] in_data;
  wire [INDEX_BITS-1:0] in_index;
  wire in_last;
  wire in_user;
  wire [ID_BITS-1:0] in_stream;
  ern_axis_in #(
      .K(INPUT_PORTS * K), .A(A), .ELEMENT_BITS(ELEMENT_BITS), .BEAT(INPUT_BEAT), .SIZE(INPUT_SIZE), .STREAMS(CONTEXTS)
  ) u_in (
      .clk(clk), .rst_i(rst_i), .tvalid_i(s_tvalid_i), .tready_o(s_tready_o), .tdata_i(s_tdata_i), .tlast_i(s_tlast_i),
      .tuser_i(s_tuser_i), .tid_i(s_tid_i), .block_valid_o(in_valid), .block_ready_i(in_ready), .block_data_o(in_data),
      .block_index_o(in_index), .block_last_o(in_last), .block_user_o(in_user), .block_stream_o(in_stream),
      .clear_errors_i(clear_errors), .error_frame_o(error_frame), .error_stream_o(error_stream)
  );

  wire [INPUT_PORTS-1:0] input_write;
  wire [INPUT_PORTS*LANE_BITS-1:0] input_lane;
  wire [INPUT_PORTS*INPUT_BITS-1:0] input_row;
  wire [INPUT_PORTS*K*SX-1:0] input_data;
  wire [CONTEXTS-1:0] pending;
  wire [CONTEXTS-1:0] bank;
  wire [CONTEXTS-1:0] user;
  wire [CONTEXTS-1:0] take;
  wire [CONTEXTS-1:0] release_bank;
  ern_input_store #(
      .K(K), .A(A), .SX(SX), .MODE(INPUT_MODE), .GUARD(INPUT_GUARD), .DROP(DROP), .COLUMNS(COLUMNS), .CONTEXTS(CONTEXTS),
      .ROWS(INPUT_ROWS), .DEPTH(INPUT_DEPTH), .INDEX_BITS(INDEX_BITS), .PORTS(INPUT_PORTS), .LAST_BLOCKS(LAST_BLOCKS),
      .EARLY(EARLY), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS)
  ) u_store (
      .clk(clk), .rst_i(rst_i), .block_valid_i(in_valid), .block_ready_o(in_ready), .block_data_i(in_data),
      .block_index_i(in_index), .block_last_i(in_last), .block_user_i(in_user), .block_stream_i(in_stream),
      .write_o(input_write), .write_lane_o(input_lane), .write_row_o(input_row), .write_data_o(input_data),
      .pending_o(pending), .bank_o(bank), .user_o(user), .take_i(take), .release_i(release_bank)
  );

  // --- sequencer
  wire room;
  wire reserve;
  wire halt;
  wire hold;   // admits nothing: halted, or what the host wrote is on its way to the memories
  wire [CONTEXTS-1:0] clear_state;
  wire [CONTEXTS-1:0] state_written;
  wire step;
  wire [1:0] source;
  wire [15:0] row;
  wire row_bank;
  wire [7:0] seam;
  wire [15:0] step_input_row;
  wire input_bank;
  wire [2:0] mode;
  wire [ROTATE_BITS-1:0] rotate;
  wire zero;
  wire [19:0] weight;
  wire clear;
  wire [7:0] readout;
  wire [11:0] pass;
  wire [FRAME_FLAGS-1:0] frame_flags;
  wire active;
  wire [CONTEXTS-1:0] parity;
  ern_sequencer #(.K(K), .LENGTH(SEGMENTS), .CONTEXTS(CONTEXTS), .FILE(PROGRAM_IMAGE)) u_sequencer (
      .clk(clk), .rst_i(rst_i), .halt_i(hold), .clear_state_i(clear_state), .state_written_i(state_written),
      .pending_i(pending), .bank_i(bank), .user_i(user), .take_o(take), .release_o(release_bank), .room_i(room),
      .reserve_o(reserve), .step_o(step), .source_o(source), .row_o(row), .bank_o(row_bank), .seam_o(seam),
      .input_row_o(step_input_row), .input_bank_o(input_bank), .mode_o(mode),
      .rotate_o(rotate), .zero_o(zero), .weight_o(weight), .clear_o(clear), .readout_o(readout), .pass_o(pass),
      .frame_o(frame_flags), .active_o(active), .parity_o(parity)
  );

  reg [15:0] tail_q;   // cycles in which something of the last run may be in flight
  localparam [31:0] TAIL = TAIL_CYCLES;
  reg quiet_q;         // it is zero
  always @(posedge clk)
    if (rst_i) begin
      tail_q <= 16'd0;
      quiet_q <= 1'b1;
    end else if (active) begin
      tail_q <= TAIL[15:0];
      quiet_q <= TAIL[15:0] == 16'd0;
    end else if (!quiet_q) begin
      tail_q <= tail_q - 16'd1;
      quiet_q <= tail_q == 16'd1;
    end
  wire idle = !active && quiet_q;

  // --- operands
  wire [STATE_WRITES-1:0] state_write;
  wire [STATE_WRITES*LANE_BITS-1:0] state_lane;
  wire [STATE_WRITES*STATE_BITS-1:0] state_row;
  wire [STATE_WRITES*K*SX-1:0] state_data;
  wire [FEEDBACK_PORTS-1:0] second_write;
  wire [FEEDBACK_PORTS*LANE_BITS-1:0] second_lane;
  wire [FEEDBACK_PORTS*STATE_BITS-1:0] second_row;
  wire [FEEDBACK_PORTS*K*SX-1:0] second_data;
  wire [COLUMNS*XB-1:0] operands;
  ern_source #(
      .K(K), .SX(SX), .COLUMNS(COLUMNS), .SEAM(SEAM), .INPUT_DEPTH(INPUT_DEPTH), .STATE_DEPTH(STATE_DEPTH),
      .STATE_DYNAMIC(STATE_DYNAMIC), .SECOND(SECOND), .MODES(PART_MODES), .INPUT_WRITES(INPUT_PORTS),
      .STATE_WRITES(STATE_WRITES), .SECOND_WRITES(FEEDBACK_PORTS)
  ) u_source (
      .clk(clk), .step_i(step), .source_i(source), .row_i(row), .bank_i(row_bank), .seam_i(seam),
      .step_input_row_i(step_input_row), .step_input_bank_i(input_bank), .mode_i(mode), .rotate_i(rotate),
      .zero_i(zero), .x_o(operands), .input_write_i(input_write), .input_lane_i(input_lane), .input_row_i(input_row),
      .input_data_i(input_data), .state_write_i(state_write), .state_lane_i(state_lane), .state_row_i(state_row),
      .state_data_i(state_data), .second_write_i(second_write), .second_lane_i(second_lane), .second_row_i(second_row),
      .second_data_i(second_data)
  );

  // --- array: operands arrive 3 + COLUMN_LATENCY cycles after the step, the weight row 2 cycles before them
  wire [19:0] array_weight;
  wire array_clear;
  wire [7:0] array_readout;
  ern_delay #(.WIDTH(20), .DEPTH(COLUMN_LATENCY + 1)) u_weight (.clk(clk), .data_i(weight), .data_o(array_weight));
  ern_valid_delay #(.WIDTH(9), .DEPTH(COLUMN_LATENCY + 3)) u_step (
      .clk(clk), .rst_i(rst_i), .data_i({clear && step, readout}), .data_o({array_clear, array_readout})
  );
  wire load;
  wire [15:0] load_lane;
  wire [19:0] load_row;
  wire [WB-1:0] load_data;
  wire [READOUT*AB-1:0] rows;
  ern_array #(
      .K(K), .SX(SX), .W(W), .ACC(ACC), .STAGES(STAGES), .READOUT(READOUT), .COLUMNS(COLUMNS), .DEPTH(WEIGHT_ROWS),
      .PREFIX(WEIGHT_PREFIX)
  ) u_array (
      .clk(clk), .rst_i(rst_i), .x_i(operands), .clear_i(array_clear), .readout_i(array_readout), .weight_i(array_weight),
      .load_i(load), .load_lane_i(load_lane), .load_row_i(load_row), .load_data_i(load_data), .rows_o(rows)
  );

  // --- the pass that is read out: its descriptor meets the first finished stage, 5 cycles after the operands
  wire [11:0] readout_pass;
  wire [FRAME_FLAGS-1:0] readout_flags;
  wire [7:0] readout_stages;
  wire [PASS_WORD-1:0] descriptor;
  ern_delay #(.WIDTH(12), .DEPTH(COLUMN_LATENCY + 6)) u_pass (.clk(clk), .data_i(pass), .data_o(readout_pass));
  ern_delay #(.WIDTH(FRAME_FLAGS), .DEPTH(COLUMN_LATENCY + 8)) u_frame (.clk(clk), .data_i(frame_flags), .data_o(readout_flags));
  ern_valid_delay #(.WIDTH(8), .DEPTH(5)) u_stages (
      .clk(clk), .rst_i(rst_i), .data_i(array_readout), .data_o(readout_stages)
  );
  ern_rom #(.WIDTH(PASS_WORD), .DEPTH(PASSES), .FILE(PASS_IMAGE)) u_passes (
      .clk(clk), .address_i(readout_pass[PASS_BITS-1:0]), .data_o(descriptor)
  );

  wire read_out;
  wire readout_first;
  wire [PASS_TAG-1:0] readout_tag;
  wire tile_valid;
  wire tile_first;
  wire [PASS_TAG-1:0] tile_pass;
  wire [READOUT*K*WD-1:0] tile_rows;
  ern_readout #(
      .K(K), .MODES(PART_MODES), .ACC(ACC), .WD(WD), .SHIFTS(READOUT_SHIFTS), .SHIFT_LIST(READOUT_SHIFT_LIST), .READOUT(READOUT),
      .SELECT_LATENCY(SELECT_LATENCY), .PORTS(PORTS), .QUEUE(QUEUE), .QUEUE_DEPTH(QUEUE_DEPTH),
      .FOLDING(FOLDING)
  ) u_readout (
      .clk(clk), .rst_i(rst_i), .stages_i(readout_stages), .tag_i({readout_flags, descriptor}), .rows_i(rows),
      .selected_o(read_out), .selected_first_o(readout_first), .selected_tag_o(readout_tag),
      .valid_o(tile_valid), .first_o(tile_first), .tag_o(tile_pass), .rows_o(tile_rows)
  );
  generate
    if (SHORTCUT != 0) begin : g_shortcut
      ern_shortcut #(
          .K(K), .MODES(PART_MODES), .ACC(ACC), .SX(SX), .SHIFTS(SHORTCUT_SHIFTS), .SHIFT_LIST(SHORTCUT_SHIFT_LIST), .READOUT(READOUT),
          .COLUMNS(COLUMNS), .DEPTH(STATE_DEPTH), .DYNAMIC(STATE_DYNAMIC)
      ) u_shortcut (
          .clk(clk), .rst_i(rst_i), .valid_i(read_out), .first_i(readout_first), .tag_i(readout_tag), .rows_i(rows),
          .write_o(state_write[FEEDBACK_PORTS+:READOUT]), .write_lane_o(state_lane[FEEDBACK_PORTS*LANE_BITS+:READOUT*LANE_BITS]),
          .write_row_o(state_row[FEEDBACK_PORTS*STATE_BITS+:READOUT*STATE_BITS]),
          .write_data_o(state_data[FEEDBACK_PORTS*K*SX+:READOUT*K*SX])
      );
    end else begin : g_no_shortcut
      wire unused = &{1'b0, read_out, readout_first, readout_tag};
    end
  endgenerate

  // --- sums and cells
  wire [15:0] state_tile;
  wire [15:0] peephole_row;
  wire [PORTS-1:0] cell_valid;
  wire [PORTS*TILE_TAG-1:0] cell_tag;
  wire [GATES*K*ZW-1:0] z;
  ern_sum #(
      .K(K), .MODES(PART_MODES), .KREF(KREF), .WD(WD), .ZW(ZW), .BW(BW), .READOUT(READOUT), .GATES(GATES), .COLUMNS(COLUMNS),
      .PORTS(PORTS), .BIAS_ROWS(BIAS_ROWS), .PARTIAL_ROWS(PARTIAL_ROWS), .INVERSE_LATENCY(INVERSE_LATENCY), .PREFIX(BIAS_PREFIX),
      .TWIDDLES(TWIDDLES), .ADDERS(ADDERS)
  ) u_sum (
      .clk(clk), .rst_i(rst_i), .valid_i(tile_valid), .first_i(tile_first), .tag_i(tile_pass), .rows_i(tile_rows),
      .state_tile_o(state_tile), .peephole_row_o(peephole_row), .tile_valid_o(cell_valid), .tile_tag_o(cell_tag), .z_o(z)
  );

  wire [PORTS-1:0] block_valid;
  wire [PORTS*TILE_TAG-1:0] block_tag;
  wire [PORTS*K*A-1:0] block_data;
  wire host_read;
  wire [15:0] host_tile;
  wire [K*HW-1:0] host_vector_read;
  wire [K*CW-1:0] host_cell_read;
  wire host_write_cell;
  wire [K*CW-1:0] host_cell;
  wire host_write_vector;
  wire [TILE_TAG-1:0] host_tag;
  wire [K*HW-1:0] host_vector;
  ern_cells #(
      .K(K), .A(A), .G(G), .HW(HW), .P(P), .F_P(F_P), .ZW(ZW), .F_T(F_T), .CW(CW), .F_C(F_C), .W(W), .F_Q(F_Q), .V(V), .F_V(F_V),
      .LSTM_SHIFTS(LSTM_SHIFTS), .LSTM_SHIFT_LIST(LSTM_SHIFT_LIST), .RESET_SHIFTS(RESET_SHIFTS), .RESET_SHIFT_LIST(RESET_SHIFT_LIST),
      .STATE_SHIFTS(STATE_SHIFTS), .STATE_SHIFT_LIST(STATE_SHIFT_LIST), .GATES(GATES), .PORTS(PORTS),
      .TILES(TILES), .HAS_LSTM(HAS_LSTM), .FOLDING(FOLDING), .HAS_GRU_BEFORE(HAS_GRU_BEFORE), .HAS_GRU_AFTER(HAS_GRU_AFTER),
      .HAS_LINEAR(HAS_LINEAR), .CANDIDATE(CANDIDATE), .PEEPHOLE_ROWS(PEEPHOLE_ROWS), .PEEPHOLE_PREFIX(PEEPHOLE_PREFIX),
      .SHIFT_COUNT(LINEAR_SHIFTS), .SHIFTS(LINEAR_SHIFT_LIST), .ACT_LATENCY(ACT_LATENCY), .ACT_DSP(ACT_DSP), .PRODUCT_DSP(PRODUCT_DSP),
      .SIGMOID(SIGMOID), .SIGMOID_IMAGE(SIGMOID_IMAGE), .TANH(TANH), .TANH_IMAGE(TANH_IMAGE)
  ) u_cells (
      .clk(clk), .rst_i(rst_i), .state_tile_i(state_tile), .peephole_row_i(peephole_row), .tile_valid_i(cell_valid),
      .tile_tag_i(cell_tag), .z_i(z), .block_valid_o(block_valid), .block_tag_o(block_tag), .block_data_o(block_data),
      .host_read_i(host_read), .host_tile_i(host_tile), .host_vector_o(host_vector_read), .host_cell_o(host_cell_read),
      .host_write_cell_i(host_write_cell), .host_cell_i(host_cell), .host_write_vector_i(host_write_vector),
      .host_tag_i(host_tag), .host_vector_i(host_vector)
  );

  // A block that the host writes passes the longest transform (15 cycles) before a frame may read it.
  reg [4:0] settle_q;
  reg settling_q;   // it is not zero
  always @(posedge clk)
    if (rst_i) begin
      settle_q <= 5'd0;
      settling_q <= 1'b0;
    end else if (host_write_vector) begin
      settle_q <= 5'd31;
      settling_q <= 1'b1;
    end else if (settling_q) begin
      settle_q <= settle_q - 5'd1;
      settling_q <= settle_q != 5'd1;
    end
  assign hold = halt || settling_q;

  // --- feedback
  genvar p;
  generate
    for (p = 0; p < FEEDBACK_PORTS; p = p + 1) begin : g_feedback
      ern_feedback #(
          .K(K), .A(A), .SX(SX), .MODES(STATE_MODES), .GUARDS(STATE_GUARDS), .MAX_GUARD(MAX_GUARD), .DROP(DROP),
          .COLUMNS(COLUMNS), .DEPTH(STATE_DEPTH), .DYNAMIC(STATE_DYNAMIC), .SECOND(0), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS)
      ) u_feedback (
          .clk(clk), .rst_i(rst_i), .valid_i(block_valid[p]), .tag_i(block_tag[p*TILE_TAG+:TILE_TAG]), .data_i(block_data[p*K*A+:K*A]),
          .write_o(state_write[p]), .write_lane_o(state_lane[p*LANE_BITS+:LANE_BITS]),
          .write_row_o(state_row[p*STATE_BITS+:STATE_BITS]), .write_data_o(state_data[p*K*SX+:K*SX])
      );
      if (SECOND != 0) begin : g_second
        ern_feedback #(
            .K(K), .A(A), .SX(SX), .MODES(SECOND_MODES), .GUARDS(SECOND_GUARDS), .MAX_GUARD(MAX_GUARD), .DROP(DROP),
            .COLUMNS(COLUMNS), .DEPTH(STATE_DEPTH), .DYNAMIC(STATE_DYNAMIC), .SECOND(1), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS)
        ) u_feedback (
            .clk(clk), .rst_i(rst_i), .valid_i(block_valid[p]), .tag_i(block_tag[p*TILE_TAG+:TILE_TAG]), .data_i(block_data[p*K*A+:K*A]),
            .write_o(second_write[p]), .write_lane_o(second_lane[p*LANE_BITS+:LANE_BITS]),
            .write_row_o(second_row[p*STATE_BITS+:STATE_BITS]), .write_data_o(second_data[p*K*SX+:K*SX])
        );
      end
    end
    if (SECOND == 0) begin : g_no_second
      assign second_write = {FEEDBACK_PORTS{1'b0}};
      assign second_lane = {FEEDBACK_PORTS * LANE_BITS{1'b0}};
      assign second_row = {FEEDBACK_PORTS * STATE_BITS{1'b0}};
      assign second_data = {FEEDBACK_PORTS * K * SX{1'b0}};
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
  wire error_overflow;
  wire [$clog2(OUTPUT_CAPACITY+1)-1:0] blocks_free;
  ern_axis_out #(
      .K(OUTPUT_PORTS * K), .A(A), .ELEMENT_BITS(ELEMENT_BITS), .BEAT(OUTPUT_BEAT), .SIZE(OUTPUT_SIZE), .STREAMS(CONTEXTS),
      .CAPACITY(OUTPUT_CAPACITY)
  ) u_out (
      .clk(clk), .rst_i(rst_i), .block_valid_i(out_valid), .block_data_i(block_data[OUTPUT_PORTS*K*A-1:0]), .block_last_i(out_last),
      .block_user_i(block_tag[TILE_END]), .block_stream_i(block_tag[TILE_CONTEXT+:ID_BITS]), .room_o(room), .reserve_i(reserve),
      .blocks_free_o(blocks_free), .overflow_o(error_overflow), .tvalid_o(m_tvalid_o), .tready_i(m_tready_i), .tdata_o(m_tdata_o),
      .tlast_o(m_tlast_o), .tuser_o(m_tuser_o), .tid_o(m_tid_o)
  );

  // --- registers
  wire wr_valid;
  wire [15:0] wr_addr;
  wire [31:0] wr_data;
  wire [3:0] wr_strb;
  wire rd_valid;
  wire [15:0] rd_addr;
  wire [31:0] rd_data;
  wire bus_error;
  ern_axil #(.ADDRESS_BITS(16), .READ_LATENCY(4)) u_axil (
      .clk(clk), .rst_i(rst_i), .awaddr_i(awaddr_i), .awvalid_i(awvalid_i), .awready_o(awready_o), .wdata_i(wdata_i),
      .wstrb_i(wstrb_i), .wvalid_i(wvalid_i), .wready_o(wready_o), .bresp_o(bresp_o), .bvalid_o(bvalid_o),
      .bready_i(bready_i), .araddr_i(araddr_i), .arvalid_i(arvalid_i), .arready_o(arready_o), .rdata_o(rdata_o),
      .rresp_o(rresp_o), .rvalid_o(rvalid_o), .rready_i(rready_i), .busy_i(1'b0), .wr_valid_o(wr_valid),
      .wr_addr_o(wr_addr), .wr_data_o(wr_data), .wr_strb_o(wr_strb), .rd_valid_o(rd_valid), .rd_addr_o(rd_addr),
      .rd_data_i(rd_data), .error_i(bus_error)
  );
  localparam [31:0] SHAPE_K = K;
  localparam [31:0] SHAPE_R = STAGES * READOUT;
  localparam [31:0] SHAPE_C = COLUMNS;
  localparam [31:0] SHAPE_S = CONTEXTS;
  ern_control #(
      .K(K), .HW(HW), .CW(CW), .WB(WB), .CONTEXTS(CONTEXTS), .VERSION(VERSION), .CONFIGURATION(CONFIGURATION),
      .SHAPE({SHAPE_S[7:0], SHAPE_C[7:0], SHAPE_R[7:0], SHAPE_K[7:0]})
  ) u_control (
      .clk(clk), .rst_i(rst_i), .wr_valid_i(wr_valid), .wr_addr_i(wr_addr), .wr_data_i(wr_data), .rd_valid_i(rd_valid),
      .rd_addr_i(rd_addr), .rd_data_o(rd_data), .error_o(bus_error), .idle_i(idle),
      .frame_done_i(out_valid && out_last), .error_frame_i(error_frame), .error_stream_i(error_stream),
      .error_overflow_i(error_overflow), .clear_errors_o(clear_errors), .halt_o(halt), .parity_i(parity),
      .clear_state_o(clear_state), .state_written_o(state_written), .host_read_o(host_read), .host_tile_o(host_tile),
      .host_vector_i(host_vector_read), .host_cell_i(host_cell_read), .host_write_cell_o(host_write_cell),
      .host_cell_o(host_cell), .host_write_vector_o(host_write_vector), .host_tag_o(host_tag),
      .host_vector_o(host_vector), .load_o(load), .load_lane_o(load_lane), .load_row_o(load_row), .load_data_o(load_data)
  );
  wire unused = &{1'b0, wr_strb, readout_pass, block_tag, block_data, block_valid, blocks_free};
endmodule

`default_nettype wire
