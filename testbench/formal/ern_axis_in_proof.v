// Proof: what lies between two tlasts is a frame; the frames of the right length with one known tid, and no others, come out, in order, with
// their elements, stream and mark; and each other one is reported.
//
// Parameters: K, BEAT, SIZE, STREAMS; A bits an element; COUNT 1: tlast is ignored, every ceil(SIZE / BEAT) beats are a frame.
// Method:     element number `place` of good frame number `number`, both any, is remembered on its way in and compared on its way out. Resets
//             at any time.
`default_nettype none

module ern_axis_in_proof #(
    parameter K = 2,
    parameter BEAT = 1,
    parameter SIZE = 3,
    parameter STREAMS = 3,
    parameter A = 2,
    parameter COUNT = 0,
    parameter ID_BITS = (STREAMS > 1) ? $clog2(STREAMS) : 1
) (
    input wire              clk,
    input wire              rst,
    input wire              tvalid,
    input wire [BEAT*A-1:0] tdata,
    input wire              tlast,
    input wire              tuser,
    input wire [ID_BITS-1:0] tid,
    input wire              take
);
  localparam BLOCKS = (SIZE + K - 1) / K;
  localparam BEATS = (SIZE + BEAT - 1) / BEAT;
  localparam INDEX_BITS = (BLOCKS > 1) ? $clog2(BLOCKS) : 1;
  wire tready, b_valid, b_last, b_user, b_broken, dropped, error_frame, error_stream;
  wire [K*A-1:0] b_data;
  wire [INDEX_BITS-1:0] b_index;
  wire [ID_BITS-1:0] b_stream;
  ern_axis_in #(.K(K), .A(A), .ELEMENT_BITS(A), .BEAT(BEAT), .SIZE(SIZE), .STREAMS(STREAMS)) u_dut (
      .clk(clk), .rst_i(rst), .tvalid_i(tvalid), .tready_o(tready), .tdata_i(tdata), .tlast_i(tlast), .tuser_i(tuser), .tid_i(tid),
      .block_valid_o(b_valid), .block_ready_i(take), .block_data_o(b_data), .block_index_o(b_index), .block_last_o(b_last),
      .block_user_o(b_user), .block_broken_o(b_broken), .block_stream_o(b_stream), .count_frames_i(COUNT != 0), .stream_i({ID_BITS{1'b0}}),
      .frames_i(16'd0), .restart_i(1'b0), .dropped_o(dropped),
      .clear_errors_i(1'b0), .error_frame_o(error_frame), .error_stream_o(error_stream));

  reg begun = 1'b0;
  always @(posedge clk) begun <= 1'b1;
  always @(posedge clk) if (!begun) assume (rst);
  reg held = 1'b0;
  reg [BEAT*A+ID_BITS+1:0] seen;
  always @(posedge clk) begin
    held <= !rst && tvalid && !tready;
    seen <= {tdata, tlast, tuser, tid};
    if (held) assume (rst || (tvalid && {tdata, tlast, tuser, tid} == seen));
  end

  (* anyconst *) reg [2:0] number;
  (* anyconst *) reg [3:0] place;
  always @(posedge clk) assume (place < SIZE);

  // --- in
  localparam [3:0] LAST = BEATS - 1;
  reg [3:0] beat_q;        // beats of the frame so far, at most BEATS + 1
  reg [ID_BITS-1:0] id_q;
  reg turned_q;
  reg [A-1:0] element_q;   // of the frame that arrives
  reg [2:0] good_q;
  reg [3:0] bad_q, reported_q;
  reg known_q;
  reg [A+ID_BITS:0] word_q;
  reg [3:0] bad_before_q;
  wire in = tvalid && tready && !rst;
  wire [ID_BITS-1:0] id = (beat_q == 0) ? tid : id_q;
  wire turned = (beat_q != 0 && turned_q) || tid != id;
  wire [A-1:0] element = (place / BEAT == beat_q) ? tdata[(place%BEAT)*A+:A] : element_q;
  wire ends = (COUNT != 0) ? beat_q == LAST : tlast;
  wire good = ends && beat_q == LAST && !turned && {1'b0, id} < STREAMS;
  always @(posedge clk)
    if (rst) begin
      beat_q <= 0;
      good_q <= 0;
      bad_q <= 0;
      known_q <= 1'b0;
    end else if (in) begin
      beat_q <= ends ? 4'd0 : (beat_q > LAST) ? beat_q : beat_q + 4'd1;
      id_q <= id;
      turned_q <= turned;
      element_q <= element;
      if (good) good_q <= good_q + 1'b1;
      if (ends && !good) bad_q <= bad_q + 1'b1;
      if (good && good_q == number) begin
        known_q <= 1'b1;
        word_q <= {element, id, tuser};
        bad_before_q <= bad_q;
      end
    end

  // --- out
  reg [3:0] block_q;
  reg [A-1:0] got_q;
  reg [2:0] out_q;
  wire out = b_valid && take && !rst;
  wire [A-1:0] got = (place / K == block_q) ? b_data[(place%K)*A+:A] : got_q;
  wire whole = out && b_last && !b_broken;
  always @(posedge clk)
    if (rst) begin
      block_q <= 0;
      out_q <= 0;
      reported_q <= 0;
    end else begin
      if (out) begin
        block_q <= b_last ? 4'd0 : block_q + 4'd1;
        got_q <= got;
        if (whole) out_q <= out_q + 1'b1;
      end
      if (dropped) reported_q <= reported_q + 1'b1;
    end
  wire [3:0] excess = bad_q + (beat_q > LAST) - reported_q;
  reg settled_q;   // the bad frames before number `number` have been reported
  always @(posedge clk) settled_q <= !rst && !(in && good && good_q == number) && (settled_q || reported_q == bad_before_q);
  always @(posedge clk)
    if (begun && !rst) begin
      if (out) assert (b_index == block_q && block_q < BLOCKS);
      if (whole) assert (out_q != good_q && block_q == BLOCKS - 1);
      if (whole && out_q == number) assert (known_q && {got, b_stream, b_user} == word_q);
      assert (excess < 4'd8);                                                          // nothing is reported that was not bad
      if (whole && out_q == number) assert (settled_q || reported_q == bad_before_q);      // all bad ones before it are
      cover (whole && out_q == 2 && reported_q == 1);
    end
endmodule

`default_nettype wire
