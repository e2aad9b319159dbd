// erngen_accelerator_host: the engine's registers, through which a host reads and writes states and weights.
//
// Purpose:    Answers the bus. While a vector that the host wrote is on its way to the memories, or a reset that it asked for has not happened,
//             the next access waits.
// Parameters: those of erngen_accelerator_engine that it uses.
// Latency:    the plan's.
// Rounding:   docs/reference/arithmetic.md.
// Overflow:   docs/reference/arithmetic.md.
`default_nettype none

module erngen_accelerator_host #(
    parameter         K               = 8,
    parameter         STAGES          = 2,
    parameter         READOUT         = 1,
    parameter         COLUMNS         = 1,
    parameter         CONTEXTS        = 1,
    parameter         HW              = 12,
    parameter         W               = 12,
    parameter         LOADABLE        = 0,
    parameter         CB              = 1,
    parameter         CW              = 16,
    parameter         SX              = 16,
    parameter         SHORTCUT        = 0,
    parameter         STREAM_REGISTER = 0,
    parameter         SEQUENCE_REGISTER = 0,
    parameter [31:0]  VERSION         = 32'h00000100,
    parameter [31:0]  CONFIGURATION   = 32'h0,
    // Derived, not to be set.
    parameter         WB              = K*W+K/2-1,   // or what the lanes' form has
    parameter         TILE_TAG        = 83,
    parameter         ID_BITS         = (CONTEXTS > 1) ? $clog2(CONTEXTS) : 1
) (
    input  wire                clk,
    input  wire                rst_i,
    // registers
    input  wire [        15:0] awaddr_i,
    input  wire                awvalid_i,
    output wire                awready_o,
    input  wire [        31:0] wdata_i,
    input  wire [         3:0] wstrb_i,
    input  wire                wvalid_i,
    output wire                wready_o,
    output wire [         1:0] bresp_o,
    output wire                bvalid_o,
    input  wire                bready_i,
    input  wire [        15:0] araddr_i,
    input  wire                arvalid_i,
    output wire                arready_o,
    output wire [        31:0] rdata_o,
    output wire [         1:0] rresp_o,
    output wire                rvalid_o,
    input  wire                rready_i,
    output wire                interrupt_o,
    // with all rooms
    output wire                soft_reset_o,   // resets all but the registers and the weights
    output wire                keep_state_o,   // and but the states
    // with the front
    output wire                count_frames_o,
    output wire [ ID_BITS-1:0] stream_o,
    output wire [        15:0] sequence_frames_o,
    output wire                restart_sequences_o,
    input  wire                dropped_i,
    input  wire                error_frame_i,
    input  wire                error_stream_i,
    output wire                clear_errors_o,
    // with the core
    input  wire                error_queue_i,
    output wire                halt_o,   // admits no more
    output wire [CONTEXTS-1:0] clear_state_o,
    output wire [CONTEXTS-1:0] state_written_o,
    input  wire                idle_i,
    input  wire [CONTEXTS-1:0] parity_i,
    input  wire [CONTEXTS-1:0] fresh_i,
    output wire                load_o,
    output wire [        15:0] load_lane_o,
    output wire [        19:0] load_row_o,
    output wire [      WB-1:0] load_data_o,
    output wire [     CB+36:0] constants_o,   // load_i of erngen_accelerator_constants
    // with the back
    input  wire                frame_done_i,
    input  wire                frame_sent_i,
    input  wire                sequence_sent_i,
    input  wire                error_overflow_i,
    output wire                host_read_o,
    output wire [        15:0] host_tile_o,
    input  wire [    K*HW-1:0] host_vector_i,
    input  wire [    K*CW-1:0] host_cell_i,
    output wire                host_write_cell_o,
    output wire [    K*CW-1:0] host_cell_o,
    output wire                host_write_vector_o,
    output wire [TILE_TAG-1:0] host_tag_o,
    output wire [    K*HW-1:0] host_vector_o,
    input  wire [    K*SX-1:0] host_spectrum_i,
    output wire                host_write_spectrum_o,
    output wire [    K*SX-1:0] host_spectrum_o
);
  reg settling_q;   // what the host wrote is on its way
  reg resetting_q;  // so that the rooms can be reset
  wire halt;
  wire reset_request;
  wire keep_request;
  wire wr_valid;
  wire [15:0] wr_addr;
  wire [31:0] wr_data;
  wire [3:0] wr_strb;
  wire rd_valid;
  wire [15:0] rd_addr;
  wire [31:0] rd_data;
  wire bus_error;
  wire load_constants;
  wire [CB-1:0] load_constants_data;
  erngen_accelerator_axil #(.ADDRESS_BITS(16), .READ_LATENCY(4)) u_axil (
      .clk(clk), .rst_i(rst_i), .awaddr_i(awaddr_i), .awvalid_i(awvalid_i), .awready_o(awready_o), .wdata_i(wdata_i),
      .wstrb_i(wstrb_i), .wvalid_i(wvalid_i), .wready_o(wready_o), .bresp_o(bresp_o), .bvalid_o(bvalid_o),
      .bready_i(bready_i), .araddr_i(araddr_i), .arvalid_i(arvalid_i), .arready_o(arready_o), .rdata_o(rdata_o),
      .rresp_o(rresp_o), .rvalid_o(rvalid_o), .rready_i(rready_i), .busy_i(settling_q), .wr_valid_o(wr_valid),
      .wr_addr_o(wr_addr), .wr_data_o(wr_data), .wr_strb_o(wr_strb), .rd_valid_o(rd_valid), .rd_addr_o(rd_addr),
      .rd_data_i(rd_data), .error_i(bus_error)
  );
  localparam [31:0] SHAPE_K = K;
  localparam [31:0] SHAPE_R = STAGES * READOUT;
  localparam [31:0] SHAPE_C = COLUMNS;
  localparam [31:0] SHAPE_S = CONTEXTS;
  erngen_accelerator_control #(
      .K(K), .HW(HW), .CW(CW), .SX(SX), .SHORTCUT(SHORTCUT), .WB(WB), .LOADABLE(LOADABLE), .CB(CB), .CONTEXTS(CONTEXTS),
      .STREAM_REGISTER(STREAM_REGISTER),
      .SEQUENCE_REGISTER(SEQUENCE_REGISTER), .VERSION(VERSION), .CONFIGURATION(CONFIGURATION),
      .SHAPE({SHAPE_S[7:0], SHAPE_C[7:0], SHAPE_R[7:0], SHAPE_K[7:0]})
  ) u_control (
      .clk(clk), .rst_i(rst_i), .wr_valid_i(wr_valid), .wr_addr_i(wr_addr), .wr_data_i(wr_data), .wr_strb_i(wr_strb), .rd_valid_i(rd_valid),
      .rd_addr_i(rd_addr), .rd_data_o(rd_data), .error_o(bus_error), .idle_i(idle_i),
      .frame_done_i(frame_done_i), .error_frame_i(error_frame_i), .error_stream_i(error_stream_i),
      .error_overflow_i(error_overflow_i), .error_queue_i(error_queue_i), .frame_sent_i(frame_sent_i), .sequence_sent_i(sequence_sent_i),
      .dropped_i(dropped_i), .interrupt_o(interrupt_o), .soft_reset_i(soft_reset_o), .reset_request_o(reset_request), .keep_request_o(keep_request),
      .count_frames_o(count_frames_o), .stream_o(stream_o), .sequence_frames_o(sequence_frames_o),
      .restart_sequences_o(restart_sequences_o), .clear_errors_o(clear_errors_o), .halt_o(halt), .parity_i(parity_i), .fresh_i(fresh_i),
      .clear_state_o(clear_state_o), .state_written_o(state_written_o), .host_read_o(host_read_o), .host_tile_o(host_tile_o),
      .host_vector_i(host_vector_i), .host_cell_i(host_cell_i), .host_write_cell_o(host_write_cell_o),
      .host_cell_o(host_cell_o), .host_write_vector_o(host_write_vector_o), .host_tag_o(host_tag_o),
      .host_vector_o(host_vector_o), .host_spectrum_i(host_spectrum_i), .host_write_spectrum_o(host_write_spectrum_o),
      .host_spectrum_o(host_spectrum_o), .load_o(load_o), .load_lane_o(load_lane_o), .load_row_o(load_row_o), .load_data_o(load_data_o),
      .load_constants_o(load_constants), .load_constants_data_o(load_constants_data)
  );
  assign constants_o = {load_constants, load_lane_o, load_row_o, load_constants_data};

  // A block that the host writes passes the longest transform (15 cycles) before a frame may read it, or the host write its spectrum; a row of
  // weights passes all stages before the rooms may be reset. Meanwhile nothing is admitted: a reset that keeps the states finds the engine idle.
  localparam SETTLE = 31 + STAGES;
  localparam SETTLE_BITS = $clog2(SETTLE + 1);
  localparam [31:0] SETTLE_32 = SETTLE;
  reg [SETTLE_BITS-1:0] settle_q;   // zero when not settling
  reg keep_q;
  reg last_q;   // settle_q is 1
  always @(posedge clk) begin
    if (rst_i) begin
      settle_q <= {SETTLE_BITS{1'b0}};
      settling_q <= 1'b0;
      resetting_q <= 1'b0;
      last_q <= 1'b0;
    end else if (host_write_vector_o || reset_request) begin
      settle_q <= SETTLE_32[SETTLE_BITS-1:0];
      settling_q <= 1'b1;
      resetting_q <= reset_request;
      last_q <= 1'b0;
    end else if (settling_q) begin
      settle_q <= settle_q - 1'b1;
      settling_q <= !last_q;
      resetting_q <= resetting_q && !last_q;
      last_q <= settle_q == {{SETTLE_BITS - 2{1'b0}}, 2'd2};
    end
    if (reset_request) keep_q <= keep_request;
  end
  assign halt_o = halt || resetting_q || reset_request;
  assign soft_reset_o = resetting_q && last_q;
  assign keep_state_o = soft_reset_o && keep_q;
endmodule

`default_nettype wire
