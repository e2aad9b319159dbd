// ern_control_tb: what a reset of one cycle leaves of a state that is being read, in each cycle of the access: nothing.
//
// Parameters: K, HW of ern_control; SEED. Prints PASS or the first FAIL.
`default_nettype none
`timescale 1ns / 1ns

module ern_control_tb;
  parameter K = 4;
  parameter HW = 12;
  parameter SEED = 1;
  localparam [15:0] CONTROL = 16'h000c, STATE_FLAGS = 16'h002c, STATE_COMMAND = 16'h0030, WINDOW = 16'h0400;

  reg clk = 1'b0;
  reg rst = 1'b1;
  reg wr_valid = 1'b0, rd_valid = 1'b0;
  reg [15:0] wr_addr = 16'd0, rd_addr = 16'd0;
  reg [31:0] wr_data = 32'd0;
  reg [3:0] wr_strb = 4'hf;
  wire [31:0] rd_data;
  wire error;
  reg [K*HW-1:0] vector;
  ern_control #(.K(K), .HW(HW), .CONTEXTS(2)) u_dut (
      .clk(clk), .rst_i(rst), .wr_valid_i(wr_valid), .wr_addr_i(wr_addr), .wr_data_i(wr_data), .wr_strb_i(wr_strb), .rd_valid_i(rd_valid),
      .rd_addr_i(rd_addr), .rd_data_o(rd_data), .error_o(error), .idle_i(1'b1), .frame_done_i(1'b0), .error_frame_i(1'b0),
      .error_stream_i(1'b0), .error_overflow_i(1'b0), .error_queue_i(1'b0), .clear_errors_o(), .dropped_i(1'b0), .frame_sent_i(1'b0),
      .sequence_sent_i(1'b0), .interrupt_o(), .reset_request_o(), .keep_request_o(), .soft_reset_i(1'b0), .count_frames_o(), .stream_o(),
      .sequence_frames_o(), .restart_sequences_o(), .halt_o(), .parity_i(2'b0), .fresh_i(2'b0), .clear_state_o(), .state_written_o(),
      .host_read_o(), .host_tile_o(), .host_vector_i(vector), .host_cell_i({K * 16{1'b0}}), .host_write_cell_o(), .host_cell_o(),
      .host_write_vector_o(), .host_tag_o(), .host_vector_o(), .host_spectrum_i({K * 16{1'b0}}), .host_write_spectrum_o(),
      .host_spectrum_o(), .load_o(), .load_lane_o(), .load_row_o(), .load_data_o(), .load_constants_o(), .load_constants_data_o()
  );
  always #5 clk = ~clk;

  integer seed = SEED;
  reg failed = 1'b0;
  task fail(input [8*60-1:0] text);
    begin
      if (!failed) $display("FAIL %0s at %0d", text, $time);
      failed = 1'b1;
    end
  endtask

  // As ern_axil drives the bus: address and data a cycle before valid, and until the answer.
  task write(input [15:0] address, input [31:0] data);
    begin
      @(negedge clk) wr_addr = address;
      wr_data = data;
      @(negedge clk) wr_valid = 1'b1;
      @(negedge clk) wr_valid = 1'b0;
      repeat (4) @(negedge clk);
    end
  endtask
  task expect(input [15:0] address, input [31:0] data);
    begin
      @(negedge clk) rd_addr = address;
      @(negedge clk) rd_valid = 1'b1;
      @(negedge clk) rd_valid = 1'b0;
      repeat (4) @(negedge clk);
      if (rd_data !== data || error !== 1'b0) fail("a word of the registers");
    end
  endtask

  integer cycle, n;
  reg [31:0] flags;
  initial begin
    for (cycle = 0; cycle < 16; cycle = cycle + 1) begin
      repeat (3) @(negedge clk);
      rst = 1'b0;
      for (n = 0; n < K; n = n + 1) vector[n*HW+:HW] = $random(seed) | 1;
      flags = {$random(seed)} & 32'h3ffff;
      write(STATE_FLAGS, flags);
      expect(STATE_FLAGS, flags);
      write(CONTROL, 1);
      fork
        write(STATE_COMMAND, 32'h100);
        begin
          repeat (cycle) @(negedge clk);
          rst = cycle < 14;
          @(negedge clk) rst = 1'b0;
        end
      join
      repeat (8) @(negedge clk);
      for (n = 0; n < K; n = n + 1)
        expect(WINDOW + 4 * n, cycle < 14 ? 32'd0 : {{33 - HW{vector[n*HW+HW-1]}}, vector[n*HW+:HW-1]});
      expect(STATE_FLAGS, cycle < 14 ? 32'd0 : flags);
      rst = 1'b1;
    end
    if (!failed) $display("PASS");
    $finish;
  end
endmodule

`default_nettype wire
