// Proof: what goes into a valid/ready channel comes out once, in order, and nothing else; a word that is offered stays.
//
// Parameters: FIFO 0 for ern_skid, 1 for ern_fifo of DEPTH words; WIDTH.
// Method:     word number n, any n modulo 2^COUNT, is remembered when it goes in and compared when word number n comes out. Fewer words than
//             2^COUNT are in flight, so the numbers say which is which. Resets at any time.
`default_nettype none

module ern_channel_proof #(
    parameter FIFO  = 0,
    parameter WIDTH = 2,
    parameter DEPTH = 2,
    parameter COUNT = 3
) (
    input wire             clk,
    input wire             rst,
    input wire             valid_in,
    input wire [WIDTH-1:0] data_in,
    input wire             ready_in
);
  wire valid, ready;
  wire [WIDTH-1:0] data;
  generate
    if (FIFO != 0) begin : g_fifo
      wire [$clog2(DEPTH+3)-1:0] count;
      ern_fifo #(.WIDTH(WIDTH), .DEPTH(DEPTH)) u_dut (
          .clk(clk), .rst_i(rst), .valid_i(valid_in), .ready_o(ready), .data_i(data_in), .valid_o(valid), .ready_i(ready_in),
          .data_o(data), .count_o(count));
      always @(posedge clk) if (!rst) cover (count == DEPTH + 2);
    end else begin : g_skid
      ern_skid #(.WIDTH(WIDTH)) u_dut (
          .clk(clk), .rst_i(rst), .valid_i(valid_in), .ready_o(ready), .data_i(data_in), .valid_o(valid), .ready_i(ready_in),
          .data_o(data));
    end
  endgenerate

  reg begun = 1'b0;
  always @(posedge clk) begun <= 1'b1;
  always @(posedge clk) if (!begun) assume (rst);

  (* anyconst *) reg [COUNT-1:0] number;
  reg [COUNT-1:0] in_q, out_q;
  reg known_q;
  reg [WIDTH-1:0] word_q;
  wire in = valid_in && ready && !rst;
  wire out = valid && ready_in && !rst;
  always @(posedge clk)
    if (rst) begin
      in_q <= 0;
      out_q <= 0;
      known_q <= 1'b0;
    end else begin
      if (in) in_q <= in_q + 1'b1;
      if (out) out_q <= out_q + 1'b1;
      if (in && in_q == number) begin
        known_q <= 1'b1;
        word_q <= data_in;
      end
    end
  always @(posedge clk)
    if (begun && !rst) begin
      if (valid) assert (in_q != out_q);                                       // nothing that has not gone in
      if (valid && out_q == number) assert (known_q && data == word_q);        // the right one
      cover (out && out_q == 5 && in);
      cover (!ready && valid);
    end
endmodule

`default_nettype wire
