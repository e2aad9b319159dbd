// Proof: the elements of a frame leave in order, once, in beats that are marked and padded as documented, with the frame's stream and mark; an engine
// that reserves never finds the buffer full.
//
// Parameters: K, BEAT, SIZE, STREAMS, CAPACITY; A bits an element.
// Method:     element number `place` of frame number `number`, both any, is remembered on its way in and compared on its way out. The engine reserves
//             when there is room, and sends the blocks of reserved frames at any pace. Resets at any time.
`default_nettype none

module ern_axis_out_proof #(
    parameter K = 2,
    parameter BEAT = 2,
    parameter SIZE = 3,
    parameter STREAMS = 2,
    parameter CAPACITY = 2,
    parameter A = 2,
    parameter ID_BITS = (STREAMS > 1) ? $clog2(STREAMS) : 1
) (
    input wire               clk,
    input wire               rst,
    input wire               want,       // to reserve
    input wire               send,       // a block
    input wire [    K*A-1:0] data,
    input wire               user,
    input wire [ID_BITS-1:0] stream,
    input wire               tready
);
  localparam [3:0] BLOCKS = (SIZE + K - 1) / K;
  localparam [3:0] BEATS = (SIZE + BEAT - 1) / BEAT;
  wire room, overflow, tvalid, tlast, tuser;
  wire [BEAT*(A+1)-1:0] tdata;
  wire [ID_BITS-1:0] tid;
  reg [3:0] owed_q, block_q;   // frames that are reserved and not complete; blocks of the one that is sent
  wire reserve = want && room && owed_q != 4'd15;
  wire valid = send && owed_q != 4'd0;
  wire last = block_q == BLOCKS - 1;
  ern_axis_out #(.K(K), .A(A), .ELEMENT_BITS(A + 1), .BEAT(BEAT), .SIZE(SIZE), .STREAMS(STREAMS), .CAPACITY(CAPACITY)) u_dut (
      .clk(clk), .rst_i(rst), .block_valid_i(valid), .block_data_i(data), .block_last_i(last), .block_user_i(user), .block_stream_i(stream),
      .room_o(room), .reserve_i(reserve), .clear_errors_i(1'b0), .overflow_o(overflow), .tvalid_o(tvalid), .tready_i(tready),
      .tdata_o(tdata), .tkeep_o(), .tlast_o(tlast), .frame_last_o(), .tuser_o(tuser), .tid_o(tid));

  reg begun = 1'b0;
  always @(posedge clk) begun <= 1'b1;
  always @(posedge clk) if (!begun) assume (rst);

  (* anyconst *) reg [3:0] number;
  (* anyconst *) reg [3:0] place;
  always @(posedge clk) assume (place < SIZE);
  reg [3:0] in_q, out_q, beat_q;
  reg [ID_BITS-1:0] stream_q;   // of the frame that is sent
  reg known_q;
  reg [A-1:0] element_q, got_q;
  reg [A+ID_BITS:0] word_q;
  wire [A-1:0] element = (place / K == block_q) ? data[(place%K)*A+:A] : element_q;
  always @(posedge clk) if (block_q != 0) assume (stream == stream_q);
  always @(posedge clk)
    if (rst) begin
      {owed_q, block_q, in_q} <= 12'd0;
      known_q <= 1'b0;
    end else begin
      owed_q <= owed_q + reserve - (valid && last);
      if (valid) begin
        block_q <= last ? 4'd0 : block_q + 1'b1;
        element_q <= element;
        stream_q <= stream;
        if (last) in_q <= in_q + 1'b1;
        if (last && in_q == number) begin
          known_q <= 1'b1;
          word_q <= {element, stream, user};
        end
      end
    end

  wire out = tvalid && tready && !rst;
  wire [A:0] lane = tdata[(place%BEAT)*(A+1)+:A+1];
  wire [A-1:0] got = (place / BEAT == beat_q) ? lane[A-1:0] : got_q;
  always @(posedge clk)
    if (rst) {out_q, beat_q} <= 8'd0;
    else if (out) begin
      beat_q <= tlast ? 4'd0 : beat_q + 1'b1;
      got_q <= got;
      if (tlast) out_q <= out_q + 1'b1;
    end
  integer e;
  always @(posedge clk)
    if (begun && !rst) begin
      assert (!overflow);
      if (tvalid) begin
        assert (tlast == (beat_q == BEATS - 1));
        assert (tlast || !tuser);
        if (place / BEAT == beat_q) assert (lane[A] == lane[A-1]);
        for (e = 0; e < BEAT; e = e + 1) if (tlast && (BEATS - 1) * BEAT + e >= SIZE) assert (tdata[e*(A+1)+:A+1] == 0);
      end
      if (tvalid && tlast) assert (out_q != in_q);
      if (tvalid && tlast && out_q == number) assert (known_q && {got, tid, tuser} == word_q);
      cover (out && tlast && tuser && out_q == 3);
      cover (!room && owed_q == 0 && tvalid && tlast);
    end
endmodule

`default_nettype wire
