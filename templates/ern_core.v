// ern_core: the engine's array with the program that runs it.
//
// Purpose:    Admits frames, reads spectra, multiplies them with the weights, and hands out rows of sums as tiles.
// Parameters: those of ern_engine that it uses.
// Latency:    the plan's.
// Rounding:   docs/reference/arithmetic.md.
// Overflow:   docs/reference/arithmetic.md.
`default_nettype none

module ern_core #(
    parameter         K               = 8,
    parameter         STAGES          = 2,
    parameter         READOUT         = 1,
    parameter         COLUMNS         = 1,
    parameter         SEAM            = 0,   // some steps serve the end of the input and the beginning of another vector
    parameter         PORTS           = 1,   // tiles of one gate that leave together
    parameter         FEEDBACK_PORTS  = 1,   // of them, those that a matrix reads
    parameter         INPUT_PORTS     = 1,   // blocks of the input that enter together
    parameter         CONTEXTS        = 1,
    parameter         FRAMES          = 1,   // of a stream in a run
    parameter         ROUNDS          = 0,   // frames are admitted one of each context at a time
    parameter         W               = 12,
    parameter         SX              = 16,
    parameter         ACC             = 36,
    parameter         FORM            = 0,   // of the lanes: 0 ern_lane, 1 ern_lane_bins, 2 ern_lane_blocks
    parameter         VW              = 30,  // bits of ern_correction's constants
    parameter         CORRECTION_ROWS = 1,
    parameter         WD              = 20,
    parameter         PART_MODES      = 8,
    parameter         SECOND_MODES    = 0,
    parameter         READOUT_SHIFTS  = 1,
    parameter [8*READOUT_SHIFTS-1:0] READOUT_SHIFT_LIST = {READOUT_SHIFTS{8'd8}},
    parameter         SHORTCUT        = 0,   // some vectors take their spectra from the sums
    parameter         SHORTCUT_SHIFTS = 1,
    parameter [8*SHORTCUT_SHIFTS-1:0] SHORTCUT_SHIFT_LIST = {SHORTCUT_SHIFTS{8'd8}},
    parameter         FOLDING         = 1,
    parameter         INPUT_DEPTH     = 2,
    parameter         STATE_DEPTH     = 2,
    parameter         STATE_DYNAMIC   = 1,
    parameter         WEIGHT_ROWS     = 1,
    parameter         SEGMENTS        = 1,
    parameter         PASSES          = 1,
    parameter         QUEUE           = 0,
    parameter         QUEUE_DEPTH     = 2,
    parameter         TAIL_CYCLES     = 256,
    parameter         FETCH           = 3,   // cycles from a step to its operands' row: that of ern_source
    parameter         LANE            = 4,   // CYCLES of ern_lane
    parameter         CHOICE          = 4,   // of ern_readout_mux
    parameter         ADDITIONS       = 1,   // of ern_adder_tree
    parameter         RECOMBINATION   = 3,   // CYCLES of ern_recombine
    parameter         COLUMN_LATENCY  = 1,
    parameter         SELECT_LATENCY  = 1,
    parameter         PROGRAM_IMAGE   = "",
    parameter         PASS_IMAGE      = "",
    parameter         WEIGHT_PREFIX   = "",
    parameter         CORRECTION_IMAGE = "",
    parameter         CORRECTION_PREFIX = "",
    // Derived, not to be set.
    parameter         WB              = (FORM != 1 || PART_MODES != K) ? K*W+K/2-1 : K*W,
    parameter         LANE_BITS       = (COLUMNS > 1) ? $clog2(COLUMNS) : 1,
    parameter         INPUT_BITS      = (INPUT_DEPTH > 1) ? $clog2(INPUT_DEPTH) : 1,
    parameter         STATE_BITS      = (STATE_DEPTH > 1) ? $clog2(STATE_DEPTH) : 1,
    parameter         PASS_TAG        = 162,
    parameter         TILE_TAG        = 83
) (
    input  wire                                 clk,
    input  wire                                 rst_i,
    input  wire                                 keep_state_i,   // with rst_i
    // from the front
    input  wire [              INPUT_PORTS-1:0] input_write_i,
    input  wire [    INPUT_PORTS*LANE_BITS-1:0] input_lane_i,
    input  wire [   INPUT_PORTS*INPUT_BITS-1:0] input_row_i,
    input  wire [         INPUT_PORTS*K*SX-1:0] input_data_i,
    input  wire [                 CONTEXTS-1:0] pending_i,
    input  wire [                 CONTEXTS-1:0] bank_i,
    input  wire [                 CONTEXTS-1:0] user_i,
    output wire [                 CONTEXTS-1:0] take_o,
    output wire [                 CONTEXTS-1:0] release_o,
    // to the back
    output wire                                 tile_valid_o,
    output wire                                 tile_first_o,
    output wire [                 PASS_TAG-1:0] tile_tag_o,
    output wire [             READOUT*K*WD-1:0] tile_rows_o,
    // from the back
    input  wire                                 room_i,
    output wire                                 reserve_o,
    input  wire [           FEEDBACK_PORTS-1:0] state_write_i,
    input  wire [ FEEDBACK_PORTS*LANE_BITS-1:0] state_lane_i,
    input  wire [FEEDBACK_PORTS*STATE_BITS-1:0] state_row_i,
    input  wire [      FEEDBACK_PORTS*K*SX-1:0] state_data_i,
    input  wire [           FEEDBACK_PORTS-1:0] second_write_i,
    input  wire [ FEEDBACK_PORTS*LANE_BITS-1:0] second_lane_i,
    input  wire [FEEDBACK_PORTS*STATE_BITS-1:0] second_row_i,
    input  wire [      FEEDBACK_PORTS*K*SX-1:0] second_data_i,
    // with the host
    input  wire                                 halt_i,   // admits no more
    input  wire [                 CONTEXTS-1:0] clear_state_i,
    input  wire [                 CONTEXTS-1:0] state_written_i,
    input  wire                                 host_read_i,
    input  wire                                 host_write_spectrum_i,
    input  wire [                 TILE_TAG-1:0] host_tag_i,
    input  wire [                     K*SX-1:0] host_spectrum_i,
    output wire [                     K*SX-1:0] host_spectrum_o,   // 3 cycles after host_tag_i
    output wire                                 idle_o,
    input  wire                                 clear_errors_i,
    output wire                                 overflow_o,   // of the tile queue, which the plan excludes
    output wire [                 CONTEXTS-1:0] parity_o,
    output wire [                 CONTEXTS-1:0] fresh_o,
    input  wire                                 load_i,
    input  wire [                         15:0] load_lane_i,
    input  wire [                         19:0] load_row_i,
    input  wire [                       WB-1:0] load_data_i
);
  localparam MIXED = (PART_MODES != K) ? 1 : 0;
  localparam COMBINED = (FORM != 0) ? 1 : 0;
  localparam XPAIR = (FORM != 1) ? 3*SX+1 : (MIXED != 0) ? 3*SX : 2*SX;
  localparam XB = 2*SX+(K/2-1)*XPAIR;
  localparam SB = ((FORM != 1) ? 3*K/2-1 : K)*ACC;          // a row's sums
  localparam AB = ((FORM == 0) ? 3*K/2-1 : K)*ACC;          // corrected
  localparam ROTATE_BITS = $clog2(K);
  localparam PASS_BITS = (PASSES > 1) ? $clog2(PASSES) : 1;
  localparam SECOND = (SECOND_MODES != 0) ? 1 : 0;
  localparam SHORTCUT_WRITES = (SHORTCUT != 0) ? READOUT : 0;
  localparam STATE_WRITES = FEEDBACK_PORTS + SHORTCUT_WRITES;
  localparam PASS_WORD = 158;
  localparam FRAME_FLAGS = 4;
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam TILE_ROW = 47, TILE_ROW_W = 16;                            // row of the spectrum memory
  localparam TILE_LANE = 63;                                            // column lane of the spectrum
  localparam TILE_PARITY = 80;                                          // of the copy of recurrent vectors that it writes
  // --- end of the fields

  // --- sequencer
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
  ern_sequencer #(.K(K), .LENGTH(SEGMENTS), .CONTEXTS(CONTEXTS), .ROUNDS(ROUNDS), .FRAMES(FRAMES), .FILE(PROGRAM_IMAGE)) u_sequencer (
      .clk(clk), .rst_i(rst_i), .keep_state_i(keep_state_i), .halt_i(halt_i), .clear_state_i(clear_state_i), .state_written_i(state_written_i),
      .host_read_i(SHORTCUT != 0 && host_read_i), .host_row_i(host_tag_i[TILE_ROW+:TILE_ROW_W]), .host_bank_i(host_tag_i[TILE_PARITY]),
      .pending_i(pending_i), .bank_i(bank_i), .user_i(user_i), .take_o(take_o), .release_o(release_o), .room_i(room_i),
      .reserve_o(reserve_o), .step_o(step), .source_o(source), .row_o(row), .bank_o(row_bank), .seam_o(seam),
      .input_row_o(step_input_row), .input_bank_o(input_bank), .mode_o(mode),
      .rotate_o(rotate), .zero_o(zero), .weight_o(weight), .clear_o(clear), .readout_o(readout), .pass_o(pass),
      .frame_o(frame_flags), .active_o(active), .parity_o(parity_o), .fresh_o(fresh_o)
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
  assign idle_o = !active && quiet_q;
`ifdef ERN_SIMULATION
  ern_assert u_quiet (.clk(clk), .rst_i(rst_i), .holds_i(quiet_q == (tail_q == 16'd0)));
`endif

  // --- operands
  wire [STATE_WRITES-1:0] state_write;
  wire [STATE_WRITES*LANE_BITS-1:0] state_lane;
  wire [STATE_WRITES*STATE_BITS-1:0] state_row;
  wire [STATE_WRITES*K*SX-1:0] state_data;
  assign state_write[FEEDBACK_PORTS-1:0] = state_write_i;
  assign state_lane[FEEDBACK_PORTS*LANE_BITS-1:0] = state_lane_i;
  assign state_row[FEEDBACK_PORTS*STATE_BITS-1:0] = state_row_i;
  assign state_data[FEEDBACK_PORTS*K*SX-1:0] = state_data_i;
  wire [COLUMNS*XB-1:0] operands;
  wire [COLUMNS*K*SX-1:0] state_spectra;
  ern_source #(
      .K(K), .SX(SX), .COLUMNS(COLUMNS), .SEAM(SEAM), .INPUT_DEPTH(INPUT_DEPTH), .STATE_DEPTH(STATE_DEPTH),
      .STATE_DYNAMIC(STATE_DYNAMIC), .SECOND(SECOND), .MODES(PART_MODES), .FORM(FORM), .INPUT_WRITES(INPUT_PORTS),
      .STATE_WRITES(STATE_WRITES), .SECOND_WRITES(FEEDBACK_PORTS), .FETCH(FETCH)
  ) u_source (
      .clk(clk), .step_i(step), .source_i(source), .row_i(row), .bank_i(row_bank), .seam_i(seam),
      .step_input_row_i(step_input_row), .step_input_bank_i(input_bank), .mode_i(mode), .rotate_i(rotate),
      .zero_i(zero), .x_o(operands), .state_data_o(state_spectra), .input_write_i(input_write_i), .input_lane_i(input_lane_i),
      .input_row_i(input_row_i), .input_data_i(input_data_i), .state_write_i(state_write), .state_lane_i(state_lane), .state_row_i(state_row),
      .state_data_i(state_data), .second_write_i(second_write_i), .second_lane_i(second_lane_i), .second_row_i(second_row_i),
      .second_data_i(second_data_i)
  );

  // --- array: operands arrive FETCH + COLUMN_LATENCY cycles after the step, the weight row 2 cycles before them
  wire [19:0] array_weight;
  wire array_clear;
  wire [7:0] array_readout;
  ern_delay #(.WIDTH(20), .DEPTH(COLUMN_LATENCY + FETCH - 2)) u_weight (.clk(clk), .data_i(weight), .data_o(array_weight));
  ern_valid_delay #(.WIDTH(9), .DEPTH(COLUMN_LATENCY + FETCH)) u_step (
      .clk(clk), .rst_i(rst_i), .data_i({clear && step, readout}), .data_o({array_clear, array_readout})
  );
  wire array_last = array_readout != 8'd0;   // the last step of a pass
  wire array_idle;
  wire [READOUT*SB-1:0] sums;
  wire [READOUT*AB-1:0] rows;   // where FORM is not 0, corrected
  wire [COLUMNS*XB-1:0] later_operands;
  wire later_clear;
  ern_array #(
      .K(K), .SX(SX), .W(W), .ACC(ACC), .FORM(FORM), .LANE(LANE), .CHOICE(CHOICE), .ADDITIONS(ADDITIONS), .MIXED(MIXED),
      .STAGES(STAGES), .READOUT(READOUT), .COLUMNS(COLUMNS), .DEPTH(WEIGHT_ROWS), .PREFIX(WEIGHT_PREFIX)
  ) u_array (
      .clk(clk), .rst_i(rst_i), .x_i(operands), .clear_i(array_clear), .idle_i(array_idle), .readout_i(array_last),
      .weight_i(array_weight), .load_i(load_i), .load_lane_i(load_lane_i), .load_row_i(load_row_i), .load_data_i(load_data_i),
      .rows_o(sums), .later_x_o(later_operands), .later_clear_o(later_clear)
  );
  generate
    if (FORM == 0) begin : g_sums
      assign rows = sums;
      assign array_idle = 1'b0;
      wire unused_later = &{1'b0, later_operands, later_clear};
    end else begin : g_correction
      localparam SELECT = (STAGES > 32) ? 3 : (STAGES > 4) ? 2 : (STAGES > 1) ? 1 : 0;   // latency of the array's multiplexer
      localparam SETS = (FORM == 2) ? COLUMNS / 2 : COLUMNS;
      localparam TREE = (SETS > 1) ? $clog2(SETS) : 0;
      wire array_step;
      wire [11:0] correction_pass;
      ern_valid_delay #(.WIDTH(1), .DEPTH(COLUMN_LATENCY + FETCH)) u_idle (
          .clk(clk), .rst_i(rst_i), .data_i(step), .data_o(array_step)
      );
      assign array_idle = !array_step;
      ern_delay #(.WIDTH(12), .DEPTH(COLUMN_LATENCY + FETCH - 2 + SELECT + TREE + FORM)) u_pass (
          .clk(clk), .data_i(pass), .data_o(correction_pass)
      );
      wire [2:0] correction_mode;
      ern_delay #(.WIDTH(3), .DEPTH((FORM == 2 && MIXED != 0) ? COLUMN_LATENCY + FETCH + 3 + SELECT + TREE : 0)) u_mode (
          .clk(clk), .data_i(mode), .data_o(correction_mode)
      );
      ern_correction #(
          .K(K), .SX(SX), .ACC(ACC), .FORM(FORM), .MODES(PART_MODES), .READOUT(READOUT), .COLUMNS(COLUMNS), .SELECT(SELECT),
          .PASSES(PASSES), .ROWS(CORRECTION_ROWS), .VW(VW), .WB(WB), .FIRST_LANE(STAGES * READOUT * COLUMNS), .FILE(CORRECTION_IMAGE),
          .PREFIX(CORRECTION_PREFIX)
      ) u_correction (
          .clk(clk), .rst_i(rst_i), .x_i(later_operands), .clear_i(later_clear), .last_i(array_last),
          .pass_i(correction_pass[PASS_BITS-1:0]), .mode_i(correction_mode), .rows_i(sums), .rows_o(rows), .load_i(load_i), .load_lane_i(load_lane_i),
          .load_row_i(load_row_i), .load_data_i(load_data_i)
      );
      wire unused_pass = &{1'b0, correction_pass};
    end
  endgenerate

  // --- the pass that is read out: its descriptor meets the first finished stage, 1 + LANE cycles after the operands
  wire [11:0] readout_pass;
  wire [FRAME_FLAGS-1:0] readout_flags;
  wire [7:0] readout_stages;
  wire [PASS_WORD-1:0] descriptor;
  ern_delay #(.WIDTH(12), .DEPTH(COLUMN_LATENCY + FETCH + LANE - 1)) u_pass (.clk(clk), .data_i(pass), .data_o(readout_pass));
  ern_delay #(.WIDTH(FRAME_FLAGS), .DEPTH(COLUMN_LATENCY + FETCH + LANE + 1)) u_frame (.clk(clk), .data_i(frame_flags), .data_o(readout_flags));
  ern_valid_delay #(.WIDTH(8), .DEPTH(LANE + 1)) u_stages (
      .clk(clk), .rst_i(rst_i), .data_i(array_readout), .data_o(readout_stages)
  );
  ern_rom #(.WIDTH(PASS_WORD), .DEPTH(PASSES), .FILE(PASS_IMAGE)) u_passes (
      .clk(clk), .address_i(readout_pass[PASS_BITS-1:0]), .data_o(descriptor)
  );

  wire read_out;
  wire readout_first;
  wire [PASS_TAG-1:0] readout_tag;
  ern_readout #(
      .K(K), .MODES(PART_MODES), .ACC(ACC), .WD(WD), .SHIFTS(READOUT_SHIFTS), .SHIFT_LIST(READOUT_SHIFT_LIST), .READOUT(READOUT),
      .SELECT_LATENCY(SELECT_LATENCY), .PORTS(PORTS), .QUEUE(QUEUE), .QUEUE_DEPTH(QUEUE_DEPTH),
      .FOLDING(FOLDING), .COMBINED(COMBINED), .RECOMBINATION(RECOMBINATION)
  ) u_readout (
      .clk(clk), .rst_i(rst_i), .stages_i(readout_stages), .tag_i({readout_flags, descriptor}), .rows_i(rows),
      .selected_o(read_out), .selected_first_o(readout_first), .selected_tag_o(readout_tag),
      .valid_o(tile_valid_o), .first_o(tile_first_o), .tag_o(tile_tag_o), .rows_o(tile_rows_o),
      .clear_errors_i(clear_errors_i), .overflow_o(overflow_o)
  );
  genvar r;
  generate
    if (SHORTCUT != 0) begin : g_shortcut
      ern_shortcut #(
          .K(K), .MODES(PART_MODES), .ACC(ACC), .SX(SX), .SHIFTS(SHORTCUT_SHIFTS), .SHIFT_LIST(SHORTCUT_SHIFT_LIST), .READOUT(READOUT),
          .COLUMNS(COLUMNS), .DEPTH(STATE_DEPTH), .DYNAMIC(STATE_DYNAMIC), .COMBINED(COMBINED), .RECOMBINATION(RECOMBINATION)
      ) u_shortcut (
          .clk(clk), .rst_i(rst_i), .valid_i(read_out), .first_i(readout_first), .tag_i(readout_tag), .rows_i(rows),
          .write_o(written), .write_lane_o(written_lane), .write_row_o(written_row), .write_data_o(written_data)
      );
      // The host reads and writes these spectra, which their vectors do not tell. It writes by the first of these ports, which is silent while
      // the engine is idle.
      wire [READOUT-1:0] written;
      wire [READOUT*LANE_BITS-1:0] written_lane;
      wire [READOUT*STATE_BITS-1:0] written_row;
      wire [READOUT*K*SX-1:0] written_data;
      wire [STATE_BITS-1:0] host_row;
      if (STATE_DYNAMIC != 0 && STATE_BITS > 1) begin : g_parity
        assign host_row = {host_tag_i[TILE_PARITY], host_tag_i[TILE_ROW+:STATE_BITS-1]};
      end else if (STATE_DYNAMIC != 0) begin : g_parity_only
        assign host_row = host_tag_i[TILE_PARITY];
      end else begin : g_plain
        assign host_row = host_tag_i[TILE_ROW+:STATE_BITS];
      end
      for (r = 0; r < READOUT; r = r + 1) begin : g_write
        wire host = r == 0 && host_write_spectrum_i;
        assign state_write[FEEDBACK_PORTS+r] = written[r] || host;
        assign state_lane[(FEEDBACK_PORTS+r)*LANE_BITS+:LANE_BITS] =
            host ? host_tag_i[TILE_LANE+:LANE_BITS] : written_lane[r*LANE_BITS+:LANE_BITS];
        assign state_row[(FEEDBACK_PORTS+r)*STATE_BITS+:STATE_BITS] = host ? host_row : written_row[r*STATE_BITS+:STATE_BITS];
        assign state_data[(FEEDBACK_PORTS+r)*K*SX+:K*SX] = host ? host_spectrum_i : written_data[r*K*SX+:K*SX];
      end
      wire [K*SX-1:0] host_word;
      ern_select #(.COUNT(COLUMNS), .WIDTH(K*SX), .INDEX_BITS(LANE_BITS)) u_host (
          .index_i(host_tag_i[TILE_LANE+:LANE_BITS]), .data_i(state_spectra), .data_o(host_word)
      );
      ern_delay #(.WIDTH(K*SX), .DEPTH(FETCH == 1 ? 1 : 0)) u_host_word (.clk(clk), .data_i(host_word), .data_o(host_spectrum_o));
    end else begin : g_no_shortcut
      assign host_spectrum_o = {K * SX{1'b0}};
      wire unused = &{1'b0, read_out, readout_first, readout_tag, state_spectra, host_read_i, host_write_spectrum_i, host_spectrum_i};
    end
  endgenerate

  wire unused = &{1'b0, readout_pass, host_tag_i};
endmodule

`default_nettype wire
