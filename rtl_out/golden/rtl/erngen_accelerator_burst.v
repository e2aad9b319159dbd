// erngen_accelerator_burst: one pass's readout, a row group a cycle.
//
// Purpose:    The array's stages finish one cycle after another. This turns the start of a readout into `stages`
//             consecutive valid cycles that carry the pass's tag.
// Parameters: TAG_WIDTH >= 1.
// Latency:    0 cycles: start_i and the first valid_o are in the same cycle.
// Rounding:   none.
// Overflow:   required: a start comes at least `stages` cycles after the previous one (the planner's duty).
`default_nettype none

module erngen_accelerator_burst #(
    parameter TAG_WIDTH = 8
) (
    input  wire                 clk,
    input  wire                 rst_i,
    input  wire [          7:0] stages_i,   // 0: nothing; else start a readout of so many cycles
    input  wire [TAG_WIDTH-1:0] tag_i,
    output wire                 valid_o,
    output wire                 first_o,
    output wire [TAG_WIDTH-1:0] tag_o
);
  reg [7:0] left_q;
  reg [TAG_WIDTH-1:0] tag_q;
  assign first_o = stages_i != 8'd0;
  assign valid_o = first_o || left_q != 8'd0;
  assign tag_o = first_o ? tag_i : tag_q;
  always @(posedge clk) begin
    if (rst_i) left_q <= 8'd0;
    else if (first_o) left_q <= stages_i - 8'd1;
    else if (left_q != 8'd0) left_q <= left_q - 8'd1;
    if (first_o) tag_q <= tag_i;
  end

`ifdef ERN_SIMULATION
  erngen_accelerator_assert u_alone (.clk(clk), .rst_i(rst_i), .holds_i(!first_o || left_q == 8'd0));
`endif
endmodule

`default_nettype wire
