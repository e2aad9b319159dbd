// erngen_accelerator_front: the engine's input, from the stream to the spectra of the frames.
//
// Purpose:    Gathers the blocks of a frame, transforms them and says which contexts have a frame that waits.
// Parameters: those of erngen_accelerator_engine that it uses.
// Latency:    the plan's.
// Rounding:   docs/reference/arithmetic.md.
// Overflow:   docs/reference/arithmetic.md.
`default_nettype none

module erngen_accelerator_front #(
    parameter         K               = 8,
    parameter         COLUMNS         = 1,
    parameter         INPUT_PORTS     = 1,   // blocks of the input that enter together
    parameter         EARLY           = 0,   // frames are admitted before their last block is transformed
    parameter         CONTEXTS        = 1,
    parameter         A               = 12,
    parameter         SX              = 16,
    parameter         DROP            = 0,
    parameter         INPUT_MODE      = 3,
    parameter         INPUT_GUARD     = 1,
    parameter         INPUT_ROWS      = 1,
    parameter         INPUT_DEPTH     = 2,
    parameter         INPUT_SIZE      = 8,
    parameter         ELEMENT_BITS    = 16,
    parameter         INPUT_BEAT      = 8,
    parameter         INPUT_TLAST     = 1,
    parameter         SEQUENCE_END    = 0,
    parameter         STREAM_SELECT   = 0,
    parameter [16*(K/4+1)-1:0] TWIDDLES = 48'h00005a828000,
    parameter [256*(K/4+1)-1:0] ADDERS = {256*(K/4+1){1'b0}},
    parameter ROTATION = 1,
    parameter SMALL = 2,
    // Derived, not to be set.
    parameter         LANE_BITS       = (COLUMNS > 1) ? $clog2(COLUMNS) : 1,
    parameter         INPUT_BITS      = (INPUT_DEPTH > 1) ? $clog2(INPUT_DEPTH) : 1,
    parameter         ID_BITS         = (CONTEXTS > 1) ? $clog2(CONTEXTS) : 1
) (
    input  wire                               clk,
    input  wire                               rst_i,
    // input stream
    input  wire                               tvalid_i,
    output wire                               tready_o,
    input  wire [INPUT_BEAT*ELEMENT_BITS-1:0] tdata_i,
    input  wire                               tlast_i,
    input  wire                               tuser_i,
    input  wire [                ID_BITS-1:0] tid_i,
    // spectra of the input
    output wire [            INPUT_PORTS-1:0] write_o,
    output wire [  INPUT_PORTS*LANE_BITS-1:0] write_lane_o,
    output wire [ INPUT_PORTS*INPUT_BITS-1:0] write_row_o,
    output wire [       INPUT_PORTS*K*SX-1:0] write_data_o,
    // frames that wait, by context
    output wire [               CONTEXTS-1:0] pending_o,
    output wire [               CONTEXTS-1:0] bank_o,
    output wire [               CONTEXTS-1:0] user_o,
    input  wire [               CONTEXTS-1:0] take_i,
    input  wire [               CONTEXTS-1:0] release_i,
    // framing
    input  wire                               count_frames_i,
    input  wire [                ID_BITS-1:0] stream_i,
    input  wire [                       15:0] sequence_frames_i,
    input  wire                               restart_sequences_i,
    output wire                               dropped_o,   // a frame
    input  wire                               clear_errors_i,
    output wire                               error_frame_o,
    output wire                               error_stream_o
);
  localparam INPUT_BLOCKS = (INPUT_SIZE + INPUT_PORTS * K - 1) / (INPUT_PORTS * K);   // of INPUT_PORTS * K elements
  localparam LAST_BLOCKS = (INPUT_SIZE + K - 1) / K - (INPUT_BLOCKS - 1) * INPUT_PORTS;
  localparam INDEX_BITS = (INPUT_BLOCKS > 1) ? $clog2(INPUT_BLOCKS) : 1;

  wire in_valid;
  wire in_ready;
  wire [INPUT_PORTS*K*A-1:0] in_data;
  wire [INDEX_BITS-1:0] in_index;
  wire in_last;
  wire in_user;
  wire in_broken;
  wire [ID_BITS-1:0] in_stream;
  erngen_accelerator_axis_in #(
      .K(INPUT_PORTS * K), .A(A), .ELEMENT_BITS(ELEMENT_BITS), .BEAT(INPUT_BEAT), .SIZE(INPUT_SIZE), .STREAMS(CONTEXTS),
      .TLAST(INPUT_TLAST), .END(SEQUENCE_END), .SELECT(STREAM_SELECT)
  ) u_in (
      .clk(clk), .rst_i(rst_i), .tvalid_i(tvalid_i), .tready_o(tready_o), .tdata_i(tdata_i), .tlast_i(tlast_i),
      .tuser_i(tuser_i), .tid_i(tid_i), .block_valid_o(in_valid), .block_ready_i(in_ready), .block_data_o(in_data),
      .block_index_o(in_index), .block_last_o(in_last), .block_user_o(in_user), .block_broken_o(in_broken),
      .block_stream_o(in_stream), .count_frames_i(count_frames_i), .stream_i(stream_i), .frames_i(sequence_frames_i),
      .restart_i(restart_sequences_i), .dropped_o(dropped_o), .clear_errors_i(clear_errors_i),
      .error_frame_o(error_frame_o), .error_stream_o(error_stream_o)
  );

  erngen_accelerator_input_store #(
      .K(K), .A(A), .SX(SX), .MODE(INPUT_MODE), .GUARD(INPUT_GUARD), .DROP(DROP), .COLUMNS(COLUMNS), .CONTEXTS(CONTEXTS),
      .ROWS(INPUT_ROWS), .DEPTH(INPUT_DEPTH), .INDEX_BITS(INDEX_BITS), .PORTS(INPUT_PORTS), .LAST_BLOCKS(LAST_BLOCKS),
      .EARLY(EARLY), .TWIDDLES(TWIDDLES), .ADDERS(ADDERS), .ROTATION(ROTATION), .SMALL(SMALL)
  ) u_store (
      .clk(clk), .rst_i(rst_i), .block_valid_i(in_valid), .block_ready_o(in_ready), .block_data_i(in_data),
      .block_index_i(in_index), .block_last_i(in_last), .block_user_i(in_user), .block_broken_i(in_broken), .block_stream_i(in_stream),
      .write_o(write_o), .write_lane_o(write_lane_o), .write_row_o(write_row_o), .write_data_o(write_data_o),
      .pending_o(pending_o), .bank_o(bank_o), .user_o(user_o), .take_i(take_i), .release_i(release_i)
  );
endmodule

`default_nettype wire
