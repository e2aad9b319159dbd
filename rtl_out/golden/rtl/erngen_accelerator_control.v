// erngen_accelerator_control: the register file behind AXI4-Lite.
//
// Purpose:    Version, configuration, status, counters, errors, interrupt; halting and resetting; clearing, reading and writing the
//             recurrent state; loading weights. The register map is docs/reference/registers.md.
// Parameters: K; HW, CW, bits in which an element of a vector and of a cell state are kept; SX, bits of a spectrum word, and SHORTCUT 1
//             where the host reads and writes spectra; WB, bits of a lane's weight word; LOADABLE, not 0 where constants are
//             loadable, too, in rows of CB bits;
//             CONTEXTS; STREAM_REGISTER and SEQUENCE_REGISTER, 1 where the design has these registers;
//             VERSION, CONFIGURATION constants; SHAPE, a word of the engine's shape.
// Latency:    a register read 2 cycles; a state access waits until the engine is idle or answers with an error.
// Rounding:   none.
// Overflow:   none; the frame counter wraps.
`default_nettype none

module erngen_accelerator_control #(
    parameter        K        = 8,
    parameter        HW       = 12,
    parameter        CW       = 16,
    parameter        SX       = 16,
    parameter        SHORTCUT = 0,
    parameter        WB       = 99,
    parameter        LOADABLE = 0,
    parameter        CB       = 1,
    parameter        CONTEXTS = 1,
    parameter        STREAM_REGISTER   = 0,
    parameter        SEQUENCE_REGISTER = 0,
    parameter [31:0] VERSION       = 32'h00000100,
    parameter [31:0] CONFIGURATION = 32'h0,
    parameter [31:0] SHAPE         = 32'h0,
    // Derived, not to be set.
    parameter TILE_TAG = 83,
    parameter ID_BITS  = (CONTEXTS > 1) ? $clog2(CONTEXTS) : 1
) (
    input  wire                clk,
    input  wire                rst_i,
    // bus of erngen_accelerator_axil, READ_LATENCY 4; addresses and data are there a cycle before valid
    input  wire                wr_valid_i,
    input  wire [        15:0] wr_addr_i,
    input  wire [        31:0] wr_data_i,
    input  wire [         3:0] wr_strb_i,
    input  wire                rd_valid_i,
    input  wire [        15:0] rd_addr_i,
    output reg  [        31:0] rd_data_o,
    output reg                 error_o,
    // engine
    input  wire                idle_i,
    input  wire                frame_done_i,
    input  wire                error_frame_i,
    input  wire                error_stream_i,
    input  wire                error_overflow_i,
    input  wire                error_queue_i,
    output reg                 clear_errors_o,
    input  wire                dropped_i,         // a frame
    input  wire                frame_sent_i,
    input  wire                sequence_sent_i,   // with frame_sent_i: its sequence ends with it
    output wire                interrupt_o,
    output reg                 reset_request_o,
    output reg                 keep_request_o,    // with reset_request_o
    input  wire                soft_reset_i,      // it happens
    output reg                 count_frames_o,
    output reg  [ ID_BITS-1:0] stream_o,              // whose the input's frames are
    output reg  [        15:0] sequence_frames_o,     // how many make a sequence
    output reg                 restart_sequences_o,   // counting them begins anew
    output reg                 halt_o,
    input  wire [CONTEXTS-1:0] parity_i,
    input  wire [CONTEXTS-1:0] fresh_i,         // the next frame of the context starts from zero
    output reg  [CONTEXTS-1:0] clear_state_o,
    output reg  [CONTEXTS-1:0] state_written_o,
    // state
    output reg                 host_read_o,
    output wire [        15:0] host_tile_o,
    input  wire [    K*HW-1:0] host_vector_i,
    input  wire [    K*CW-1:0] host_cell_i,
    output reg                 host_write_cell_o,
    output wire [    K*CW-1:0] host_cell_o,
    output reg                 host_write_vector_o,
    output reg  [TILE_TAG-1:0] host_tag_o,
    output wire [    K*HW-1:0] host_vector_o,
    input  wire [    K*SX-1:0] host_spectrum_i,   // 3 cycles after host_tag_o
    output reg                 host_write_spectrum_o,
    output wire [    K*SX-1:0] host_spectrum_o,
    // weights
    output reg                 load_o,
    output reg  [        15:0] load_lane_o,
    output reg  [        19:0] load_row_o,
    output wire [      WB-1:0] load_data_o,
    output reg                 load_constants_o,   // a row of those whose number load_lane_o is
    output wire [      CB-1:0] load_constants_data_o
);
  // --- fields of control words (src/units/control_words.hpp; renewed by write_control_words)
  localparam TILE_STORE = 4;                                            // the vector is kept in the time domain
  localparam TILE_STATE_TILE = 31, TILE_STATE_TILE_W = 16;              // row of the state memories
  localparam TILE_ROW = 47, TILE_ROW_W = 16;                            // row of the spectrum memory
  localparam TILE_LANE = 63, TILE_LANE_W = 8;                           // column lane of the spectrum
  localparam TILE_CONTEXT = 71, TILE_CONTEXT_W = 8;                     // whose frame it is
  localparam TILE_VALID = 79;                                           // there is a frame
  localparam TILE_PARITY = 80;                                          // of the copy of recurrent vectors that it writes
  localparam TILE_FLAGS = 5, TILE_FLAGS_W = 18;                         // what the host writes at once: from STATE to SECOND_BLOCK
  // --- end of the fields
  localparam WORDS = (WB + 31) / 32;   // 32-bit words of a weight row
  localparam CONTEXT_BITS = (CONTEXTS > 1) ? $clog2(CONTEXTS) : 1;
  localparam INDEX_BITS = $clog2(K);
  localparam [31:0] CONTEXTS_32 = CONTEXTS;
  localparam [31:0] WINDOW_BYTES = 4 * K;
  localparam [31:0] LAST_WORD = WORDS - 1;
  localparam [31:0] WORDS_32 = WORDS;
  localparam CONSTANT_WORDS = (LOADABLE != 0) ? (CB + 31) / 32 : WORDS;   // of a row of constants
  localparam LOAD_WORDS = (CONSTANT_WORDS > WORDS) ? CONSTANT_WORDS : WORDS;
  localparam [31:0] LAST_CONSTANT_WORD = CONSTANT_WORDS - 1;
  localparam [31:0] CONSTANT_WORDS_32 = CONSTANT_WORDS;
  generate
    if (K < 2 || K > 64 || (K & (K - 1)) != 0) begin : g_bad_k
      ERROR_ern_control_K_must_be_a_power_of_two_from_2_to_64 u_error ();
    end
    if (HW < 2 || HW > 32 || CW < 2 || CW > 32 || SX < 2 || SX > 32) begin : g_bad_width
      ERROR_ern_control_HW_CW_and_SX_must_be_from_2_to_32 u_error ();
    end
    if (WB < 1) begin : g_bad_word
      ERROR_ern_control_WB_must_be_at_least_1 u_error ();
    end
    if (CONTEXTS < 1 || CONTEXTS > 64) begin : g_bad_contexts
      ERROR_ern_control_CONTEXTS_must_be_from_1_to_64 u_error ();
    end
  endgenerate
  localparam [31:0] CRC_POLYNOMIAL = 32'hedb88320;   // IEEE 802.3, reflected

  // register map: begin (src/rtl/register_map.cpp)
  localparam [15:0] AT_VERSION         = 16'h0000;
  localparam [15:0] AT_CONFIGURATION   = 16'h0004;
  localparam [15:0] AT_STATUS          = 16'h0008;
  localparam [15:0] AT_CONTROL         = 16'h000c;
  localparam [15:0] AT_CYCLES          = 16'h0010;
  localparam [15:0] AT_CYCLES_HIGH     = 16'h0014;
  localparam [15:0] AT_FRAMES          = 16'h0018;
  localparam [15:0] AT_SHAPE           = 16'h001c;
  localparam [15:0] AT_STATE_CLEAR     = 16'h0020;
  localparam [15:0] AT_STATE_TILE      = 16'h0024;
  localparam [15:0] AT_STATE_ROW       = 16'h0028;
  localparam [15:0] AT_STATE_FLAGS     = 16'h002c;
  localparam [15:0] AT_STATE_COMMAND   = 16'h0030;
  localparam [15:0] AT_STATE_CLEAR_HIGH = 16'h0034;
  localparam [15:0] AT_FRAMES_DROPPED  = 16'h0038;
  localparam [15:0] AT_WEIGHT_LANE     = 16'h0040;
  localparam [15:0] AT_WEIGHT_ROW      = 16'h0044;
  localparam [15:0] AT_WEIGHT_DATA     = 16'h0048;
  localparam [15:0] AT_WEIGHT_CRC      = 16'h004c;
  localparam [15:0] AT_WEIGHT_WORDS    = 16'h0050;
  localparam [15:0] AT_WEIGHT_CHECK    = 16'h0054;
  localparam [15:0] AT_CONSTANT_WORDS  = 16'h0058;
  localparam [15:0] AT_INTERRUPT_ENABLE = 16'h0060;
  localparam [15:0] AT_INTERRUPT_CAUSE = 16'h0064;
  localparam [15:0] AT_INTERRUPT_STATUS = 16'h0068;
  localparam [15:0] AT_INTERRUPT_FRAMES = 16'h006c;
  localparam [15:0] AT_SEQUENCE_FRAMES = 16'h0070;
  localparam [15:0] AT_STREAM          = 16'h0074;
  localparam [7:0] AT_WINDOW           = 8'h04;   // bits 15:8 of its addresses
  // register map: end

  // --- counters
  reg [63:0] cycles_q;
  reg [31:0] frames_q;
  reg [31:0] dropped_q;
  reg [31:0] cycles_low_q, cycles_high_q;   // latched by a read of the low word
  always @(posedge clk)
    if (rst_i) begin
      cycles_q <= 64'd0;
      frames_q <= 32'd0;
      dropped_q <= 32'd0;
    end else begin
      cycles_q <= cycles_q + 64'd1;
      frames_q <= soft_reset_i ? 32'd0 : frames_q + {31'd0, frame_done_i};
      dropped_q <= soft_reset_i ? 32'd0 : dropped_q + {31'd0, dropped_i};
    end

  // --- errors and the interrupt: a cause is set by its event and cleared by the host
  reg error_weights_q;   // a block of weights had another CRC than was said
  wire [4:0] errors = {error_weights_q, error_queue_i, error_overflow_i, error_stream_i, error_frame_i};
  reg [4:0] errors_q;
  reg [2:0] enable_q, cause_q;
  reg interrupt_q;
  assign interrupt_o = interrupt_q && !rst_i;
  reg [2:0] forget_q;    // causes that the host clears
  reg [15:0] period_q, left_q;   // frames from one interrupt to the next, and those that are missing to it
  reg start_period_q;
  wire period_done = frame_sent_i && left_q == 16'd1;
  always @(posedge clk) begin
    errors_q <= errors;
    interrupt_q <= |(cause_q & enable_q);
    if (rst_i || soft_reset_i) cause_q <= 3'd0;
    else cause_q <= (cause_q & ~forget_q) | {|(errors & ~errors_q), period_done, sequence_sent_i};
    if (rst_i) left_q <= 16'd0;
    else if (soft_reset_i || start_period_q || period_done) left_q <= period_q;
    else if (frame_sent_i && left_q != 16'd0) left_q <= left_q - 16'd1;
  end

  // --- state access
  reg [15:0] tile_q;
  reg [15:0] row_q;
  reg [7:0] lane_q;
  reg [TILE_FLAGS_W-1:0] flags_q;
  reg [7:0] context_q;
  reg [K*32-1:0] window_q;   // one block, an element a word
  reg [3:0] fetch_q;
  reg fetch_cell_q, fetch_spectrum_q;
  assign host_tile_o = tile_q;
  // A cycle late: fetch_q leaves the memories that cycle, and a frame reads them no sooner than its first pass has been read out.
  always @(posedge clk) host_read_o <= idle_i && halt_o;
  // The block becomes the context's value at t - 1: the parity that its next frame reads.
  wire [CONTEXT_BITS-1:0] chosen = context_q[CONTEXT_BITS-1:0];
  always @* begin
    host_tag_o = {TILE_TAG{1'b0}};
    host_tag_o[TILE_STORE] = 1'b1;
    host_tag_o[TILE_FLAGS+:TILE_FLAGS_W] = flags_q;
    host_tag_o[TILE_STATE_TILE+:TILE_STATE_TILE_W] = tile_q;
    host_tag_o[TILE_ROW+:TILE_ROW_W] = row_q;
    host_tag_o[TILE_LANE+:TILE_LANE_W] = lane_q;
    host_tag_o[TILE_CONTEXT+:TILE_CONTEXT_W] = context_q;
    host_tag_o[TILE_VALID] = 1'b1;
    host_tag_o[TILE_PARITY] = !parity_i[chosen];
  end
  genvar n;
  generate
    for (n = 0; n < K; n = n + 1) begin : g_window
      assign host_vector_o[n*HW+:HW] = window_q[n*32+:HW];
      assign host_cell_o[n*CW+:CW] = window_q[n*32+:CW];
      assign host_spectrum_o[n*SX+:SX] = window_q[n*32+:SX];
    end
  endgenerate

  // --- weights
  reg [15:0] load_lane_q;
  reg [19:0] load_row_q;
  reg [31:0] load_word_q;
  reg [LOAD_WORDS*32-1:0] load_shift_q;   // the words of a row, the last one at the top
  reg [31:0] crc_q;
  wire [LOAD_WORDS*32+31:0] load_next = {wr_data_i, load_shift_q};   // low word first
  assign load_data_o = load_shift_q[(LOAD_WORDS-WORDS)*32+:WB];
  generate
    if (LOADABLE != 0) begin : g_constants
      assign load_constants_data_o = load_shift_q[(LOAD_WORDS-CONSTANT_WORDS)*32+:CB];
    end else begin : g_no_constants
      assign load_constants_data_o = {CB{1'b0}};
    end
  endgenerate
  wire [31:0] last_word = (LOADABLE != 0 && load_lane_q[15]) ? LAST_CONSTANT_WORD : LAST_WORD;

  function [31:0] crc_half;
    input [31:0] sum;   // of the CRC and the data: little-endian bytes of a reflected CRC, half of a word's steps
    integer b;
    begin
      crc_half = sum;
      for (b = 0; b < 16; b = b + 1) crc_half = crc_half[0] ? (crc_half >> 1) ^ CRC_POLYNOMIAL : crc_half >> 1;
    end
  endfunction

  // --- the map
  function known;
    input [15:0] address;
    known = address[1:0] == 2'd0 && (address <= AT_FRAMES_DROPPED || (address >= AT_WEIGHT_LANE && address <= AT_CONSTANT_WORDS)
        || (address >= AT_INTERRUPT_ENABLE && address <= AT_INTERRUPT_FRAMES)
        || (SEQUENCE_REGISTER != 0 && address == AT_SEQUENCE_FRAMES) || (STREAM_REGISTER != 0 && address == AT_STREAM)
        || (address[15:8] == AT_WINDOW && {24'd0, address[7:0]} < WINDOW_BYTES));
  endfunction

  // --- writes
  wire [63:0] streams_low = {32'd0, wr_data_i};
  wire [63:0] streams_high = {wr_data_i, 32'd0};
  // Decoded a cycle early: erngen_accelerator_axil holds address and data before it says valid.
  reg possible_q;         // a number of frames or a stream that there can be
  reg known_write_q, at_window_q, at_command_q, at_reset_q, allowed_q, known_read_q;
  reg [5:0] write_at_q;   // number of the register
  reg wr_valid_q;         // an access, a cycle late: address and data stay until it is answered
  reg [31:0] crc_data_q, crc_half_q, crc_after_q;   // with the data, after half of the steps, after all
  reg [1:0] crc_write_q;  // two cycles after the data's write: the next one is further away
  reg crc_differs_q;
  always @(posedge clk) begin
    known_write_q <= known(wr_addr_i) && wr_strb_i == 4'hf;
    at_window_q <= wr_addr_i[15:8] == AT_WINDOW;
    at_command_q <= wr_addr_i == AT_STATE_COMMAND && wr_strb_i == 4'hf;
    at_reset_q <= wr_addr_i == AT_CONTROL && wr_data_i[2];   // one that keeps the states
    allowed_q <= halt_o && {24'd0, wr_data_i[15:8]} < CONTEXTS_32 && !(wr_data_i[2] && (SHORTCUT == 0 || wr_data_i[1]));
    possible_q <= wr_addr_i == AT_SEQUENCE_FRAMES ? wr_data_i[31:16] == 16'd0 : wr_addr_i != AT_STREAM || wr_data_i < CONTEXTS_32;
    known_read_q <= known(rd_addr_i);
    write_at_q <= (wr_addr_i[15:8] == 8'd0 && wr_addr_i[1:0] == 2'd0 && wr_strb_i == 4'hf) ? wr_addr_i[7:2]
                : AT_VERSION[7:2];   // which no write changes
    crc_data_q <= crc_q ^ wr_data_i;
    crc_half_q <= crc_half(crc_data_q);
    crc_after_q <= crc_half(crc_half_q);
    crc_differs_q <= wr_data_i != ~crc_q;
    wr_valid_q <= wr_valid_i && !rst_i;
    crc_write_q <= rst_i ? 2'd0 : {crc_write_q[0], wr_valid_q && write_at_q == AT_WEIGHT_DATA[7:2]};
  end
  wire window_write = wr_valid_q && at_window_q && known_write_q;
  wire command = wr_valid_q && at_command_q;
  // A cycle late: what is halted and idle begins nothing before halt_o falls.
  wire allowed = allowed_q && host_read_o;
  wire halted = halt_o && host_read_o;
  initial {load_o, load_constants_o} = 2'b00;  // else the first edge of the clock may write over an image
  integer e;
  always @(posedge clk) begin
    clear_errors_o <= 1'b0;
    clear_state_o <= {CONTEXTS{1'b0}};
    state_written_o <= {CONTEXTS{1'b0}};
    host_write_cell_o <= 1'b0;
    host_write_vector_o <= 1'b0;
    host_write_spectrum_o <= 1'b0;
    load_o <= 1'b0;
    load_constants_o <= 1'b0;
    fetch_q <= {fetch_q[2:0], 1'b0};
    reset_request_o <= 1'b0;
    start_period_q <= 1'b0;
    forget_q <= 3'd0;
    restart_sequences_o <= 1'b0;
    if (rst_i) begin
      halt_o <= 1'b0;
      count_frames_o <= 1'b0;
      fetch_q <= 4'd0;
      crc_q <= 32'hffffffff;
      load_word_q <= 32'd0;
      {tile_q, lane_q, row_q, flags_q} <= {16'd0, 8'd0, 16'd0, {TILE_FLAGS_W{1'b0}}};
      {load_lane_q, load_row_q} <= 36'd0;
      error_weights_q <= 1'b0;
      enable_q <= 3'd0;
      period_q <= 16'd0;
      stream_o <= {ID_BITS{1'b0}};
      sequence_frames_o <= 16'd0;
    end else begin
      if (clear_errors_o || soft_reset_i) error_weights_q <= 1'b0;
      if (crc_write_q[1]) crc_q <= crc_after_q;
      if (wr_valid_q)
        case (write_at_q)
          AT_STATUS[7:2]: clear_errors_o <= 1'b1;
          AT_CONTROL[7:2]:
          if (!at_reset_q || halted) begin
            halt_o <= wr_data_i[0];
            count_frames_o <= wr_data_i[3];
            reset_request_o <= wr_data_i[1];
            keep_request_o <= wr_data_i[2];
          end
          AT_STATE_CLEAR[7:2]: clear_state_o <= streams_low[CONTEXTS-1:0];
          AT_STATE_CLEAR_HIGH[7:2]: clear_state_o <= streams_high[CONTEXTS-1:0];
          AT_STATE_TILE[7:2]: tile_q <= wr_data_i[15:0];
          AT_STATE_ROW[7:2]: {lane_q, row_q} <= wr_data_i[23:0];
          AT_STATE_FLAGS[7:2]: flags_q <= wr_data_i[TILE_FLAGS_W-1:0];
          AT_WEIGHT_LANE[7:2]: load_lane_q <= wr_data_i[15:0];
          AT_WEIGHT_ROW[7:2]: begin
            load_row_q  <= wr_data_i[19:0];
            load_word_q <= 32'd0;
          end
          AT_WEIGHT_DATA[7:2]: begin
            load_shift_q <= load_next[LOAD_WORDS*32+31:32];
            if (load_word_q == last_word) begin
              load_word_q <= 32'd0;
              load_o <= LOADABLE == 0 || !load_lane_q[15];
              load_constants_o <= LOADABLE != 0 && load_lane_q[15];
              load_lane_o <= load_lane_q;
              load_row_o <= load_row_q;
              load_row_q <= load_row_q + 20'd1;
            end else load_word_q <= load_word_q + 32'd1;
          end
          AT_WEIGHT_CRC[7:2]: crc_q <= 32'hffffffff;
          AT_WEIGHT_CHECK[7:2]: if (crc_differs_q) error_weights_q <= 1'b1;
          AT_INTERRUPT_ENABLE[7:2]: enable_q <= wr_data_i[2:0];
          AT_INTERRUPT_CAUSE[7:2]: forget_q <= wr_data_i[2:0];
          AT_INTERRUPT_FRAMES[7:2]: begin
            period_q <= wr_data_i[15:0];
            start_period_q <= 1'b1;
          end
          AT_SEQUENCE_FRAMES[7:2]:
          if (SEQUENCE_REGISTER != 0 && possible_q) begin
            sequence_frames_o <= wr_data_i[15:0];
            restart_sequences_o <= 1'b1;
          end
          AT_STREAM[7:2]: if (STREAM_REGISTER != 0 && possible_q) stream_o <= wr_data_i[ID_BITS-1:0];
          default: ;
        endcase
      if (command && allowed) begin
        context_q <= wr_data_i[15:8];
        fetch_cell_q <= wr_data_i[1];
        fetch_spectrum_q <= wr_data_i[2];
        fetch_q[0] <= !wr_data_i[0];
        host_write_cell_o <= wr_data_i[0] && wr_data_i[1];
        host_write_vector_o <= wr_data_i[0] && wr_data_i[2:1] == 2'd0;
        host_write_spectrum_o <= wr_data_i[0] && wr_data_i[2];
        for (e = 0; e < CONTEXTS; e = e + 1)
          if (wr_data_i[0] && wr_data_i[8+:CONTEXT_BITS] == e[CONTEXT_BITS-1:0]) state_written_o[e] <= 1'b1;
      end
    end
    // The tile's address has been on the state memories since it was written; a spectrum is there 3 cycles after the stream's number.
    for (e = 0; e < K; e = e + 1)
      if (rst_i) window_q[e*32+:32] <= 32'd0;
      else if (fetch_q[3])
        window_q[e*32+:32] <= fetch_cell_q ? {{(33 - CW) {host_cell_i[e*CW+CW-1]}}, host_cell_i[e*CW+:CW-1]}
                            : SHORTCUT != 0 && fetch_spectrum_q ? {{(33 - SX) {host_spectrum_i[e*SX+SX-1]}}, host_spectrum_i[e*SX+:SX-1]}
                            : {{(33 - HW) {host_vector_i[e*HW+HW-1]}}, host_vector_i[e*HW+:HW-1]};
      else if (window_write && wr_addr_i[2+:INDEX_BITS] == e[INDEX_BITS-1:0]) window_q[e*32+:32] <= wr_data_i;
  end

  // --- reads and errors: the address is there a cycle early, and the word 4 cycles after rd_valid_i
  reg read_window_q, read_window_q2;
  reg [31:0] window_word_q, low_q, high_q;
  reg read_low_q;
  reg [5:0] read_at_q;   // number of the register
  localparam [5:0] NONE = 6'h3f;
  wire [64:0] fresh = {{65 - CONTEXTS{1'b0}}, fresh_i};
  reg rd_valid_q;
  reg [INDEX_BITS-1:0] window_at_q;
  always @(posedge clk) begin
    window_at_q <= rd_addr_i[2+:INDEX_BITS];
    read_window_q <= rd_addr_i[15:8] == AT_WINDOW;
    read_window_q2 <= read_window_q;
    window_word_q <= window_q[window_at_q*32+:32];
    read_at_q <= (rd_addr_i[15:8] == 8'd0 && rd_addr_i[1:0] == 2'd0) ? rd_addr_i[7:2] : NONE;
    rd_valid_q <= rd_valid_i;
    if (rst_i) {cycles_high_q, cycles_low_q} <= 64'd0;
    else if (rd_valid_q && read_at_q == AT_CYCLES[7:2]) {cycles_high_q, cycles_low_q} <= cycles_q;
    case (read_at_q[2:0])
      AT_VERSION[4:2]: low_q <= VERSION;
      AT_CONFIGURATION[4:2]: low_q <= CONFIGURATION;
      AT_STATUS[4:2]: low_q <= {25'd0, errors, halted, !idle_i};
      AT_CONTROL[4:2]: low_q <= {28'd0, count_frames_o, 2'd0, halt_o};
      AT_CYCLES[4:2]: low_q <= cycles_low_q;
      AT_CYCLES_HIGH[4:2]: low_q <= cycles_high_q;
      AT_FRAMES[4:2]: low_q <= frames_q;
      AT_SHAPE[4:2]: low_q <= SHAPE;
      default: low_q <= 32'd0;
    endcase
    case (read_at_q)
      AT_STATE_CLEAR[7:2]: high_q <= fresh[31:0];
      AT_STATE_CLEAR_HIGH[7:2]: high_q <= fresh[63:32];
      AT_STATE_TILE[7:2]: high_q <= {16'd0, tile_q};
      AT_STATE_ROW[7:2]: high_q <= {8'd0, lane_q, row_q};
      AT_STATE_FLAGS[7:2]: high_q <= {{32 - TILE_FLAGS_W{1'b0}}, flags_q};
      AT_FRAMES_DROPPED[7:2]: high_q <= dropped_q;
      AT_WEIGHT_LANE[7:2]: high_q <= {16'd0, load_lane_q};
      AT_WEIGHT_ROW[7:2]: high_q <= {12'd0, load_row_q};
      AT_WEIGHT_CRC[7:2]: high_q <= ~crc_q;
      AT_WEIGHT_WORDS[7:2]: high_q <= WORDS_32;
      AT_CONSTANT_WORDS[7:2]: high_q <= LOADABLE != 0 ? CONSTANT_WORDS_32 : 32'd0;
      AT_INTERRUPT_ENABLE[7:2]: high_q <= {29'd0, enable_q};
      AT_INTERRUPT_CAUSE[7:2]: high_q <= {29'd0, cause_q};
      AT_INTERRUPT_STATUS[7:2]: high_q <= {29'd0, cause_q & enable_q};
      AT_INTERRUPT_FRAMES[7:2]: high_q <= {16'd0, period_q};
      AT_SEQUENCE_FRAMES[7:2]: high_q <= {16'd0, sequence_frames_o};
      AT_STREAM[7:2]: high_q <= {{32 - ID_BITS{1'b0}}, stream_o};
      default: high_q <= 32'd0;
    endcase
    read_low_q <= read_at_q[5:3] == 3'd0;
    rd_data_o <= !known_read_q ? 32'd0 : read_window_q2 ? window_word_q : read_low_q ? low_q : high_q;
  end

  // An access outside the map, of less than a word, of a number of frames or a stream that cannot be, or to the state of a running engine
  // or of no stream, answers with an error.
  reg bad_q;
  always @(posedge clk) begin
    if (rst_i) bad_q <= 1'b0;
    else if (wr_valid_q) bad_q <= !known_write_q || !possible_q || (at_command_q && !allowed) || (at_reset_q && !halted);
    else if (rd_valid_i) bad_q <= !known_read_q;
    error_o <= bad_q;
  end
  wire unused = &{1'b0, window_q, load_next, streams_low, streams_high, host_vector_i, host_cell_i, host_spectrum_i, fetch_spectrum_q, fresh};
endmodule

`default_nettype wire
