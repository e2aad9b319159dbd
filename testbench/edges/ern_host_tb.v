// ern_host_tb: the time in which what a host wrote is on its way: states that are written lie so far apart, a reset by the host comes so much later,
// with the engine halted until then; and a reset in each of these cycles ends all that.
//
// Parameters: STAGES of ern_host; SEED. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_host_tb;
  parameter STAGES = 2;
  parameter SEED = 1;
  localparam K = 4, CONTEXTS = 2;
  localparam SETTLE = 31 + STAGES, BUS = 12;   // BUS: cycles that an access takes at most
  localparam [15:0] CONTROL = 16'h000c, STATE_COMMAND = 16'h0030;

  reg clk = 1'b0;
  reg rst = 1'b1;
  reg valid_aw = 1'b0, valid_w = 1'b0;
  reg [15:0] address = 16'd0;
  reg [31:0] data = 32'd0;
  wire ready_aw, ready_w, answer, soft_reset, keep_state, halt, write_vector;
  wire [1:0] response;
  ern_host #(.K(K), .STAGES(STAGES), .CONTEXTS(CONTEXTS)) u_dut (
      .clk(clk), .rst_i(rst), .awaddr_i(address), .awvalid_i(valid_aw), .awready_o(ready_aw), .wdata_i(data), .wstrb_i(4'hf),
      .wvalid_i(valid_w), .wready_o(ready_w), .bresp_o(response), .bvalid_o(answer), .bready_i(1'b1), .araddr_i(16'd0), .arvalid_i(1'b0),
      .arready_o(), .rdata_o(), .rresp_o(), .rvalid_o(), .rready_i(1'b1), .interrupt_o(), .soft_reset_o(soft_reset),
      .keep_state_o(keep_state), .count_frames_o(), .stream_o(), .sequence_frames_o(), .restart_sequences_o(), .dropped_i(1'b0),
      .error_frame_i(1'b0), .error_stream_i(1'b0), .clear_errors_o(), .error_queue_i(1'b0), .halt_o(halt), .clear_state_o(),
      .state_written_o(), .idle_i(1'b1), .parity_i(2'b0), .fresh_i(2'b0), .load_o(), .load_lane_o(), .load_row_o(), .load_data_o(),
      .constants_o(), .frame_done_i(1'b0), .frame_sent_i(1'b0), .sequence_sent_i(1'b0), .error_overflow_i(1'b0), .host_read_o(),
      .host_tile_o(), .host_vector_i({K * 12{1'b0}}), .host_cell_i({K * 16{1'b0}}), .host_write_cell_o(), .host_cell_o(),
      .host_write_vector_o(write_vector), .host_tag_o(), .host_vector_o(), .host_spectrum_i({K * 16{1'b0}}), .host_write_spectrum_o(),
      .host_spectrum_o()
  );
  always #5 clk = ~clk;

  reg failed = 1'b0;
  task fail(input [8*60-1:0] text);
    begin
      if (!failed) $display("FAIL %0s at %0d", text, $time);
      failed = 1'b1;
    end
  endtask

  // What was seen: cycles since a vector was written, and since an engine was halted by a request.
  integer since = 0, vectors = 0, resets = 0, halted = 0;
  always @(negedge clk) begin
    #1 since = since + 1;
    if (!rst) begin
      if (write_vector === 1'b1) begin
        vectors = vectors + 1;
        if (vectors > 1 && since <= SETTLE) fail("two states too close");
        if (vectors > 1 && since > SETTLE + BUS) fail("the bus waits too long");
        since = 0;
      end
      halted = halt === 1'b1 ? halted + 1 : 0;
      if (soft_reset !== 1'b0) begin
        resets = resets + 1;
        if (halt !== 1'b1) fail("a reset of a running engine");
      end
      if (keep_state !== (soft_reset & keep)) fail("states are kept, or are not");
    end
  end

  reg keep = 1'b0;
  reg took_aw, took_w;
  integer taken;
  task write(input [15:0] to, input [31:0] word);
    begin
      @(negedge clk) address = to;
      data = word;
      valid_aw = 1'b1;
      valid_w = 1'b1;
      taken = 0;
      while (valid_aw || valid_w || answer !== 1'b1) begin
        #2;
        @(posedge clk) taken = taken + 1;
        {took_aw, took_w} = {valid_aw & ready_aw, valid_w & ready_w};
        #1 if (took_aw === 1'b1) valid_aw = 1'b0;
        if (took_w === 1'b1) valid_w = 1'b0;
        @(negedge clk);
        if (taken > 300) begin
          fail("no answer");
          valid_aw = 1'b0;
          valid_w = 1'b0;
          disable write;
        end
      end
      if (response !== 2'b00) fail("an access is refused");
    end
  endtask

  integer n, how;
  initial begin
    repeat (3) @(negedge clk);
    rst = 1'b0;
    write(CONTROL, 1);
    for (n = 0; n < 4; n = n + 1) write(STATE_COMMAND, 32'h001);
    if (vectors != 4) fail("a state is not written");
    // Resets by the host: of a running engine, of a halted one, of one that keeps its states.
    for (how = 0; how < 3; how = how + 1) begin
      keep = how == 2;
      resets = 0;
      write(CONTROL, how == 0 ? 0 : 1);
      repeat (2 * SETTLE) @(negedge clk);
      halted = 0;
      write(CONTROL, how == 0 ? 2 : how == 1 ? 3 : 7);
      n = 0;
      while (resets == 0 && n < 2 * SETTLE) begin
        @(negedge clk);
        #2 n = n + 1;
      end
      if (how == 0 && halted != SETTLE + 1) fail("the time before a reset");
      repeat (2 * SETTLE) @(negedge clk);
      if (resets != 1) fail("one reset");
      if (halt !== (how != 0)) fail("halted behind a reset");
    end
    // A reset of one cycle in each cycle of those ways.
    for (how = 0; how < 2; how = how + 1)
      for (n = 0; n < SETTLE + 4; n = n + 1) begin
        write(CONTROL, 1);
        keep = 1'b0;
        if (how == 0) write(CONTROL, 3);
        else write(STATE_COMMAND, 32'h001);
        repeat (n) @(negedge clk);
        rst = 1'b1;
        @(negedge clk);
        #2 rst = 1'b0;
        resets = 0;
        vectors = 0;
        #1 if (halt !== 1'b0) fail("halted by a reset");
        write(CONTROL, 0);
        if (taken > BUS) fail("the bus waits behind a reset");
        repeat (SETTLE + 4) @(negedge clk);
        if (resets != 0 || halt !== 1'b0) fail("what was before a reset comes after it");
      end
    if (!failed) $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
